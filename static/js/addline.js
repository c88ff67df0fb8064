// <form data-addline>: one title after another. What was sent leaves the line at once, so that the next can be typed while
// the answer is on its way; it comes back when it was refused. The rows show the new one by the form's data-echo.
const lineOf = (event) => event.detail.elt.matches?.("form[data-addline]") ? event.detail.elt : null;

document.addEventListener("htmx:beforeSend", (event) => {
  const form = lineOf(event);
  if (!form) return;
  const input = form.elements.title;
  form.sent = input.value;
  input.value = "";
  document.getElementById("alike")?.replaceChildren();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = lineOf(event), input = form?.elements.title;
  if (form && !event.detail.successful && !input.value) input.value = form.sent;
});

// Several pasted lines go to data-many, which answers with what they would become, to be added all at once.
document.addEventListener("paste", (event) => {
  const form = event.target.closest?.("form[data-many]"), text = event.clipboardData?.getData("text/plain") || "";
  if (!form || event.target.name !== "title" || !/\S[^\S\n]*\n\s*\S/.test(text)) return;
  event.preventDefault();
  const into = form.matches("[data-addline]") ? "#many" : "#new-many";
  htmx.ajax("POST", form.dataset.many, { source: into, target: into, swap: "innerHTML", values: { lines: text, do: "look" } }).catch(() => {});
});
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => { if (target.matches("#many, #new-many")) target.querySelector("textarea")?.focus(); });
document.addEventListener("close", ({ target }) => target.querySelector("#new-many")?.replaceChildren(), true);
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!form.matches?.("form.lines") || event.detail.xhr.status !== 204) return;
  form.closest("dialog")?.close();
  if (form.parentElement.id === "many") document.querySelector("form[data-addline]")?.elements.title.focus();
  form.remove();
});
