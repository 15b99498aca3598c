// What a page gives out is copied by its button, which is there for nobody whose browser cannot.
for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(
      document.getElementById(button.dataset.copy).textContent.trim(),
    );
    button.textContent = button.dataset.done;
  });
}
// What is typed is understood while it is typed, and said below the field.
for (const field of document.querySelectorAll("[data-live]"))
  field.addEventListener("input", async () => {
    const text = field.value;
    const answer =
      text &&
      (await fetch(`${field.dataset.live}?${new URLSearchParams({ text })}`).catch(() => 0));
    const said = answer?.ok && !answer.redirected ? await answer.text() : "";
    if (text === field.value) document.getElementById(`${field.id}-live`).textContent = said;
  });
