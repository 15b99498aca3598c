// What is typed stays under the hand while the lines above it, of what is on its way, come and go.
(() => {
  let before;

  const typing = () => (document.hasFocus() && document.activeElement.form ? document.activeElement : null);

  document.addEventListener("htmx:beforeSwap", ({ detail: { target, shouldSwap } }) => {
    const field = target.id === "pending" && shouldSwap && typing();
    before = field && { field, top: field.getBoundingClientRect().top, height: target.offsetHeight };
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const lines = document.getElementById("pending");
    if (lines && event.detail.target.id === "tab") lines.style.minHeight = "";
    if (!before || !lines) return;
    // Their place is kept until the form has gone, also from the button that sends it; more than that is scrolled away.
    if (lines.offsetHeight < before.height) lines.style.minHeight = `${before.height}px`;
    else scrollBy(0, before.field.getBoundingClientRect().top - before.top);
    before = null;
  });
})();
