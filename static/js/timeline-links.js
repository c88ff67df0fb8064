// The arrows of a timeline: drawn between bars wherever these are, and drawn by the person from a bar's dot onto another bar, or
// by L on a focused bar: then the arrows of the keyboard choose another one, Enter links, Escape leaves it.
import { actionForm } from "./toast.js";
import { arrow, middleOf } from "./timeline-days.js";

const SVG = "http://www.w3.org/2000/svg";

export class Links {
  constructor(timeline) { this.timeline = timeline; }
  stop() { cancelAnimationFrame(this.frame); }

  get svg() { return this.timeline.querySelector(".tl__deps"); }

  // All arrows anew, with the next picture.
  redraw() {
    if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  draw() {
    const { timeline } = this, width = timeline.dayWidth, tops = new Map();
    const place = (key, atEnd) => {
      const bar = timeline.bar(key), row = bar?.closest("[data-lane]");
      if (!bar || row.classList.contains("is-folded")) return null;
      if (!tops.has(row)) tops.set(row, row.offsetTop);
      const from = Number(bar.style.getPropertyValue("--from")), days = atEnd ? Number(bar.style.getPropertyValue("--days")) : 0;
      return [(from + days) * width, tops.get(row) + middleOf(Number(bar.style.getPropertyValue("--row")))];
    };
    const drawn = [...this.svg.querySelectorAll("path[data-needs]")].map((path) => [path, place(path.dataset.needs, true), place(path.dataset.item, false)]);
    for (const [path, from, to] of drawn) {
      if (from && to) path.setAttribute("d", arrow(from, to)); else path.removeAttribute("d");
    }
    this.tell();
  }

  // The sentences of the conflicts that are drawn, each with the way out of it.
  tell() {
    const box = this.timeline.querySelector("[data-conflicts]");
    if (!box) return;
    const late = [...this.svg.querySelectorAll("path.is-bad")].filter((path) => path.querySelector("title"));
    const said = late.map((path) => `${path.dataset.needs}|${path.dataset.item}|${path.textContent}`).join("\n");
    if (box.dataset.said === said) return;
    box.dataset.said = said;
    box.hidden = !late.length;
    box.querySelector("[data-count]").textContent = (late.length === 1 ? box.dataset.one : box.dataset.many).replace("{n}", late.length);
    box.querySelector("ul").replaceChildren(...late.map((path) => this.line(path, box)));
  }

  line(path, box) {
    const line = document.createElement("li"), words = document.createElement("span");
    words.textContent = path.textContent;
    line.append(words);
    const url = this.timeline.bar(path.dataset.needs)?.dataset.url;
    if (url) line.append(actionForm(url.replace(/schedule\/$/, "follow/"), box.dataset.follow));
    return line;
  }

  // New and changed arrows of an answer; `keys` are the bars whose arrows it knows all of.
  take(paths, keys) {
    for (const path of this.svg.querySelectorAll("path[data-needs]")) {
      if (keys === null || keys.has(path.dataset.needs) || keys.has(path.dataset.item)) path.remove();
    }
    const there = new Set([...this.svg.querySelectorAll("path[data-needs]")].map((path) => `${path.dataset.needs} ${path.dataset.item}`));
    for (const path of paths) if (!there.has(`${path.dataset.needs} ${path.dataset.item}`)) this.svg.append(document.importNode(path, true));
    this.redraw();
  }

  // ---- drawn by the person: from the dot of what is needed to the bar that needs it
  grab(event, bar) {
    event.preventDefault();
    const path = document.createElementNS(SVG, "path"), box = this.svg.getBoundingClientRect();
    path.setAttribute("class", "is-drawn");
    this.svg.append(path);
    const from = this.dot(bar);
    let over = null;
    const move = (now) => {
      const there = document.elementFromPoint(now.clientX, now.clientY)?.closest("[data-bar]");
      over?.classList.remove("is-aimed");
      over = there && there !== bar && this.timeline.contains(there) ? there : null;
      over?.classList.add("is-aimed");
      path.setAttribute("d", `M${from[0]} ${from[1]}L${now.clientX - box.left} ${now.clientY - box.top}`);
    };
    const end = (now) => {
      this.quit();
      over?.classList.remove("is-aimed");
      if (now.type === "pointerup" && over) this.link(bar, over);
    };
    const escape = (key) => { if (key.key === "Escape") { key.stopPropagation(); over = null; end(key); } };
    this.quit = () => {
      path.remove();
      for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) removeEventListener(name, act);
      removeEventListener("keydown", escape, true);
    };
    for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) addEventListener(name, act);
    addEventListener("keydown", escape, true);
  }

  dot(bar) {
    const box = bar.getBoundingClientRect(), svg = this.svg.getBoundingClientRect();
    return [box.right - svg.left, box.top - svg.top + box.height / 2];
  }

  // ---- by keyboard: true when the key was one of a choice that is going on
  key(event, bar) {
    if (!this.from && event.key.toLowerCase() === "l" && bar?.dataset.url && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      this.from = bar;
      bar.classList.add("is-aimed");
      this.timeline.say("picking", bar);
      return true;
    }
    if (!this.from) return false;
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); this.leave(); this.timeline.say("cancelled", bar || this.last); return true; }
    if (event.key === "Enter" && bar && bar !== this.from) {
      event.preventDefault();
      const needed = this.from;
      this.leave();
      this.link(needed, bar);
      return true;
    }
    return false;
  }

  leave() {
    this.last = this.from;
    this.from?.classList.remove("is-aimed");
    this.from = null;
  }

  link(needed, waiting) {
    if (!waiting.dataset.url) return;
    this.timeline.post(waiting.dataset.url.replace(/schedule\/$/, "arrow/"), () => ({ needs: needed.dataset.bar }));
  }
}
