// What is typed stays under the hand while that above it, of the contact and of what is on its way,
// comes and goes.
(() => {
  let before;
  // On the root: htmx would copy a style of the lines' own to those that come after, which the
  // page's policy forbids.
  const place = (height) => document.documentElement.style.setProperty("--place", height);
  const top = (field) => field.getBoundingClientRect().top;

  document.addEventListener("htmx:beforeSwap", ({ detail: { target, shouldSwap } }) => {
    const field = document.activeElement;
    before = shouldSwap &&
      document.hasFocus() &&
      field.form &&
      !target.contains(field) && { field, at: top(field) };
  });

  // Not before: settling brings every style back to what was sent.
  document.addEventListener("htmx:afterSettle", (event) => {
    const lines = document.getElementById("pending");
    if (["tab", "view"].includes(event.detail.target.id)) place("");
    if (!before || !lines) return;
    scrollBy(0, top(before.field) - before.at);
    // Where nothing can be scrolled, the place of a line that has gone is kept until the form has
    // gone too.
    const up = before.at - top(before.field);
    if (up > 0) place(`${lines.offsetHeight + up}px`);
    before = null;
  });
})();
