// What is revealed to call, write or copy is used by the same key press; a value that was said goes
// with the card.
document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
  if (target.querySelector(".clear")) document.getElementById("say").textContent = "";
});
document.addEventListener("htmx:afterSettle", () => {
  document.querySelectorAll("[data-act]").forEach((act) => act.click(delete act.dataset.act));
});
