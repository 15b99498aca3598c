// What Chatwoot tells: asks for its context, takes it from the parent window only, passes on no more than is needed.
(() => {
  const page = document.body.dataset;
  const parents = page.parents.split(" ").filter(Boolean);
  const ask = () => {
    window.ReactNativeWebView?.postMessage(page.ask);
    if (window.parent !== window) window.parent.postMessage(page.ask, "*"); // carries nothing
  };
  const pick = (from, names) => Object.fromEntries(names.filter((n) => from?.[n] != null).map((n) => [n, from[n]]));
  const person = (from) => pick(from, ["id", "name", "phone_number", "email", "identifier", "custom_attributes"]);

  const needed = (data) => ({
    conversation: {
      id: data.conversation?.id,
      meta: { channel: data.conversation?.meta?.channel, sender: person(data.conversation?.meta?.sender) },
    },
    contact: person(data.contact),
    currentAgent: pick(data.currentAgent ?? data.current_agent, ["id", "name", "email"]),
  });

  let told = "";
  window.addEventListener("message", (event) => {
    const mobile = event.source === window && window.ReactNativeWebView;
    if (!mobile && (event.source !== window.parent || !parents.includes(event.origin))) return;
    let message;
    try {
      message = typeof event.data === "string" ? JSON.parse(event.data) : event.data;
    } catch {
      return;
    }
    if (message?.event !== "appContext" || !message.data) return;
    if (message.data.theme) document.documentElement.dataset.theme = message.data.theme;
    const context = JSON.stringify(needed(message.data));
    if (context === told || !message.data.conversation?.id) return;
    told = context;
    document.dispatchEvent(new CustomEvent("vinculo:context", { detail: context }));
  });

  // The console may have spoken before we listened, or not be ready yet: ask again, ever more patiently.
  const waits = [0, 300, 1000, 3000];
  const again = () => waits.forEach((wait) => setTimeout(() => told || ask(), wait));
  document.addEventListener("vinculo:ask", () => {
    told = "";
    again();
  });
  again();
})();
