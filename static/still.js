// What is typed stays under the hand while that above it, of the contact and of what is on its way, comes and goes.
(() => {
  let before;
  const top = (field) => field.getBoundingClientRect().top;

  document.addEventListener("htmx:beforeSwap", ({ detail: { target, shouldSwap } }) => {
    const field = document.activeElement;
    before = shouldSwap && document.hasFocus() && field.form && !target.contains(field) && { field, at: top(field) };
  });

  // Not before: settling brings every style back to what was sent.
  document.addEventListener("htmx:afterSettle", (event) => {
    const lines = document.getElementById("pending");
    if (lines && event.detail.target.id === "tab") lines.style.minHeight = "";
    if (!before || !lines) return;
    scrollBy(0, top(before.field) - before.at);
    // Where nothing can be scrolled, the place of a line that has gone is kept until the form has gone too.
    const up = before.at - top(before.field);
    if (up > 0) lines.style.minHeight = `${lines.offsetHeight + up}px`;
    before = null;
  });
})();
