// <c-toast>: goes after 8 s, waits while hovered or focused. The server sends them in pages, and through
// the HX-Trigger event `toast`: {toasts: [{text, tone, undo, redo}]}.
import { actionForm, remember } from "./undo.js";

const LIFE = 8000, AFTER = 3000;

class Toast extends HTMLElement {
  connectedCallback() {
    const undo = this.querySelector("[data-undo-now]");
    if (undo) remember(undo.form.action);
    const timer = document.createElement("div");
    timer.className = "toast__timer";
    this.append(timer);
    this.wait(LIFE);
    const hold = () => { clearTimeout(this.id); this.classList.add("is-held"); };
    const release = () => { if (!this.matches(":hover, :focus-within")) { this.classList.remove("is-held"); this.wait(AFTER); } };
    this.addEventListener("pointerenter", hold);
    this.addEventListener("focusin", hold);
    this.addEventListener("pointerleave", release);
    this.addEventListener("focusout", () => setTimeout(release));
  }
  disconnectedCallback() { clearTimeout(this.id); }
  wait(ms) { clearTimeout(this.id); this.id = setTimeout(() => this.remove(), ms); }
}
customElements.define("c-toast", Toast);

const region = () => document.getElementById("toasts");

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

// toast("Moved to 5.3", {undo: "/w/…/undo/12/"}) or {action: "Put it back", run: () => …}
// `then` is another way on: its words and the address that its button posts to.
export function toast(text, { tone = "ok", undo = "", redo = "", then = null, action = "", run = null } = {}) {
  const box = region();
  if (!box) return;
  for (const said of box.children) if (tone === "bad" && said.querySelector("span")?.textContent === text) said.remove();
  const one = document.createElement("c-toast");
  one.className = "toast";
  one.dataset.tone = tone;
  const words = document.createElement("span");
  words.textContent = text;
  one.append(icon(tone === "ok" ? "check" : tone === "warn" ? "triangle-alert" : "circle-alert"), words);
  if (then) one.append(actionForm(then.url, then.label));
  if (undo) {
    one.append(actionForm(undo, box.dataset.undo));
    one.lastElementChild.querySelector("button").dataset.undoNow = "";
  }
  if (redo) {
    one.append(actionForm(redo, box.dataset.redo));
    one.lastElementChild.querySelector("button").dataset.redoNow = "";
  }
  if (run) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = action;
    button.addEventListener("click", () => { run(); one.remove(); });
    one.append(button);
  }
  while (box.children.length > 2) box.firstElementChild.remove();
  box.append(one);
}

document.addEventListener("toast", (event) => {
  for (const { text, tone, undo, redo, then } of event.detail.toasts || []) toast(text, { tone, undo, redo, then });
});
