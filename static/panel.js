// The session of the page: opens it with the console's context, carries the token, keeps what is
// typed.
(() => {
  const page = document.body.dataset;
  const by = (id) => document.getElementById(id);
  let token = "";
  let context = "";
  let conversation = ""; // its number in the console
  let talk = 0; // counts the conversations that were opened: token and answers are of one of them
  let owner = 0;

  const proof = () => ({ start: page.start, context, pairing: page.pairing ?? "" });
  // What it says already is not said again: a screen reader hears it once, and its button keeps
  // the focus.
  const tell = (name, what) => {
    const banner = by("banner");
    if (!banner.hidden && banner.dataset.name === name) return;
    banner.dataset.name = name;
    banner.replaceChildren(what);
    banner.hidden = false;
  };
  const show = (name) => tell(`${name}`, by(`gone-${name}`).content.cloneNode(true));
  const quiet = () => (by("banner").hidden = true);

  const open = () => {
    clearTimeout(silence);
    talk += 1;
    htmx.ajax("POST", `${page.panel}/context`, "#view");
  };
  const silence = setTimeout(
    () => by("view").replaceChildren(by("silent").content.cloneNode(true)),
    page.wait,
  );

  // What every console's script says: which conversation is open, what is known of it, the theme.
  document.addEventListener("vinculo:context", ({ detail }) => {
    if (detail.theme) document.documentElement.dataset.theme = detail.theme;
    const same = detail.conversation === conversation;
    const text = JSON.stringify(detail.context);
    if (!detail.conversation || (same && text === context)) return;
    context = text;
    conversation = detail.conversation;
    // The same conversation, told again a little richer: what is typed must not vanish.
    if (!same || !by("view").querySelector("form")) open();
  });

  const renew = async () => {
    const asked = { method: "POST", body: new URLSearchParams(proof()) };
    const answer = await fetch(`${page.panel}/token`, asked).catch(() => null);
    token = answer?.headers.get("X-Panel-Token") ?? "";
    owner = talk;
    show(token ? "renewed" : "closed");
  };

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest?.(selector);
    if (hit("[data-renew]")) renew();
    if (hit("[data-ask-again]")) {
      context = ""; // what comes counts as new, also where the console tells the same once more
      document.dispatchEvent(new Event("vinculo:ask"));
    }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-Panel-Token"] = token;
    event.detail.headers["X-Panel-Locale"] = document.documentElement.lang;
    if (event.detail.path.startsWith("/panel/")) Object.assign(event.detail.parameters, proof());
  });

  document.addEventListener("htmx:beforeSend", ({ detail }) => {
    detail.xhr.talk = detail.requestConfig.path.startsWith("/panel/") ? talk : owner;
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, elt, requestConfig, target } = event.detail;
    const saved = requestConfig?.verb === "post" && requestConfig.elt?.matches("form");
    const missed = () => saved && xhr.status > 401 && xhr.status !== 409 && show("missed");
    const lines = ["pending", "away"].includes(target.id); // asked for by itself, every few seconds
    // An answer for another conversation than the one that is open now shows and proves nothing.
    if (xhr.talk !== talk) {
      event.detail.shouldSwap = false;
      return missed();
    }
    token = xhr.getResponseHeader("X-Panel-Token") || token;
    owner = talk;
    if (xhr.status === 401 || xhr.status === 413) show(xhr.status);
    else if (["view", "tab"].includes(target.id) || by("banner").dataset.name === "offline")
      quiet();
    // Our own disk failed: what is typed on the screen is all there is of it.
    const full = xhr.status === 507 && (lines || document.querySelector("form"));
    if (full) {
      const drawn = document.createRange().createContextualFragment(xhr.response);
      tell("507", drawn.querySelector("[data-say] div"));
    }
    if (full || (lines && xhr.status >= 400)) {
      event.detail.shouldSwap = false;
      return;
    }
    // A late answer for a screen that has gone must not replace the one that came after it.
    const asker = requestConfig?.elt ?? elt;
    // A row of a list that was drawn anew meanwhile is still there, under its name.
    if (document.body.contains(asker) || (asker.matches(".result") && by(asker.id))) return;
    event.detail.shouldSwap = false;
    missed();
  });

  for (const end of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(end, () => show("offline"));
  }

  // What was typed in the last moment before the frame goes is sent as it goes.
  window.addEventListener("pagehide", () => {
    for (const mark of document.querySelectorAll("[data-draft]")) {
      const form = mark.closest("form");
      if (!form.dataset.touched) continue;
      fetch(mark.dataset.draft, {
        method: "POST",
        keepalive: true,
        headers: { "X-Panel-Token": token },
        body: new URLSearchParams(new FormData(form)),
      });
    }
  });
})();
