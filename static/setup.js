// What a page gives out is copied by its button, which is there for nobody whose browser cannot.
for (const button of document.querySelectorAll("[data-copy]")) {
 if (!navigator.clipboard) continue;
 button.hidden = false;
 button.addEventListener("click", async () => {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  button.textContent = button.dataset.done;
 });
}
