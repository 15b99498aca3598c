// A text field with a list that the server fills: arrows choose, Enter takes, Escape closes,
// leaving keeps the choice true.
// It comes with each form that has one, and listens once.
window.combobox ??= (() => {
  const parts = (field) => {
    const box = field.closest(".combobox");
    return {
      box,
      list: box.querySelector("[role=listbox]"),
      value: box.querySelector("[type=hidden]"),
    };
  };
  const options = (list) => [...list.querySelectorAll("[role=option]:not([aria-disabled])")];

  const toggle = (field, open) => {
    const { box, list } = parts(field);
    list.hidden = !open;
    field.setAttribute("aria-expanded", open);
    if (!open) field.removeAttribute("aria-activedescendant");
    box.classList.toggle(
      "up",
      open && box.getBoundingClientRect().bottom + 160 > window.innerHeight,
    );
  };

  const take = (field, option) => {
    parts(field).value.value = option.dataset.value;
    field.value = option.textContent.trim();
    toggle(field, false);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };

  document.addEventListener("htmx:afterSwap", (event) => {
    const box =
      event.detail.target.matches("[role=listbox]") && event.detail.target.closest(".combobox");
    if (box) toggle(box.querySelector("[role=combobox]"), event.detail.target.children.length > 0);
  });

  document.addEventListener("input", (event) => {
    if (event.target.matches("[role=combobox]")) parts(event.target).value.value = "";
  });

  document.addEventListener(
    "keydown",
    (event) => {
      const field = event.target;
      if (event.isComposing || event.keyCode === 229) return;
      if (!field.matches?.("[role=combobox]") || field.getAttribute("aria-expanded") !== "true")
        return;
      const list = options(parts(field).list);
      const at = list.findIndex((o) => o.getAttribute("aria-selected") === "true");
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && list.length) {
        const next = list[(at + step + list.length) % list.length];
        list.forEach((o) => o.setAttribute("aria-selected", o === next));
        field.setAttribute("aria-activedescendant", next.id);
        next.scrollIntoView({ block: "nearest" });
      } else if (event.key === "Enter" && list.length) take(field, list[Math.max(at, 0)]);
      else if (event.key === "Escape") toggle(field, false);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );

  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest?.("[role=option][data-value]");
    if (option) take(option.closest(".combobox").querySelector("[role=combobox]"), option);
  });
  document.addEventListener(
    "focusout",
    (event) => event.target.matches?.("[role=combobox]") && toggle(event.target, false),
  );
  return true;
})();
