// The top bar: attendant, language and theme (kept in this browser), and the CRM's switch (kept by
// the CRM).
const form = document.getElementById("settings");
const dark = matchMedia("(prefers-color-scheme: dark)");
const KEPT = ["attendant", "locale", "theme"];

export function settings({ reopen, retheme }) {
  for (const name of KEPT) restore(name);
  paint();
  form.addEventListener("change", ({ target }) => {
    if (target.name === "crm") return switchCrm(target.value);
    localStorage.setItem(`console-${target.name}`, target.value);
    if (target.name !== "theme") return reopen();
    paint();
    retheme();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  dark.addEventListener("change", retheme);
  if (form.elements.crm) showCrm();
  return () => ({
    agent: form.elements.attendant.value,
    locale: form.elements.locale.value,
    theme: theme(),
  });
}

function restore(name) {
  const kept = localStorage.getItem(`console-${name}`);
  const before = form.elements[name].value;
  if (kept === null) return;
  form.elements[name].value = kept;
  if (form.elements[name].value !== kept) form.elements[name].value = before;
}

function paint() {
  document.documentElement.dataset.theme = form.elements.theme.value;
}

function theme() {
  const { value } = form.elements.theme;
  return value === "auto" ? (dark.matches ? "dark" : "light") : value;
}

async function showCrm() {
  const answer = await fetch(document.body.dataset.crm).catch(() => null);
  const { state, answers } = answer?.ok ? await answer.json() : { state: null, answers: false };
  for (const radio of form.elements.crm) radio.checked = radio.value === state;
  document.getElementById("crm-failed").hidden = answers;
}

async function switchCrm(state) {
  const body = new URLSearchParams({ state });
  const answer = await fetch(document.body.dataset.crm, { method: "POST", body }).catch(() => null);
  if (answer?.ok) document.getElementById("crm-failed").hidden = true;
  else showCrm();
}
