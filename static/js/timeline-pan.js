// Panning a timeline: there is room for years on both sides, but only the months in view are in the page. Others are fetched as
// they come near, and those that were left far behind are taken out. By wheel, scrollbar and arrow keys as any region that
// scrolls, and by dragging the background.
import { dayOf, iso, monthEdges } from "./timeline-days.js";

const ROOM = 3000, SLACK = 4, SETTLE = 250, KEEP = 4;  // days on each side, pixels, milliseconds, views that stay in the page

export class Pan {
  constructor(timeline) {
    this.timeline = timeline;
    this.tl = timeline.querySelector(".tl");
    this.origin = dayOf(timeline.dataset.first);
    this.loaded = [this.origin, dayOf(timeline.dataset.last)];
    const days = this.loaded[1] - this.loaded[0] + 1, width = timeline.dayWidth;
    timeline.style.setProperty("--shift", ROOM);
    timeline.style.setProperty("--w", `${(days + 2 * ROOM) * width}px`);
    const at = timeline.dataset.at ? dayOf(timeline.dataset.at) : this.origin;
    this.place(at);
    this.still = this.tl.scrollLeft;
    this.tl.scrollTop = Number(sessionStorage.getItem(this.memory)) || 0;
    sessionStorage.removeItem(this.memory);
    this.tl.addEventListener("scroll", this.scrolled, { passive: true });
    this.leave = () => sessionStorage.setItem(this.memory, this.tl.scrollTop);
    addEventListener("pagehide", this.leave);
    this.look(0);
  }

  stop() {
    this.tl.removeEventListener("scroll", this.scrolled);
    removeEventListener("pagehide", this.leave);
    clearTimeout(this.soon);
  }

  get memory() { return `timeline-top:${location.pathname}`; }
  get laneWidth() { return this.timeline.querySelector(".tl__corner").offsetWidth; }
  get days() { return Math.max(1, (this.tl.clientWidth - this.laneWidth) / this.timeline.dayWidth); }  // in view
  get first() { return this.origin - ROOM + this.tl.scrollLeft / this.timeline.dayWidth; }

  place(day) { this.tl.scrollLeft = (day - this.origin + ROOM) * this.timeline.dayWidth; }

  scrolled = () => {
    if (this.tl.scrollLeft === this.still) return;  // it was put there, or was scrolled down
    this.still = null;
    if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.look(this.days / 2); });
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.settle(), SETTLE);
  };

  // The address says which day is at the edge, so that a reload, a link and what others do show the same.
  settle() {
    const address = new URL(location.href), at = iso(Math.round(this.first));
    if (address.searchParams.get("at") === at) return;
    address.searchParams.set("at", at);
    history.replaceState(history.state, "", address);
    this.timeline.dataset.query = address.searchParams.toString();
    for (const link of document.querySelectorAll("[data-keeps-place]")) {
      const there = new URL(link.href);
      there.searchParams.set("at", at);
      link.href = there;
    }
  }

  // What is missing of the view and so many days around it is fetched: one span at a time, whole months.
  async look(around) {
    const first = Math.floor(this.first - around), last = Math.ceil(this.first + this.days + around);
    if (this.fetching || (first >= this.loaded[0] && last <= this.loaded[1])) return;
    const far = first > this.loaded[1] + this.days || last < this.loaded[0] - this.days;
    const later = last > this.loaded[1];
    const span = far ? monthEdges(first, last) : later ? monthEdges(this.loaded[1] + 1, last + this.days / 2) : monthEdges(first - this.days / 2, this.loaded[0] - 1);
    this.fetching = true;
    const answer = await this.timeline.fetch({ first: iso(span[0]), last: iso(span[1]), beyond: far ? "" : later ? "later" : "earlier" });
    this.fetching = false;
    if (!answer || !this.timeline.isConnected) return;
    if (far) this.timeline.clear();
    this.loaded = far ? span : later ? [this.loaded[0], span[1]] : [span[0], this.loaded[1]];
    this.timeline.addSpan(answer);
    this.forget();
    this.look(around);
  }

  // Takes out what is so far from the view that nobody comes back to it soon.
  forget() {
    const most = KEEP * this.days;
    if (this.loaded[1] - this.loaded[0] < most) return;
    const middle = this.first + this.days / 2, [first, last] = monthEdges(middle - most / 3, middle + most / 3);
    this.loaded = [Math.max(first, this.loaded[0]), Math.min(last, this.loaded[1])];
    this.timeline.keepOnly(this.loaded);
  }

  // ---- the background, dragged. A hand over the page has the cursor: as a style of the lanes each bar would inherit it anew.
  grab(event) {
    const from = { x: event.clientX, y: event.clientY, left: this.tl.scrollLeft, top: this.tl.scrollTop };
    const hand = document.createElement("div"), keep = (start) => start.preventDefault();
    let going = false;
    const move = (now) => {
      if (!going && Math.hypot(now.clientX - from.x, now.clientY - from.y) < SLACK) return;
      if (!going) { going = true; this.tl.setPointerCapture(event.pointerId); hand.className = "tl__hand"; this.timeline.append(hand); }
      this.tl.scrollTo(from.left - now.clientX + from.x, from.top - now.clientY + from.y);
    };
    const end = () => {
      hand.remove();
      if (going) this.timeline.swallowClick();
      removeEventListener("selectstart", keep);
      for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) removeEventListener(name, act);
    };
    addEventListener("selectstart", keep);
    for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) addEventListener(name, act);
  }
}
