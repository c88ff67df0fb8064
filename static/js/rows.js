// Lists by keyboard: rows marked data-row. J and K move (so do the arrows in the drawer's bar), Enter opens the row's first link, X ticks it; S, O and R edit its
// status, lead and release, in the row when they stand there, else in the drawer that is opened for it.
// Shift-click ticks a range. Ticked rows show the bulk bar (data-bulk) with their number.
import { enabled, typing } from "./shortcuts.js";

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.checkVisibility());
const ticks = (scope = document) => [...scope.querySelectorAll("[data-row] [data-tick]")];
let last = null;

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented || !enabled()) return;
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  const all = rows();
  const row = event.target.closest?.("[data-row]") || document.querySelector("[data-row].is-open");
  const step = { j: 1, k: -1 }[event.key];
  if (step && all.length) {
    event.preventDefault();
    go(all, row, step);
  } else if (FIELDS[event.key] && row?.closest("c-cells")) {
    event.preventDefault();
    editField(row, FIELDS[event.key]);
  } else if (row && event.key === "x") {
    const tick = row.querySelector("[data-tick]");
    if (tick) { event.preventDefault(); tick.click(); }
  } else if (row && event.key === "Enter" && event.target === row) {
    event.preventDefault();
    link(row)?.click();
  }
});
function go(all, row, step) {
  const next = all[Math.max(0, Math.min(all.length - 1, row ? all.indexOf(row) + step : 0))];
  (next.matches("a, button") ? next : next.querySelector("[data-open]") || next.querySelector("a, button"))?.focus();
  if (document.querySelector("c-drawer, c-inbox")) link(next)?.click();
}
// The same by pointer, in the bar of the drawer.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-step-row]");
  if (button) go(rows(), document.querySelector("[data-row].is-open"), Number(button.dataset.stepRow));
});
const FIELDS = { s: "status", o: "lead", r: "release" };
function editField(row, name) {
  const cell = row.querySelector(`[data-cell="${name}"] .cell-edit`);
  if (cell) return cell.click();
  const find = () => document.querySelector(`#field-${CSS.escape(row.dataset.id)}-${name} [data-show]`);
  if (find()) return find().click();
  const opened = () => {
    if (!find()) return;
    document.removeEventListener("htmx:afterSettle", opened);
    find().click();
  };
  document.addEventListener("htmx:afterSettle", opened);
  setTimeout(() => document.removeEventListener("htmx:afterSettle", opened), 5000);
  link(row)?.click();
}
const link = (row) => row.matches("a") ? row : row.querySelector("[data-open], a");

document.addEventListener("click", (event) => {
  const tick = event.target.closest?.("[data-tick]");
  if (!tick) return;
  const all = ticks();
  if (event.shiftKey && last) {
    const [from, to] = [all.indexOf(last), all.indexOf(tick)].sort((a, b) => a - b);
    if (from >= 0) for (const one of all.slice(from, to + 1)) one.checked = tick.checked;
  }
  last = tick;
  show();
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-tick-all]")) for (const one of ticks()) one.checked = event.target.checked;
  if (event.target.matches?.("[data-tick-all], [data-all-matching]")) show();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-tick-none]")) return;
  for (const one of ticks()) one.checked = false;
  show();
});
document.addEventListener("htmx:afterSettle", show);

function show() {
  const all = ticks(), chosen = all.filter((one) => one.checked);
  for (const one of all) one.closest("[data-row]").classList.toggle("is-selected", one.checked);
  const bar = document.querySelector("[data-bulk]");
  if (bar) {
    bar.hidden = chosen.length === 0;
    const number = bar.querySelector("[data-bulk-count]");
    const all = bar.querySelector("[data-all-matching]:checked");
    if (number) number.textContent = all ? all.dataset.allMatching : chosen.length;
  }
  const every = document.querySelector("[data-tick-all]");
  if (every) {
    every.checked = chosen.length > 0 && chosen.length === all.length;
    every.indeterminate = chosen.length > 0 && chosen.length < all.length;
  }
}
