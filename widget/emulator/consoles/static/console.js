// The demo console: chooses a conversation by the address, sends messages, moves by the arrow keys.
import { openPanel, tell } from "./console_panel.js";
import { resizable } from "./console_resize.js";
import { settings } from "./console_settings.js";

const data = JSON.parse(document.getElementById("console-data").textContent);
const links = [...document.querySelectorAll("#list a")];
const told = settings({ reopen: choose, retheme: tell });

function chosen() {
  return (
    data.conversations.find(({ conversation }) => `#${conversation.id}` === location.hash) ??
    data.conversations[0]
  );
}

function context(talk) {
  const { agent, theme } = told();
  return {
    conversation: talk.conversation,
    contact: talk.contact,
    currentAgent: data.agents.find(({ id }) => String(id) === agent),
    customAttributes: data.customAttributes,
    theme,
  };
}

function choose() {
  const talk = chosen();
  const { id } = talk.conversation;
  for (const link of links) {
    const here = Number(link.dataset.id) === id;
    here ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
    if (here) link.querySelector(".unread")?.remove();
    if (here) link.scrollIntoView({ block: "nearest" });
    document.getElementById(`chat-${link.dataset.id}`).hidden = !here;
  }
  const log = document.querySelector(`#chat-${id} .log`);
  log.scrollTop = log.scrollHeight;
  const { agent, locale } = told();
  openPanel(
    `${document.body.dataset.start}?${new URLSearchParams({ attendant: agent, locale })}`,
    talk,
    () => context(talk),
  );
}

function send(form) {
  const text = form.text.value.trim();
  if (!text) return;
  const talk = chosen();
  const bubble = form.parentElement
    .querySelector("template")
    .content.firstElementChild.cloneNode(true);
  const time = new Date().toLocaleTimeString("pt-BR", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "America/Sao_Paulo",
  });
  bubble.querySelector(".text").textContent = text;
  bubble.querySelector("time").textContent = time;
  const log = form.parentElement.querySelector(".log");
  log.append(bubble);
  log.scrollTop = log.scrollHeight;
  remember(talk, text, time);
  form.reset();
}

function remember(talk, content, time) {
  const { agent } = told();
  const { conversation } = talk;
  const now = Math.floor(Date.now() / 1000);
  const sender = { ...data.agents.find(({ id }) => String(id) === agent), type: "user" };
  const id = Math.max(...conversation.messages.map((message) => message.id)) + 1;
  const message = {
    ...conversation.messages.at(-1),
    id,
    content,
    message_type: 1,
    private: false,
    created_at: now,
    sender_type: "User",
    sender,
  };
  conversation.messages.push(message);
  const link = links.find((one) => Number(one.dataset.id) === conversation.id);
  link.querySelector("[data-last]").textContent = content;
  link.querySelector(".when").textContent = time;
}

function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const next =
    { Home: links[0], End: links.at(-1) }[event.key] ??
    (step && links[links.indexOf(document.activeElement) + step]);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function show(pane) {
  document.documentElement.dataset.pane = pane;
  for (const button of document.querySelectorAll(".panes button"))
    button.setAttribute("aria-pressed", button.dataset.pane === pane);
}

document.getElementById("list").addEventListener("keydown", walk);
document
  .querySelector(".panes")
  .addEventListener("click", ({ target }) => target.dataset.pane && show(target.dataset.pane));
for (const link of links) link.addEventListener("click", () => show("chat"));
for (const form of document.querySelectorAll(".composer")) {
  form.addEventListener("submit", (event) => (event.preventDefault(), send(form)));
  form.text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}
addEventListener("hashchange", choose);
resizable(document.getElementById("grip"));
choose();
