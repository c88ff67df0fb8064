// What one did oneself in this tab, so that Ctrl+Z turns back the last of it, also when its toast is gone or the page came anew;
// pressed again, what was done before that. Ctrl+Shift+Z does again what was undone just now.
import { bring } from "./live.js";

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
  else if (last) turnBack(last);
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

document.addEventListener("submit", (event) => {
  const form = event.target, offer = form.querySelector("[data-undo-now], [data-redo-now]");
  if (!offer) return keep(without(form.getAttribute("action") || ""));
  event.preventDefault();
  turnBack(form.action, form.closest("c-toast"));
}, true);

let turning = Promise.resolve();  // one after the other: of several from one element htmx sends the first and the last

// What was turned back is fetched anew where it stands, so that scroll and focus stay; the page comes anew where nothing on it hears of it.
async function turnBack(url, said = null) {
  if (said?.inert) return;
  const focused = said?.contains(document.activeElement);
  keep(without(url));
  if (said) said.inert = true;  // once
  turning = turning.then(() => htmx.ajax("POST", url, { source: document.body, swap: "none" })).then(() => true, () => false);
  const answer = await turning;
  if (!answer) remember(url);
  if (!answer && said) { said.inert = false; return; }
  said?.remove();
  if (focused) document.querySelector("#toasts > :last-child button")?.focus();
}
document.addEventListener("undone", ({ detail }) => {
  if (bring(detail.changed)) return;
  const toast = document.querySelector("#toasts > :last-child"), offer = toast?.querySelector("form");
  const said = { text: toast?.querySelector("span")?.textContent || "", [offer?.querySelector("[data-redo-now]") ? "redo" : "undo"]: offer?.action || "" };
  sessionStorage.setItem("undo-at", JSON.stringify([location.href, scrolled()?.scrollTop || 0, said]));
  location.reload();
});

// The page comes anew, where it was, with what was said.
const scrolled = () => document.querySelector(".split__main") || document.querySelector(".sheet__body");
const [address, top, said] = JSON.parse(sessionStorage.getItem("undo-at") || "[]");
sessionStorage.removeItem("undo-at");
if (address === location.href && top) scrolled()?.scrollTo(0, top);
if (address === location.href && said?.text) addEventListener("DOMContentLoaded", () => document.dispatchEvent(new CustomEvent("toast", { detail: { toasts: [said] } })));

// What the server could not turn back just now can be turned back later, and before anything else.
document.addEventListener("answered", ({ detail: { xhr } }) => {
  if ((xhr.status === 429 || xhr.status >= 500) && /\/changes\/\d+\/undo\/$/.test(xhr.responseURL)) remember(xhr.responseURL);
});

// An edit without a toast names its change; where a toast says what to undo, it is remembered with that.
document.addEventListener("answered", ({ detail: { xhr, successful } }) => {
  const changes = xhr.getResponseHeader("X-Change"), workspace = location.pathname.match(/^\/w\/[^/]+\//);
  if (!successful || !changes || !workspace) return;
  if (/"(undo|redo)":/.test(xhr.getResponseHeader("HX-Trigger") || "")) return;
  for (const change of changes.split(/,\s*/)) remember(`${workspace[0]}changes/${change}/undo/`);
});
