// What an arrow says, and the ways out of it: it is removed, or who waits moves along. Opened by a click beside an arrow, and by
// Shift+L on a focused bar with all arrows of that bar. Escape and a click elsewhere close it, as any popover.
import { titleOf, urlOf } from "./timeline-days.js";

export class ArrowMenu {
  constructor(links) {
    this.links = links;
    this.timeline = links.timeline;
  }

  stop() { this.box?.remove(); }

  // At a point of the window; the words come first, then what can be done.
  open(paths, x, y) {
    this.stop();
    const box = this.box = document.createElement("div");
    box.className = "menu arrow-menu";
    box.popover = "auto";
    box.tabIndex = -1;  // it takes the focus where nothing can be done
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", this.words.label);
    for (const path of paths) box.append(this.part(path));
    box.addEventListener("toggle", ({ newState }) => { if (newState === "closed") this.close(box); });
    box.addEventListener("keydown", this.key);
    this.timeline.append(box);
    box.showPopover();
    const edge = 8, { offsetWidth, offsetHeight } = box;
    box.style.setProperty("--x", `${Math.max(edge, Math.min(x, innerWidth - offsetWidth - edge))}px`);
    box.style.setProperty("--y", `${Math.max(edge, y + offsetHeight + edge > innerHeight ? y - offsetHeight - edge : y + edge)}px`);
    (box.querySelector("button") || box).focus();
  }

  close(box) {
    this.links.point(null);
    box.remove();
  }

  get words() { return this.links.svg.dataset; }

  // In words: what is wrong of it, else who needs whom.
  said(path) {
    const name = (key) => { const bar = this.timeline.bar(key); return bar ? titleOf(bar) : key; }, { needs, item } = path.dataset;
    return this.links.sentence(path) || this.words.says.replace("{item}", name(item)).replace("{needs}", name(needs));
  }

  part(path) {
    const { needs, item } = path.dataset, part = document.createElement("div"), late = Boolean(this.links.sentence(path)), said = document.createElement("p");
    said.textContent = this.said(path);
    said.classList.toggle("is-bad", late);
    part.append(said);
    const waiting = this.addressOf(item, needs), needed = this.addressOf(needs, item);
    if (waiting) part.append(this.button(this.words.remove, () => this.timeline.post(`${waiting}arrow/remove/`, () => ({ needs }))));
    if (late && needed) part.append(this.button(this.words.follow, () => this.timeline.post(`${needed}follow/`, () => ({}))));
    for (const name of ["pointerenter", "focusin"]) part.addEventListener(name, () => this.links.point(path));
    return part;
  }

  button(words, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "menu__item";
    button.textContent = words;
    button.addEventListener("click", () => { this.box.hidePopover(); act(); });
    return button;
  }

  // The address of one end, where somebody may move it: of a bar that is not in the page the other end says where it would be.
  addressOf(key, other) {
    const bar = this.timeline.bar(key), known = bar ? urlOf(bar) : urlOf(this.timeline.bar(other) || { dataset: {} }), at = key.lastIndexOf("-");
    return known.replace(/p\/[^/]+\/items\/\d+\/schedule\/$/, `p/${key.slice(0, at)}/items/${key.slice(at + 1)}/`);
  }

  key = (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    event.stopPropagation();
    if (!by) return;
    const all = [...this.box.querySelectorAll("button")], at = all.indexOf(document.activeElement);
    event.preventDefault();
    all[(at + by + all.length) % all.length]?.focus();
  };
}
