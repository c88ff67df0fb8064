// Single keys press what is marked on the page: data-key="c" on a button, data-key="g b" on a link.
// Off while typing, in dialogs, and when switched off (WCAG 2.1.4).
import { open } from "./dialogs.js";
import { redoLast, undoLast } from "./undo.js";

const OFF = "shortcuts-off";
let before = "", clock;

export const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
export const enabled = () => localStorage.getItem(OFF) === null;

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && location.hash === "#sidebar") return history.back();
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "z" && !typing(event.target)) return turnBack(event);
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target) || document.querySelector("dialog[open]") || !enabled()) return;
  const key = event.key.toLowerCase();
  if (key === "?") return run(event, () => open(document.getElementById("shortcuts")));
  if (key === "/") return run(event, () => document.querySelector("[data-search-here], [data-dialog=palette]")?.[document.querySelector("[data-search-here]") ? "focus" : "click"]());
  if (key === "[") return run(event, foldSidebar);
  const pressed = before ? `${before} ${key}` : key;
  const target = find(pressed) || find(key);
  before = "";
  clearTimeout(clock);
  if (target) return run(event, () => target.click());
  if (key === "g") { before = "g"; clock = setTimeout(() => { before = ""; }, 1200); }
});

function find(keys) {
  return [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find((one) => one.tagName === "A" || one.checkVisibility());
}

function run(event, act) {
  event.preventDefault();
  act();
}

function turnBack(event) {
  if (!event.altKey && (event.shiftKey ? redoLast() : undoLast())) event.preventDefault();
}

function foldSidebar() {
  const folded = document.documentElement.toggleAttribute("data-folded");
  localStorage.setItem("folded", folded ? "1" : "");
}

document.documentElement.toggleAttribute("data-folded", localStorage.getItem("folded") === "1");

const box = () => document.querySelector("[data-shortcuts-switch]");
if (box()) box().checked = enabled();
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-shortcuts-switch]")) return;
  if (event.target.checked) localStorage.removeItem(OFF); else localStorage.setItem(OFF, "1");
});
