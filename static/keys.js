// Hands stay on the keys: Alt and a letter, Escape, Ctrl+Enter, arrows in lists and tabs; also
// counting and copying.
(() => {
  const visible = (selector) =>
    [...document.querySelectorAll(selector)].find((e) => e.offsetParent && !e.disabled);

  const move = (items, from, step) => {
    const next = items[(items.indexOf(from) + step + items.length) % items.length];
    next?.focus();
    return next;
  };

  // No key is taken that types something: with AltGr, or in a field with a Mac's Option, where
  // Control goes with it.
  const mac = /mac/i.test(navigator.platform);
  const letter = (event, at) => {
    const plain = /^[a-z]$/i.test(event.key);
    const field = at.matches("textarea,select,input:not([type=radio],[type=checkbox])");
    const types = event.ctrlKey
      ? !mac
      : event.getModifierState("AltGraph") || (field && (mac || !plain));
    return types ? "" : (plain ? event.key : event.code.replace("Key", "")).toLowerCase();
  };

  document.addEventListener("keydown", (event) => {
    // it chooses among the letters of an input method
    if (event.isComposing || event.keyCode === 229) return;
    const at = document.activeElement;
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    let done;
    if (event.altKey && !event.metaKey)
      done = visible(`[data-key="${CSS.escape(letter(event, at))}"]`);
    else if (event.key === "Escape" && !at.matches("[aria-expanded='true']"))
      done = visible('[data-key="Escape"]');
    else if (event.key === "Enter" && event.ctrlKey)
      done = at.form?.querySelector("[type=submit]:enabled");
    if (done) {
      event.preventDefault();
      done.click();
    } else if (step && at.matches('[role="tab"]'))
      move([...at.parentNode.querySelectorAll('[role="tab"]')], at, step);
    else if (
      step &&
      ["ArrowDown", "ArrowUp"].includes(event.key) &&
      at.matches(".result, [type=search]")
    ) {
      const list = [...document.querySelectorAll("[data-list] .result")];
      if (list.length && move(list, at, at.matches(".result") ? step : 1)) event.preventDefault();
    }
  });

  document.addEventListener("htmx:afterRequest", (event) => {
    const tab = event.detail.elt.matches?.('[role="tab"], [data-tab]') && event.detail.elt;
    if (!tab || !event.detail.successful) return;
    const chosen = tab.dataset.tab ? visible(`[role="tab"][data-key="${tab.dataset.tab}"]`) : tab;
    for (const other of document.querySelectorAll('[role="tab"]'))
      other.setAttribute("aria-selected", other === chosen);
  });

  const count = (field) => {
    const counter = field.form?.querySelector("[data-counter]");
    const number = (n) => n.toLocaleString(document.documentElement.lang);
    const [length, longest] = [[...field.value].length, Number(field.dataset.count)];
    if (!counter) return;
    counter.textContent = `${number(length)} / ${number(longest)}`;
    counter.classList.toggle("wrong", length > longest);
  };
  document.addEventListener(
    "input",
    (event) => event.target.matches("[data-count]") && count(event.target),
  );
  document.addEventListener("htmx:afterSettle", () =>
    document.querySelectorAll("[data-count]").forEach(count),
  );

  // A frame of another site is denied the clipboard, and the browser complains of the attempt; the
  // old command works.
  const copy = async (text) => {
    const field = Object.assign(document.createElement("textarea"), {
      value: text,
      className: "unseen",
    });
    document.body.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    if (!copied) await navigator.clipboard.writeText(text);
    document.getElementById("say").textContent =
      document.getElementById("copied").content.textContent;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const done = () => {
      button.classList.add("done");
      setTimeout(() => button.classList.remove("done"), 1500);
    };
    copy(button.dataset.copy)
      .then(done, () => {})
      .finally(() => button.focus());
  });
})();
