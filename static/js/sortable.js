// <c-sortable data-url>: one or more lists ([data-list="id"]) of things ([data-id]) with a handle ([data-grab]); a mouse drags them by
// data-handle too, such as the whole card. A thing may have a data-url of its own; in that of the whole, {id} stands for the thing's.
// By pointer, or by keyboard: Space lifts, arrows move, Space drops, Escape cancels; Alt ↑ ↓ moves at once.
// With data-many, a ticked thing takes all that are ticked along: they are posted there as numbers.
// A drop posts moved, list, after, before, and the lane where it is another one; a refusal (text/plain) puts the thing back and says why.
// Presses of Alt ↑ ↓ are gathered for half a second. A redraw on its own waits for that (.is-nudged in live.js), one that comes
// nevertheless has them sent first, and what it drew before the move was known is fetched once more.

const FINE = matchMedia("(pointer: fine)");  // a thumb scrolls where it touches a card
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
let library = null;

class SortableLists extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
    this.addEventListener("focusout", this);
    this.addEventListener("htmx:afterRequest", this);
    this.addEventListener("htmx:afterSettle", this);
    document.addEventListener("htmx:beforeSwap", this);
    library ??= import(document.body.dataset.staticSortable);
    library.then(() => this.isConnected && this.attach());
  }
  disconnectedCallback() {
    for (const one of this.sortables || []) one.destroy();
    this.sortables = null;
    document.removeEventListener("htmx:beforeSwap", this);
  }
  get lists() { return [...this.querySelectorAll("[data-list]")]; }

  // Lists that came since are taken in, those that went are let go.
  attach() {
    const gone = (one) => !this.contains(one.el), known = new Set((this.sortables || []).map((one) => one.el));
    for (const one of (this.sortables || []).filter(gone)) one.destroy();
    const fresh = this.lists.filter((list) => !known.has(list)).map((list) => window.Sortable.create(list, {
      handle: (FINE.matches && this.dataset.handle) || "[data-grab]",
      draggable: "[data-id]",
      group: this.lists.length > 1 ? "lists" : undefined,
      animation: CALM.matches ? 0 : 120,
      forceFallback: true,
      fallbackTolerance: 4,
      delay: 150,
      delayOnTouchOnly: true,
      ghostClass: "is-hole",
      dragClass: "is-dragged",
      onStart: ({ item }) => { this.from = place(item); },
      onEnd: ({ item }) => { if (changed(item, this.from)) this.drop(item); },
    }));
    this.sortables = [...(this.sortables || []).filter((one) => one.el && !gone(one)), ...fresh];
  }

  handleEvent(event) {
    if (event.type === "htmx:afterRequest") return this.answered(event);
    if (event.type === "htmx:afterSettle") return this.sortables && this.attach();
    if (event.type === "htmx:beforeSwap") return this.redrawn(event.detail);
    if (event.type === "focusout") {
      if (this.nudged && !this.moving && !this.contains(event.relatedTarget)) this.settle();
      if (this.lifted && !this.moving && !this.contains(event.relatedTarget)) this.cancel();
      return;
    }
    const handle = event.target.closest("[data-grab]");
    const item = (handle || event.target).closest("[data-id]");
    if (!item || !this.contains(item)) return;
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (event.altKey && step && !step[1]) this.nudge(event, item, step);
    else if (handle && (event.key === " " || (event.key === "Enter" && this.lifted))) this.toggle(event, item);
    else if (this.lifted === item && step) this.step(event, item, step);
    else if (this.lifted === item && event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.cancel(); }
  }

  toggle(event, item) {
    event.preventDefault();
    if (this.lifted) {
      const from = this.from;
      this.release();
      this.say("dropped", item);
      if (changed(item, from)) this.drop(item);
      return;
    }
    this.lifted = item;
    this.from = place(item);
    item.classList.add("is-lifted");
    this.say("lifted", item);
  }

  step(event, item, [down, across]) {
    event.preventDefault();
    this.moving = true;
    shift(item, down, across, this.lists);
    item.querySelector("[data-grab]")?.focus();
    item.scrollIntoView({ block: "nearest" });
    this.moving = false;
    this.say("moved", item);
  }

  nudge(event, item, [down]) {
    event.preventDefault();
    const focused = document.activeElement;
    if (this.nudged !== item) {
      this.settle();
      this.from = place(item);
      this.nudged = item;
      item.classList.add("is-nudged");
    }
    this.moving = true;
    shift(item, down, 0, this.lists);
    focused?.focus();
    this.moving = false;
    this.say("moved", item);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.settle(), 500);
  }

  // Send what Alt ↑ ↓ moved, in the name of what hears the answer.
  settle(source = this) {
    const item = this.nudged;
    clearTimeout(this.soon);
    if (!item) return;
    this.nudged = null;
    item.classList.remove("is-nudged");
    if (changed(item, this.from)) this.drop(item, source);
    else this.catchUp(this.closest("[data-live]"));
  }

  // Something fetched is about to take the place of what is being moved: it may have been drawn before.
  redrawn({ target, requestConfig }) {
    if (requestConfig?.verb !== "get" || !(target?.contains(this) || this.contains(target))) return;
    this.settle(document.body);
    this.overtaken ||= this.sending;
  }

  catchUp(piece) {
    if (!piece || this.sending || !(this.overtaken || "stale" in piece.dataset)) return;
    this.overtaken = false;
    (piece.isConnected ? piece : document.getElementById(piece.id))?.dispatchEvent(new CustomEvent("live:stale", { bubbles: true }));
  }

  cancel() {
    const item = this.lifted;
    this.moving = true;
    putBack(item, this.from);
    this.moving = false;
    this.release();
    item.querySelector("[data-grab]")?.focus();
    this.say("cancelled", item);
  }

  release() {
    this.lifted?.classList.remove("is-lifted");
    this.lifted = null;
  }

  drop(item, source = this) {
    this.dropped = { item, from: this.from };
    const along = this.dataset.many && item.querySelector("[data-tick]:checked") ? siblings(item.parentElement).filter((one) => one.querySelector("[data-tick]:checked")) : [];
    const stays = (one) => one.dataset.id && kin(one) === kin(item) && !along.includes(one);
    const near = (side) => { let one = item[side]; while (one && !stays(one)) one = one[side]; return one?.dataset.id || ""; };
    const values = { moved: item.dataset.id, version: item.dataset.version || "", list: item.closest("[data-list]").dataset.list, after: near("previousElementSibling"), before: near("nextElementSibling") };
    if (laneOf(item.parentElement) !== laneOf(this.dropped.from.list)) values.lane = laneOf(item.parentElement).dataset.lane;
    const target = this.dataset.target ? document.querySelector(this.dataset.target) : this;
    if (along.length > 1) {
      values.numbers = along.map((one) => one.dataset.id);
      if (values.after) values.before = "";
    }
    const piece = this.closest("[data-live]");
    this.sending = true;
    const sent = htmx.ajax("POST", along.length > 1 ? this.dataset.many : item.dataset.url || this.dataset.url.replace("{id}", item.dataset.id), { source, target, swap: this.dataset.swap || "none", values });
    const done = () => { this.sending = false; this.catchUp(piece); };
    sent.then(done, done);
  }

  answered(event) {
    const { xhr } = event.detail;
    if (event.target !== this || !this.dropped || (xhr.status >= 200 && xhr.status < 400)) return;
    const { item, from } = this.dropped;
    if (item.isConnected) putBack(item, from);
    this.dropped = null;
  }

  say(what, item) {
    const box = document.getElementById("announcer");
    if (!box) return;
    const all = siblings(item.parentElement), words = box.dataset[what] || "";
    box.textContent = words
      .replace("{name}", item.dataset.name || item.dataset.id)
      .replace("{place}", all.indexOf(item) + 1)
      .replace("{all}", all.length)
      .replace("{list}", item.closest("[data-list]").getAttribute("aria-label") || "");
  }
}
customElements.define("c-sortable", SortableLists);

// Things of several kins may stand in one list, as items of several products on a board: each ranks among its own.
const kin = (item) => item.dataset.kin || "";
const laneOf = (list) => list.closest("[data-lane]");
const siblings = (list) => [...list.children].filter((one) => one.dataset.id);
const place = (item) => ({ list: item.parentElement, next: item.nextElementSibling });
const changed = (item, from) => from && (item.parentElement !== from.list || item.nextElementSibling !== from.next);
const putBack = (item, from) => from.list.insertBefore(item, from.next?.parentElement === from.list ? from.next : null);

// Lists may stand in lanes ([data-lane]), each a row of the same lists: across goes to the next one of the lane, and down from the
// last of a list to the list of that name in the lane below.
function shift(item, down, across, lists) {
  const from = item.closest("[data-list]"), lane = laneOf(from);
  if (across) {
    const beside = lists.filter((one) => laneOf(one) === lane), list = beside[beside.indexOf(from) + across];
    if (list) list.insertBefore(item, siblings(list)[siblings(from).indexOf(item)] || null);
    return;
  }
  const all = siblings(from), there = all[all.indexOf(item) + down];
  if (there) return there[down > 0 ? "after" : "before"](item);
  const below = lane ? lists.filter((one) => one.dataset.list === from.dataset.list) : [], next = below[below.indexOf(from) + down];
  if (next) next.insertBefore(item, down > 0 ? siblings(next)[0] || null : next.querySelector(":scope > :not([data-id])"));
}
