// The grip between chat and panel: drag it, or move it with the arrow keys.
const KEPT = "console-panel-width";

export function resizable(grip) {
  const [least, most] = [Number(grip.ariaValueMin), Number(grip.ariaValueMax)];

  function set(width) {
    const kept = Math.round(Math.min(most, Math.max(least, width)));
    grip.ariaValueNow = kept;
    document.documentElement.style.setProperty("--panel-width", `${kept}px`);
    localStorage.setItem(KEPT, kept);
  }

  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    event.preventDefault();
    grip.focus();
    // A frame of another site would swallow the pointer, captured or not.
    document.body.classList.add("dragging");
  });
  grip.addEventListener("lostpointercapture", () => document.body.classList.remove("dragging"));
  grip.addEventListener("pointermove", (event) => {
    if (grip.hasPointerCapture(event.pointerId))
      set(innerWidth - event.clientX - grip.offsetWidth / 2);
  });
  grip.addEventListener("dblclick", () => set(340));
  grip.addEventListener("keydown", (event) => {
    const now = Number(grip.ariaValueNow);
    const next = { ArrowLeft: now + 20, ArrowRight: now - 20, Home: least, End: most }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    set(next);
  });
  const kept = Number(localStorage.getItem(KEPT));
  if (kept) set(kept);
}
