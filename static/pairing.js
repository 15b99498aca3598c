// Who the attendant proved to be is kept by this browser, for this console; where it may keep nothing, by the page.
(() => {
  const page = document.body.dataset;
  const name = `vinculo:${page.place}`;
  const kept = (act) => {
    try {
      return act(localStorage) ?? "";
    } catch {
      return ""; // a sandbox without storage
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
