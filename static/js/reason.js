// A plan that slips far: the server refuses with X-Reason-Wanted, a sentence. This asks why, and sends the same once more with the
// answer. What asked (a bar, a cell, a form) has heard the refusal as any other: closing the dialog leaves everything as it was.
import { open } from "./dialogs.js";

document.addEventListener("htmx:afterRequest", async ({ detail }) => {
  const wanted = detail.xhr?.getResponseHeader("X-Reason-Wanted");
  if (!wanted) return;
  const dialog = await ask(decodeURIComponent(wanted));
  if (!dialog) return;
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form").requestSubmit();
  });
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    again(detail, event.target.elements.reason.value);
  });
});

async function ask(sentence) {
  const place = location.pathname.match(/^\/w\/[^/]+\//);
  const answer = place && await fetch(`${place[0]}why/`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return null;
  document.getElementById("why")?.remove();
  const dialog = document.createElement("dialog");
  dialog.id = "why";
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.innerHTML = await answer.text();
  dialog.querySelector("[data-sentence]").textContent = sentence;
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  open(dialog);
  return dialog;
}

// The refusal may have drawn what asked anew: it is found by its id.
function again({ requestConfig, target, etc }, reason) {
  const there = (target?.id && document.getElementById(target.id)) || target;
  const source = requestConfig.elt.isConnected ? requestConfig.elt : there.querySelector?.("form") || there;
  const values = {};
  for (const [name, value] of requestConfig.formData ?? Object.entries(requestConfig.parameters)) {
    values[name] = name in values ? [values[name], value].flat() : value;  // a name may be sent many times, as the rows of a paste are
  }
  values.reason = reason;
  htmx.ajax(requestConfig.verb.toUpperCase(), requestConfig.path, { source, target: there, swap: etc?.swapOverride, values }).catch(() => {});  // offline: js/errors.js says so
}
