// What Chatwoot tells: asks for its context, takes it from the parent window only, passes on no more than is needed.
(() => {
  const page = document.body.dataset;
  const parents = page.parents.split(" ").filter(Boolean);
  const ask = () => {
    window.ReactNativeWebView?.postMessage(page.ask);
    if (window.parent !== window) window.parent.postMessage(page.ask, "*"); // carries nothing
  };
  // Of the fields that the house names itself those that may hold a number, each short: a long text would be too much.
  const short = (value) => (typeof value === "string" ? value.slice(0, 300) : typeof value === "number" ? value : "");
  const pick = (from, names) => Object.fromEntries(names.filter((n) => from?.[n] != null).map((n) => [n, short(from[n])]));
  const flat = (value, name, depth) => {
    if (!value || typeof value !== "object") return /\d/.test(value) ? [[name.trim().slice(-60), short(value)]] : [];
    return depth ? Object.entries(value).flatMap(([key, inner]) => flat(inner, `${name} ${key}`, depth - 1)) : [];
  };
  const likely = ([name]) => /cpf|cnpj|doc|tax|fone|phone|cel|whats/i.test(name);
  const free = (from) => flat(from, "", 4).sort((a, b) => likely(b) - likely(a)).slice(0, 100);
  const fields = (from) => Object.fromEntries(free({ ...from?.additional_attributes, ...from?.custom_attributes }));
  const about = (from, names) => ({ ...pick(from, names), custom_attributes: fields(from) });
  const person = (from) => about(from, ["id", "name", "phone_number", "email", "identifier"]);

  const needed = ({ conversation: talk, contact, currentAgent, current_agent: agent }) => ({
    conversation: { ...about(talk, ["id"]), meta: { ...pick(talk?.meta, ["channel"]), sender: person(talk?.meta?.sender) } },
    contact: person(contact),
    currentAgent: pick(currentAgent ?? agent, ["id", "name", "email"]),
  });

  let told = "";
  const parsed = (text) => { try { return JSON.parse(text); } catch { return null; } };
  window.addEventListener("message", (event) => {
    const mobile = event.source === window && window.ReactNativeWebView;
    if (!mobile && (event.source !== window.parent || !parents.includes(event.origin))) return;
    const message = typeof event.data === "string" ? parsed(event.data) : event.data;
    if (message?.event !== "appContext" || !message.data) return;
    if (message.data.theme) document.documentElement.dataset.theme = message.data.theme;
    const context = JSON.stringify(needed(message.data));
    if (context === told || !message.data.conversation?.id) return;
    told = context;
    document.dispatchEvent(new CustomEvent("vinculo:context", { detail: context }));
  });

  // The console may have spoken before we listened, or not be ready yet: ask again, ever more patiently.
  const again = () => [0, 300, 1000, 3000].forEach((wait) => setTimeout(() => told || ask(), wait));
  document.addEventListener("vinculo:ask", () => { told = ""; again(); });
  again();
})();
