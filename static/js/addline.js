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
