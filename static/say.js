// What came onto the screen is said to who cannot see it, and the focus goes where one would go on.
(() => {
  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target;
    const said = [...target.querySelectorAll("[data-say]")].map((e) => e.textContent.trim()).filter(Boolean);
    if (target.matches("[data-say]")) said.push(target.textContent.trim());
    if (said.length) document.getElementById("say").textContent = said.join(" ");
    if (target.id !== "view" && target.id !== "tab") return;
    // Whoever is typing, there already or outside in the chat, keeps the place.
    if (!document.hasFocus() || (target !== document.activeElement && target.contains(document.activeElement))) return;
    const focus = target.querySelector("[data-focus]") ?? (target.id === "view" ? target.querySelector("h1") : target);
    // A tab that was clicked is on the screen: it stays under the hand.
    focus?.focus({ preventScroll: target.id === "tab" && focus === target });
  });
})();
