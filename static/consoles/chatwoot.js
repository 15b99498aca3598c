// What Chatwoot tells: asks for its context, takes it from the parent window only, and passes on
// no more than is needed.
(() => {
  const page = document.body.dataset;
  const parents = page.parents.split(" ");
  const ask = () => {
    window.ReactNativeWebView?.postMessage(page.ask);
    if (window.parent !== window) window.parent.postMessage(page.ask, "*"); // carries nothing
  };
  // Of the fields that the house names itself those that may hold a number, each short.
  const short = (value) => {
    if (typeof value === "string") return value.slice(0, 300);
    return typeof value === "number" ? value : "";
  };
  const pick = (from, names) => {
    const known = names.filter((name) => from?.[name] != null);
    return Object.fromEntries(known.map((name) => [name, short(from[name])]));
  };
  const flat = (value, name, depth) => {
    if (!value || typeof value !== "object") {
      return /\d/.test(value) ? [[name.trim().slice(-60), short(value)]] : [];
    }
    if (!depth) return [];
    const parts = Object.entries(value);
    return parts.flatMap(([key, inner]) => flat(inner, `${name} ${key}`, depth - 1));
  };
  const likely = ([name]) => /cpf|cnpj|doc|tax|fone|phone|cel|whats/i.test(name);
  const fields = (from) => {
    const free = flat({ ...from?.additional_attributes, ...from?.custom_attributes }, "", 4);
    return Object.fromEntries(free.sort((a, b) => likely(b) - likely(a)).slice(0, 100));
  };
  const about = (from, names) => ({ ...pick(from, names), custom_attributes: fields(from) });
  const person = (from) => about(from, ["id", "name", "phone_number", "email", "identifier"]);
  const thread = (from) => ({
    ...about(from, ["id"]),
    meta: { ...pick(from?.meta, ["channel"]), sender: person(from?.meta?.sender) },
  });

  const needed = ({ conversation, contact, currentAgent, current_agent: agent }) => ({
    conversation: thread(conversation),
    contact: person(contact),
    currentAgent: pick(currentAgent ?? agent, ["id", "name", "email"]),
  });

  let hasTold = false;
  const parsed = (text) => {
    try {
      return JSON.parse(text);
    } catch {
      return null;
    }
  };
  window.addEventListener("message", (event) => {
    const mobile = event.source === window && window.ReactNativeWebView;
    if (!mobile && (event.source !== window.parent || !parents.includes(event.origin))) return;
    const message = typeof event.data === "string" ? parsed(event.data) : event.data;
    if (message?.event !== "appContext" || !message.data) return;
    const context = needed(message.data);
    const detail = { conversation: context.conversation.id, context, theme: message.data.theme };
    hasTold = !!detail.conversation;
    document.dispatchEvent(new CustomEvent("vinculo:context", { detail }));
  });

  // The console may have spoken before we listened, or not be ready yet: ask again, ever more
  // patiently. Who has answered is not asked: a late answer may be of the conversation before.
  const again = () => {
    hasTold = false;
    for (const wait of [0, 300, 1000, 3000]) setTimeout(() => hasTold || ask(), wait);
  };
  document.addEventListener("vinculo:ask", again);
  again();
})();
