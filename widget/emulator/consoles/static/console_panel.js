// The panel's frame: a new one for each opening, told its context as Chatwoot tells a dashboard
// app.
const FETCH_INFO = "chatwoot-dashboard-app:fetch-info";
const holder = document.getElementById("panel");
const wait = document.getElementById("panel-wait");
const failed = document.getElementById("panel-failed");
let frame = null;
let context = () => ({});
let opening = 0;
let retry = () => {};

export function tell() {
  // A string, and to any origin, as Chatwoot sends it.
  frame?.contentWindow?.postMessage(JSON.stringify({ event: "appContext", data: context() }), "*");
}

export async function openPanel(address, { late }, current) {
  const turn = ++opening;
  frame?.remove();
  frame = null;
  context = current;
  retry = () => openPanel(address, { late }, current);
  wait.hidden = false;
  failed.hidden = true;
  const src = await fresh(address);
  if (turn !== opening) return;
  failed.hidden = Boolean(src);
  wait.hidden = !src;
  if (src) mount(src, late);
}

async function fresh(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? (await answer.json()).src : null;
  } catch {
    return null;
  }
}

function mount(src, late) {
  const whole = context;
  // Chatwoot's store may not have the contact yet when the frame loads: the first telling is
  // without it.
  if (late) context = () => ({ ...whole(), contact: {} });
  frame = document.createElement("iframe");
  frame.title = "Inmap Sales CRM";
  frame.src = src;
  frame.addEventListener("load", () => {
    tell();
    wait.hidden = true;
    context = whole;
  });
  holder.append(frame);
}

addEventListener("message", ({ data, source }) => {
  if (data === FETCH_INFO && frame && source === frame.contentWindow) tell();
});
document.getElementById("panel-again").addEventListener("click", () => retry());
