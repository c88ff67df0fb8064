import { movable } from "./column-order.js";

// <c-width> in the head of a column ([data-column]): drag it, or with ← → once it has the focus, and the column becomes wider or
// narrower; double click or Enter gives it the usual width back. Alt ← → puts the column elsewhere, as dragging its head does. What was chosen is kept by
// data-widths of the <c-cells> for the person, and stands in the address.
const MOVED = "column-moved", NARROWEST = 48, WIDEST = 900, STEP = 16;

class Width extends HTMLElement {
  connectedCallback() {
    for (const type of ["pointerdown", "keydown", "dblclick", "click"]) this.addEventListener(type, this);
    movable(this.head, (order) => this.keep(order, 0));
    if (sessionStorage.getItem(MOVED) === this.head.dataset.column) {  // it goes on from where it stands now
      sessionStorage.removeItem(MOVED);
      this.focus();
    }
    this.setAttribute("aria-valuemin", NARROWEST);
    this.setAttribute("aria-valuemax", WIDEST);
    this.setAttribute("aria-valuenow", Math.round(this.head.offsetWidth));
  }
  disconnectedCallback() { clearTimeout(this.soon); }
  get head() { return this.closest("[data-column]"); }

  handleEvent(event) {
    if (event.type === "click") event.preventDefault();
    else if (event.type === "pointerdown") this.drag(event);
    else if (event.type === "dblclick") this.set(0);
    else this.key(event);
  }

  key(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && event.altKey) this.move(step);
    else if (step) this.set(this.head.offsetWidth + step * STEP);
    else if (event.key === "Enter") this.set(0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  drag(event) {
    event.preventDefault();
    this.focus();
    const from = event.clientX, width = this.head.offsetWidth, turned = getComputedStyle(this).direction === "rtl" ? -1 : 1;
    const move = (now) => this.set(width + (now.clientX - from) * turned);
    const end = () => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
  }

  set(width) {
    const table = this.closest("table");
    if (!table.classList.contains("backlog--chosen")) {  // the widths that the stylesheet gave stay as they are
      for (const head of heads(table)) if (head.dataset.column !== "title") head.style.setProperty("--w", `${head.offsetWidth}px`);
      table.classList.add("backlog--chosen");
    }
    if (width) this.head.style.setProperty("--w", `${Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)))}px`);
    else this.head.style.removeProperty("--w");
    this.setAttribute("aria-valuenow", Math.round(this.head.offsetWidth));
    this.keep();
  }

  move(step) {
    const table = this.closest("table"), all = heads(table), to = all.indexOf(this.head) + step;
    if (to < 1 || to >= all.length || this.head.dataset.column === "title") return;
    [all[to - step], all[to]] = [all[to], all[to - step]];
    sessionStorage.setItem(MOVED, this.head.dataset.column);
    this.keep(all, 0);
  }

  // The rows are drawn by the server: a column that is put elsewhere is fetched with its table.
  keep(order = null, delay = 400) {
    clearTimeout(this.soon);
    this.soon = setTimeout(async () => {
      const table = this.closest("table"), cells = table.closest("c-cells");
      const columns = (order || heads(table)).map((head) => {
        const width = parseInt(head.style.getPropertyValue("--w"), 10);
        return head.dataset.column + (width ? `:${width}` : "");
      }).join(",");
      const address = new URL(location.href);
      address.searchParams.set("columns", columns);
      address.searchParams.delete("after");
      history.replaceState(history.state, "", address);
      cells.dataset.columns = columns;
      cells.dataset.liveUrl = address.pathname + address.search;
      await fetch(cells.dataset.widths, { method: "POST", body: new URLSearchParams({ columns }), headers: { "X-CSRFToken": token() } });
      if (order) location.reload();
    }, delay);
  }
}
customElements.define("c-width", Width);

const heads = (table) => [...table.tHead.querySelectorAll("[data-column]")];
const token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || document.querySelector("[name=csrfmiddlewaretoken]")?.value || "";
