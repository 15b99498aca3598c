// What was revealed in order to call, write or copy is used by the same key press; what is masked again is not kept here.
(() => {
  let said = "";
  document.addEventListener("htmx:afterSettle", () => {
    const say = document.getElementById("say");
    if (document.querySelector(".clear")) said = document.querySelector(".clear[data-say]") ? say.textContent : said;
    else if (said && say.textContent === said) say.textContent = said = "";
    const wanted = document.querySelector("[data-act]");
    wanted?.removeAttribute("data-act");
    wanted?.click();
  });
})();
