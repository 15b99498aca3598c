// Who the attendant proved to be is kept by this browser, for this console.
(() => {
  const page = document.body.dataset;
  const name = `vinculo:${page.place}`;
  const kept = (act) => {
    try {
      return act(localStorage) ?? "";
    } catch {
      return ""; // a frame without storage: then a cookie does it, or the page as long as it lives
    }
  };
  page.pairing = kept((storage) => storage.getItem(name));

  document.addEventListener("htmx:beforeSwap", ({ detail: { xhr } }) => {
    const secret = xhr.getResponseHeader("X-Pairing");
    if (!secret) return;
    page.pairing = secret;
    kept((storage) => storage.setItem(name, secret));
  });
})();
