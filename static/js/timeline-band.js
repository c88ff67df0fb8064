// A band that is drawn over the background with Shift held chooses the bars that it touches, besides those that are chosen already.
// Near an edge the lanes go on below it; Escape takes it back. By keyboard the same is Space on each bar, or Shift ↑ ↓.
import { urlOf } from "./timeline-days.js";

const SLACK = 4, EDGE = 24, STEP = 12;  // pixels: before it begins, from the edge where the lanes go on, and how far in a frame

export class Band {
  constructor(timeline) { this.timeline = timeline; }

  stop() { this.quit?.(); }

  // Whether it begins here: where nothing can be moved nothing is chosen.
  wanted(event) { return event.shiftKey && this.timeline.querySelector("[data-bar][data-seen]") !== null; }

  grab(event) {
    const { timeline } = this, { tl } = timeline.pan, kept = new Set(timeline.move.chosen);
    const band = Object.assign(document.createElement("div"), { className: "tl__band" }), hand = Object.assign(document.createElement("div"), { className: "tl__hand tl__hand--band" });
    const at = (now) => ({ x: now.clientX - tl.getBoundingClientRect().left + tl.scrollLeft, y: now.clientY - tl.getBoundingClientRect().top + tl.scrollTop });
    const from = at(event), keep = (start) => start.preventDefault();
    let last = event, frame = 0, going = false;

    const draw = () => {
      frame = requestAnimationFrame(draw);
      this.follow(tl, last);
      const to = at(last), [x, y] = [Math.min(from.x, to.x), Math.min(from.y, to.y)];
      for (const [name, value] of [["--x", x], ["--y", y], ["--w", Math.abs(from.x - to.x)], ["--h", Math.abs(from.y - to.y)]]) band.style.setProperty(name, `${value}px`);
      this.touch(band.getBoundingClientRect(), kept);
    };
    const move = (now) => {
      last = now;
      if (going || Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) < SLACK) return;
      going = true;
      tl.append(band);
      timeline.append(hand);
      draw();
    };
    const end = () => {
      this.quit();
      if (!going) return;
      timeline.swallowClick();
      timeline.counted(timeline.move.chosen.length);
    };
    const escape = (key) => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      this.quit();
      this.choose(kept, new Set());
    };
    const heard = [["pointermove", move], ["pointerup", end], ["pointercancel", end], ["selectstart", keep]];
    this.quit = () => {
      cancelAnimationFrame(frame);
      band.remove();
      hand.remove();
      for (const [name, act] of heard) removeEventListener(name, act);
      removeEventListener("keydown", escape, true);
      this.quit = null;
    };
    for (const [name, act] of heard) addEventListener(name, act);
    addEventListener("keydown", escape, true);
  }

  // The lanes go on where the pointer is near an edge, or beyond it.
  follow(tl, { clientX, clientY }) {
    const box = tl.getBoundingClientRect(), left = box.left + this.timeline.pan.laneWidth;
    const by = (at, low, high) => (at < low + EDGE ? -STEP : at > high - EDGE ? STEP : 0);
    tl.scrollBy(by(clientX, left, box.right), by(clientY, box.top + EDGE * 3, box.bottom));
  }

  touch(box, kept) {
    const over = (one) => { const at = one.getBoundingClientRect(); return at.left < box.right && at.right > box.left && at.top < box.bottom && at.bottom > box.top; };
    const touched = new Set();
    for (const area of this.timeline.querySelectorAll("[data-lane]:not(.is-folded) > .tl__area")) {
      if (over(area)) for (const bar of area.children) if (over(bar) && urlOf(bar)) touched.add(bar);
    }
    this.choose(kept, touched);
  }

  choose(...chosen) {
    for (const bar of this.timeline.querySelectorAll("[data-bar]")) bar.classList.toggle("is-selected", chosen.some((some) => some.has(bar)));
  }
}
