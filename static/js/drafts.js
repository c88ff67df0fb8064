// Text is kept while it is being typed (form data-draft, or data-draft="a key of its own") and offered back after a
// reload, an expired session or a crash. Sending it well forgets it.
const DAYS = 14 * 24 * 3600 * 1000;
const words = (name) => document.getElementById("toasts")?.dataset[name] || "";
const person = () => document.body.dataset.person || "";
const keyOf = (form) => `draft:${person()}:${form.dataset.draft || location.pathname + "#" + (form.id || form.getAttribute("action") || "")}`;
const inputs = (form) => [...form.querySelectorAll("textarea[name], input[name]:not([type=hidden], [type=password], [type=file], [type=checkbox], [type=radio], [type=submit])")];
const read = (key) => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("[data-draft]")) return;
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => keep(form), 300);
});
addEventListener("pagehide", () => { for (const form of document.querySelectorAll("form[data-draft]")) if (form.draftTimer) keep(form); });

function keep(form) {
  const typed = Object.fromEntries(inputs(form).filter((one) => one.value !== one.defaultValue).map((one) => [one.name, one.value]));
  if (Object.keys(typed).length) localStorage.setItem(keyOf(form), JSON.stringify({ typed, at: Date.now() }));
  else localStorage.removeItem(keyOf(form));
}

// Sent by htmx: forgotten on success, before the answer is swapped in: what comes with it would offer the draft again, and
// a form that is swapped out is no longer the one that afterRequest speaks of.
// Sent by the browser: forgotten when the next page is neither an error nor a sign-in.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = event.detail.elt, status = event.detail.xhr.status;
  if (!form.matches?.("form[data-draft]") || status < 200 || status >= 400) return;
  clearTimeout(form.draftTimer);
  form.draftTimer = null;
  localStorage.removeItem(keyOf(form));
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-draft]") || form.hasAttribute("hx-post")) return;
  keep(form);
  clearTimeout(form.draftTimer);
  form.draftTimer = null;
  sessionStorage.setItem("draft-sent", keyOf(form));
});

function settle() {
  const sent = sessionStorage.getItem("draft-sent");
  sessionStorage.removeItem("draft-sent");
  if (!sent) return;
  const said = document.querySelector("[data-draft-kept]");
  if (said && localStorage.getItem(sent)) said.hidden = false;
  if (!document.querySelector(".trouble, .auth, [aria-invalid=true]")) localStorage.removeItem(sent);
}

function offer(root) {
  for (const form of root.querySelectorAll?.("form[data-draft]") || []) {
    const kept = read(keyOf(form));
    if (!kept || form.querySelector("[data-draft-offer]")) continue;
    const missing = inputs(form).filter((one) => one.name in kept.typed && one.value !== kept.typed[one.name]);
    if (Date.now() - kept.at > DAYS) localStorage.removeItem(keyOf(form));
    else if (missing.length) form.prepend(note(form, kept, missing));
  }
}

// A value whose editor is not there yet (c-edit fetches it): it says that something was typed into it, and leads to it.
const FIELD = /^item-([^-]+)-(\d+)-(\w+)$/;

function pointOut() {
  const mine = `draft:${person()}:`;
  for (const key of Object.keys(localStorage)) {
    const [, product, number, name] = (key.startsWith(mine) && FIELD.exec(key.slice(mine.length))) || [];
    const edit = product && location.pathname.includes(`/p/${product}/`) && document.getElementById(`field-${number}-${name}`);
    if (!edit || edit.querySelector("form, [data-draft-left]")) continue;
    const left = button(words("draft"));
    left.className = "btn btn--link fs-12";
    left.dataset.draftLeft = "";
    left.addEventListener("click", (event) => { event.stopPropagation(); edit.querySelector("[data-show]")?.click(); });
    edit.append(left);
  }
}

function note(form, kept, missing) {
  const box = document.createElement("div"), text = document.createElement("div"), use = button(words("draftUse")), drop = button(words("draftDrop"));
  box.className = "banner";
  box.dataset.tone = "accent";
  box.dataset.draftOffer = "";
  text.className = "grow";
  text.textContent = words("draft");
  use.addEventListener("click", () => {
    for (const one of missing) { one.value = kept.typed[one.name]; one.dispatchEvent(new Event("input", { bubbles: true })); }
    box.remove();
    missing[0].focus();
  });
  drop.addEventListener("click", () => { localStorage.removeItem(keyOf(form)); box.remove(); });
  box.append(text, use, drop);
  return box;
}

function button(label) {
  const one = document.createElement("button");
  one.type = "button";
  one.className = "btn btn--sm";
  one.textContent = label;
  return one;
}

// Another person signed in on this browser: what the one before typed is not theirs to see.
function forgetOthers() {
  if (!person()) return;
  for (const key of Object.keys(localStorage)) if (key.startsWith("draft:") && !key.startsWith(`draft:${person()}:`) && !key.startsWith("draft::")) localStorage.removeItem(key);
}

forgetOthers();
settle();
offer(document);
pointOut();
document.addEventListener("htmx:load", (event) => { offer(event.target.parentElement || document); pointOut(); });
