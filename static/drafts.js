// A form remembers that it was typed in; one whose draft was discarded is drawn anew.
(() => {
  document.addEventListener(
    "input",
    (event) => event.target.form && (event.target.form.dataset.touched = "yes"),
  );

  document.addEventListener("htmx:afterRequest", (event) => {
    const { again, target } = event.detail.elt.dataset ?? {};
    if (again && event.detail.successful) htmx.ajax("GET", again, { target, swap: "innerHTML" });
  });
})();
