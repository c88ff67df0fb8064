// The arrows of a timeline: drawn between bars wherever these are, and drawn by the person from a bar's dot onto another bar, or
// by L on a focused bar: then the arrows of the keyboard choose another one, Enter links, Escape leaves it. A click beside an arrow
// opens its menu, Shift+L that of all arrows of the focused bar.
import { actionForm } from "./undo.js";
import { ArrowMenu } from "./timeline-arrow-menu.js";
import { apart, arrow, corners, middleOf, urlOf } from "./timeline-days.js";

const SVG = "http://www.w3.org/2000/svg";
const REACH = 7, REACH_OF_THUMBS = 14;  // pixels beside an arrow that are still it
const named = ({ dataset }) => `${dataset.needs} ${dataset.item}`;

export class Links {
  constructor(timeline) {
    this.timeline = timeline;
    this.box = timeline.querySelector("[data-conflicts]");
    this.sentences = new Map();
    this.lines = new Map();
    this.menu = new ArrowMenu(this);
    this.hear(this.box);
    this.box.addEventListener("toggle", this.list);
  }

  stop() {
    for (const frame of [this.frame, this.looking]) cancelAnimationFrame(frame);
    this.menu.stop();
    this.box.removeEventListener("toggle", this.list);
  }

  get body() { return this.timeline.querySelector(".tl__body"); }
  get svg() { return this.timeline.querySelector(".tl__deps"); }
  get paths() { return [...this.svg.querySelectorAll("path[data-needs]")]; }

  // All arrows anew, with the next picture.
  redraw() {
    if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.draw(); });
  }

  draw() {
    const { timeline } = this, width = timeline.dayWidth, tops = new Map(), bars = timeline.bars();
    const place = (key, atEnd) => {
      const bar = bars.get(key), row = bar?.closest("[data-lane]");
      if (!bar || row.classList.contains("is-folded")) return null;
      if (!tops.has(row)) tops.set(row, row.offsetTop);
      const from = Number(bar.style.getPropertyValue("--from")), days = atEnd ? Number(bar.style.getPropertyValue("--days")) : 0;
      return [(from + days) * width, tops.get(row) + middleOf(Number(bar.style.getPropertyValue("--row")))];
    };
    const drawn = this.paths.map((path) => [path, place(path.dataset.needs, true), place(path.dataset.item, false)]);
    this.lines.clear();
    for (const [path, from, to] of drawn) {
      if (from && to) this.lines.set(path, [from, to]);
      const d = from && to ? arrow(from, to) : null;
      if (d === path.getAttribute("d")) continue;
      if (d) path.setAttribute("d", d); else path.removeAttribute("d");
    }
    this.tell();
  }

  // What is wrong of arrows, as an answer says it.
  hear(answer) {
    for (const line of answer.querySelectorAll("li[data-needs]")) this.sentences.set(named(line), line.textContent);
  }

  // How many conflicts are drawn; each in words, with the way out of it, once somebody looks.
  tell() {
    const late = this.paths.filter((path) => path.classList.contains("is-bad")).map(named), said = late.map((names) => `${names} ${this.sentences.get(names)}`).join("\n");
    if (this.said === said) return;
    this.said = said;
    this.late = late;
    this.box.hidden = !late.length;
    this.box.querySelector("[data-count]").textContent = (late.length === 1 ? this.box.dataset.one : this.box.dataset.many).replace("{n}", late.length);
    this.listed = false;
    this.list();
  }

  list = () => {
    if (!this.box.open || this.listed) return;
    this.listed = true;
    this.box.querySelector("ul").replaceChildren(...this.late.map((names) => this.line(names)));
  };

  line(names) {
    const line = document.createElement("li"), words = document.createElement("span");
    words.textContent = this.sentences.get(names) || "";
    line.append(words);
    const needed = this.timeline.bar(names.split(" ")[0]), url = needed && urlOf(needed);
    if (url) line.append(actionForm(url.replace(/schedule\/$/, "follow/"), this.box.dataset.follow));
    return line;
  }

  sentence(path) { return path.classList.contains("is-bad") ? this.sentences.get(named(path)) || "" : ""; }

  // ---- pointed at: the nearest one within reach, where no bar lies over it
  near({ target, clientX, clientY, pointerType }) {
    if (!this.timeline.pan.tl.contains(target) || target.closest(".tl__lane, .tl__head, .tl__row--rel, [data-bar]")) return null;
    const box = this.svg.getBoundingClientRect(), point = [clientX - box.left, clientY - box.top];
    let found = null, least = pointerType === "touch" ? REACH_OF_THUMBS : REACH;
    for (const [path, ends] of this.lines) {
      const far = apart(point, corners(...ends));
      if (far < least) [found, least] = [path, far];
    }
    return found;
  }

  look(event) {
    this.seen = event.buttons ? null : event;
    this.looking ||= requestAnimationFrame(() => { this.looking = 0; if (!this.menu.box?.isConnected) this.point(this.seen && this.near(this.seen)); });
  }

  point(path) {
    if (this.pointed === path) return;
    this.pointed?.classList.remove("is-near");
    this.pointed = path;
    path?.classList.add("is-near");
    this.body.classList.toggle("has-near", Boolean(path));
    if (path) this.body.title = this.menu.said(path); else this.body.removeAttribute("title");
  }

  // True when it was a click beside an arrow, which opens its menu there.
  click(event) {
    const path = event.detail ? this.near(event) : null;
    if (path) { this.point(path); this.menu.open([path], event.clientX, event.clientY); }
    return Boolean(path);
  }

  openOf(bar) {
    const key = bar.dataset.bar, own = this.paths.filter(({ dataset }) => dataset.needs === key || dataset.item === key), box = bar.getBoundingClientRect();
    if (own.length) this.menu.open(own, box.left, box.bottom); else this.timeline.say("unlinked", bar);
  }

  // New and changed arrows of an answer; `keys` are the bars whose arrows it knows all of.
  take(answer, keys) {
    this.hear(answer);
    const there = new Set();
    for (const path of this.paths) {
      if (keys === null || keys.has(path.dataset.needs) || keys.has(path.dataset.item)) path.remove(); else there.add(named(path));
    }
    const fresh = [...answer.querySelectorAll("path[data-needs]")].filter((path) => !there.has(named(path)));
    this.svg.querySelector("g").append(...fresh.map((path) => document.importNode(path, true)));
    this.redraw();
  }

  // ---- drawn by the person: from the dot of what is needed to the bar that needs it
  grab(event, bar) {
    event.preventDefault();
    const path = document.createElementNS(SVG, "path"), box = this.svg.getBoundingClientRect();
    path.setAttribute("class", "is-drawn");
    this.svg.classList.add("is-drawing");
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
      this.svg.classList.remove("is-drawing");
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
    if (!this.from && event.key.toLowerCase() === "l" && bar && (event.shiftKey || urlOf(bar)) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      event.stopPropagation();
      if (event.shiftKey) { this.openOf(bar); return true; }
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
    if (!urlOf(waiting)) return;
    this.timeline.post(urlOf(waiting).replace(/schedule\/$/, "arrow/"), () => ({ needs: needed.dataset.bar }));
  }
}
