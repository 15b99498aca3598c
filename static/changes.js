// What the CRM tells differently than the card did a moment ago is marked, and said.
(() => {
  let shown;
  const facts = () => [...document.querySelectorAll("#card [data-fact]")];
  const told = (fact) =>
    (fact.matches("dd") ? `${fact.previousElementSibling.textContent}: ` : "") + fact.dataset.fact;

  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    if (target.id === "card") shown = new Set(facts().map(told));
  });

  document.addEventListener("htmx:afterSettle", () => {
    const changed = shown ? facts().filter((fact) => !shown.has(told(fact))) : [];
    shown = null;
    const mark = document.getElementById("changed").content;
    for (const fact of changed) fact.append(" ", mark.cloneNode(true));
    if (changed.length)
      document.getElementById("say").textContent = [mark.textContent, ...changed.map(told)].join(
        " ",
      );
  });
})();
