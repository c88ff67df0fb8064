// What one did oneself in this tab, so that Ctrl+Z turns back the last of it, also when its toast is gone or the page came anew;
// pressed again, what was done before that. Ctrl+Shift+Z does again what was undone just now.
const MOST = 20;
const key = () => `undo:${document.body.dataset.person || ""}`;
const path = (url) => new URL(url, location.href).pathname;

function done() {
  try { return JSON.parse(sessionStorage.getItem(key())) || []; } catch { return []; }
}
const keep = (urls) => sessionStorage.setItem(key(), JSON.stringify(urls.slice(-MOST)));
const without = (url) => done().filter((one) => one !== path(url));

export const remember = (url) => keep([...without(url), path(url)]);

export function undoLast() {
  const last = done().at(-1), offers = [...document.querySelectorAll("[data-undo-now]")];
  const offer = last ? offers.find((one) => path(one.form.action) === last) : offers.at(-1);
  if (offer) offer.click();
  else if (last) {
    const form = actionForm(last, "");
    form.hidden = true;
    document.body.append(form);
    form.requestSubmit();
  }
  return Boolean(offer || last);
}

export function redoLast() {
  const offer = [...document.querySelectorAll("[data-redo-now]")].at(-1);
  offer?.click();
  return Boolean(offer);
}

// A button that posts to an address and comes back to this page.
export function actionForm(url, label) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = url;
  const add = (name, value) => {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  };
  add("csrfmiddlewaretoken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
  add("next", location.pathname + location.search);
  const button = document.createElement("button");
  button.textContent = label;
  form.append(button);
  return form;
}

document.addEventListener("submit", ({ target }) => {
  keep(without(target.getAttribute("action") || ""));
  if (target.hidden || target.querySelector("[data-undo-now], [data-redo-now]")) sessionStorage.setItem("undo-at", JSON.stringify([location.href, scrolled()?.scrollTop || 0]));
}, true);

// The page comes anew, where it was.
const scrolled = () => document.querySelector(".split__main") || document.querySelector(".sheet__body");
const [address, top] = JSON.parse(sessionStorage.getItem("undo-at") || "[]");
sessionStorage.removeItem("undo-at");
if (address === location.href && top) scrolled()?.scrollTo(0, top);

// An edit without a toast names its change; where a toast says what to undo, it is remembered with that.
document.addEventListener("htmx:afterRequest", ({ detail: { xhr, requestConfig, successful } }) => {
  const changes = xhr?.getResponseHeader("X-Change"), workspace = location.pathname.match(/^\/w\/[^/]+\//);
  if (!successful || !changes || !workspace || requestConfig?.verb === "get") return;
  if (/"(undo|redo)":/.test(xhr.getResponseHeader("HX-Trigger") || "")) return;
  for (const change of changes.split(/,\s*/)) remember(`${workspace[0]}changes/${change}/undo/`);
});
