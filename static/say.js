// What came onto the screen is said to who cannot see it, and the focus goes where one would go on.
(() => {
  let lines = []; // what was said of what is on its way: said once, however often it is looked at

  const heard = (text, inside) => {
    if (inside) lines.push(text);
    return text;
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target.isConnected ? event.detail.target : event.target;
    const before = lines;
    const all = [
      ...(target.matches("[data-say]") ? [target] : []),
      ...target.querySelectorAll("[data-say]"),
    ];
    if (target.querySelector("#pending") || target.id === "pending") lines = [];
    const said = all
      .map((e) => heard(e.textContent.trim(), e.closest("#pending")))
      .filter((text) => text && !before.includes(text));
    if (said.length) document.getElementById("say").textContent = said.join(" ");
    if (target.id !== "view" && target.id !== "tab") return;
    // Whoever is typing, there already or outside in the chat, keeps the place; whoever pressed for
    // this goes on in it.
    const at = document.activeElement;
    const pressed = at.id && at.id === event.detail.requestConfig?.elt.id;
    if (!document.hasFocus() || (target !== at && target.contains(at) && !pressed)) return;
    const focus =
      target.querySelector("[data-focus]") ??
      (target.id === "view" ? target.querySelector("h1") : target);
    // A tab that was clicked is on the screen: it stays under the hand.
    focus?.focus({ preventScroll: target.id === "tab" && focus === target });
  });
})();
