// <c-cells data-items="/w/…/items/">: a table whose cells ([data-cell] in rows with [data-id] and [data-seen]) are edited in place with the
// editors that the page holds once (<template data-editor="reach">). Click, Enter or F2 edits; Enter saves; Escape
// reverts; Tab saves and moves on. An editor that the page does not hold is fetched from data-editors. The server answers with the row: as it is now, or with data-problem when it refused
// or somebody was faster; then the editor stays open with what was typed.
import { toast } from "./toast.js";

const words = (name) => document.getElementById("toasts")?.dataset[name] || "";

class Cells extends HTMLElement {
  sending = Promise.resolve();

  connectedCallback() {
    this.addEventListener("click", this);
    this.addEventListener("keydown", this);
    this.addEventListener("focusout", this);
    this.addEventListener("change", this);
    document.addEventListener("htmx:beforeSwap", this);  // after js/errors.js: it says what is not swapped
    this.addEventListener("htmx:afterSettle", this);
    this.addEventListener("paste", this);
  }
  disconnectedCallback() {
    removeEventListener("online", this);
    document.removeEventListener("htmx:beforeSwap", this);
  }

  handleEvent(event) {
    if (event.type === "online") return this.offer();
    if (event.type === "htmx:beforeSwap") return event.detail.shouldSwap && this.carry(event.detail.target);
    const cell = event.target.closest?.("[data-cell]");
    if (event.type === "htmx:afterSettle") return this.settle();
    if (!cell || !this.contains(cell)) return;
    if (event.type === "click" && event.target.closest(".cell-edit") && !cell.editor) { event.preventDefault(); this.edit(cell); }
    else if (event.type === "paste") this.paste(event, cell);
    else if (event.type === "keydown") this.key(event, cell);
    else if (event.type === "change" && cell.editor?.matches("select:not([multiple])")) this.save(cell, true);
    else if (event.type === "focusout" && cell.editor && !cell.contains(event.relatedTarget)) this.save(cell, false);
  }

  key(event, cell) {
    if (!cell.editor) {
      if (event.key === "F2") { event.preventDefault(); this.edit(cell); }
      return;
    }
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.revert(cell); }
    else if (event.key === "Enter") { event.preventDefault(); this.save(cell, true); }
    else if (event.key === "Tab") {
      const cells = [...this.querySelectorAll("[data-cell]")].filter((one) => one.dataset.cell !== "title");
      const next = cells[cells.indexOf(cell) + (event.shiftKey ? -1 : 1)];
      if (!next) return;
      event.preventDefault();
      this.then = { row: next.closest("tr").id, cell: next.dataset.cell };
      if (!this.save(cell, false)) { this.revert(cell, false); this.resume(); }
    }
  }

  // `at`: from where to where the text is selected that was typed before the row was drawn anew.
  edit(cell, typed = null, sentence = "", at = null) {
    const template = this.querySelector(`template[data-editor="${cell.dataset.cell}"]`);
    if (!template) return this.fetch(cell, typed, sentence);
    const editor = template.content.firstElementChild.cloneNode(true);
    editor.removeAttribute("id");
    editor.classList.add("cell-edit", "is-editing");
    set(editor, typed ?? kept(cell));
    editor.setAttribute("aria-label", this.closest("table")?.rows[0]?.cells[cell.cellIndex]?.textContent.trim() || cell.dataset.cell);
    cell.before_ = [...cell.childNodes];
    cell.refused = Boolean(sentence);
    cell.append(editor);
    editor.focus();  // before the button goes: removing what has the focus counts as leaving the cell
    for (const node of cell.before_) node.remove();
    cell.editor = editor;
    if (sentence) {
      const note = document.createElement("span");
      note.className = "cell-note";
      note.setAttribute("role", "alert");
      note.textContent = sentence;
      cell.append(note);
      editor.setAttribute("aria-invalid", "true");
    }
    if (!at) editor.select?.();
    else if (typeof at[0] === "number") editor.setSelectionRange(...at);
  }

  paste(event, cell) {
    const text = event.clipboardData?.getData("text/plain") || "";
    if (cell.editor || !this.dataset.paste || !text) return;
    event.preventDefault();
    const all = [...this.querySelectorAll("tr[data-seen]")], row = cell.closest("tr");
    const ticked = all.filter((one) => one.querySelector("[data-tick]:checked"));
    const count = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").length;
    const rows = ticked.includes(row) ? ticked : all.slice(all.indexOf(row), all.indexOf(row) + count);
    const values = { column: cell.dataset.cell, values: text, numbers: rows.map((one) => one.dataset.id), seen: rows.map((one) => one.dataset.seen) };
    htmx.ajax("POST", this.dataset.paste, { target: "#pasting-body", swap: "innerHTML", values })
      .then(() => { if (document.querySelector("#pasting-body form")) document.getElementById("pasting").showModal(); }, () => {});  // offline: js/errors.js says so
  }

  async fetch(cell, typed, sentence) {
    if (!this.dataset.editors || cell.fetching) return;
    cell.fetching = true;
    const answer = await fetch(this.dataset.editors.replace("/x/", `/${cell.dataset.cell}/`), { headers: { "HX-Request": "true" } }).catch(() => null);
    cell.fetching = false;
    if (!answer) toast(words("offline"), { tone: "bad" });
    if (!answer?.ok) return;
    this.insertAdjacentHTML("beforeend", await answer.text());
    if (cell.isConnected && this.querySelector(`template[data-editor="${cell.dataset.cell}"]`)) this.edit(cell, typed, sentence);
  }

  revert(cell, focus = true) {
    const { editor } = cell;
    cell.editor = cell.seen = null;
    if (!editor) return;
    cell.replaceChildren(...cell.before_);
    if (focus) cell.querySelector("button, a")?.focus();
  }

  save(cell, stay) {
    const { editor } = cell, row = cell.closest("tr");
    if (!editor || cell.saving) return true;
    if (editor.validity?.badInput) { editor.reportValidity(); return true; }  // what cannot be read would be sent as nothing
    const value = get(editor), name = cell.dataset.cell, own = OWN.test(name);
    if (value === kept(cell) && !(cell.refused && stay)) {
      if (stay || !cell.refused) this.revert(cell, stay);
      return false;
    }
    cell.saving = true;
    if (stay) this.then = { row: row.id, cell: name, only: true };
    const values = { [own ? "value" : name]: value, seen: seenOf(cell), as: "row", columns: this.dataset.columns, order: this.dataset.order };
    const url = `${this.dataset.items}${row.dataset.id}/${own ? `fields/${name}` : "edit"}/`;
    this.sending = this.sending.then(() => this.send(cell, row, url, values));
    return true;
  }

  // One after the other: of several from one element htmx sends the first and the last. The one before may have drawn the row anew.
  send(cell, row, url, values) {
    return htmx.ajax("POST", url, { source: this.isConnected ? this : document.body, target: document.getElementById(row.id) || row, swap: "outerHTML", values })
      .then(() => { cell.unsent = false; }, () => this.keep(cell))
      .finally(() => { cell.saving = false; });
  }

  // No answer: what was typed stays in its editor, and is offered to be saved when one is online again.
  keep(cell) {
    cell.unsent = true;
    this.then = null;
    cell.editor?.setAttribute("aria-invalid", "true");
    addEventListener("online", this);
  }
  offer() {
    const unsent = [...this.querySelectorAll("[data-cell]")].filter((cell) => cell.unsent && cell.editor);
    removeEventListener("online", this);
    if (unsent.length) toast(words("unsent"), { tone: "warn", action: words("send"), run: () => { for (const cell of unsent) if (cell.isConnected) this.save(cell, false); } });
  }

  // The answer to one cell draws its row anew, in which another one is typed into by now.
  carry(row) {
    const cell = row.matches("tr") && this.contains(row) && [...row.querySelectorAll("[data-cell]")].find((one) => one.editor && !one.saving);
    if (!cell) return;
    const { editor } = cell, seen = seenOf(cell);  // as it was when one began: what others did to this cell since is a conflict
    this.carried = { row: row.id, cell: cell.dataset.cell, typed: get(editor), seen, at: [editor.selectionStart, editor.selectionEnd] };
    cell.editor = null;  // that it goes is not that one leaves it
  }

  settle() {
    const { carried } = this, cell = carried && this.cell(carried);
    this.carried = null;
    if (cell && !cell.editor) {
      cell.seen = carried.seen;
      this.edit(cell, carried.typed, "", carried.at);
    }
    const row = this.querySelector("tr[data-problem]");
    if (row) {
      const cell = row.querySelector(`[data-cell="${row.dataset.problem}"]`);
      this.then = null;
      const { typed, sentence } = row.dataset;
      row.removeAttribute("data-problem");
      if (cell) this.edit(cell, typed, sentence);
    } else this.resume();
  }

  cell({ row, cell }) { return this.querySelector(`#${CSS.escape(row)} [data-cell="${cell}"]`); }

  resume() {
    const typing = this.querySelector(".is-editing:focus")?.closest("[data-cell]");
    if (typing?.saving) return;  // another one was answered
    const next = !typing && this.then && this.cell(this.then), only = this.then?.only;
    this.then = null;
    if (!next) return;
    if (only) next.querySelector("button, a")?.focus();
    else this.edit(next);
  }
}
customElements.define("c-cells", Cells);

// One of the workspace's own fields goes by its key; several values of a list by their keys, with commas.
const OWN = /^f[0-9a-f]{8}$/;
const kept = (cell) => cell.dataset.value ?? cell.closest("tr").dataset.name;  // a title is the row's name
const seenOf = (cell) => cell.seen ?? cell.closest("tr").dataset.seen;
const get = (editor) => editor.multiple ? [...editor.selectedOptions].map((one) => one.value).join(",") : editor.value;
function set(editor, value) {
  if (!editor.multiple) { editor.value = value; return; }
  const chosen = value.split(",");
  for (const one of editor.options) one.selected = chosen.includes(one.value);
}
