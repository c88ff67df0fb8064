// Moving and resizing bars, one or all that are chosen, in days, months or quarters. By pointer: the body moves (lifted by a thumb
// that rests on it), the ends resize, another lane changes what the lanes are made of, the tray below takes the days away, and a chip of it is dropped onto a lane. By
// keyboard on a focused bar: ← → move (Shift: a week, or three units), Alt with them moves the end, Alt and Shift the start, Alt ↑ ↓
// changes the lane, Delete takes the days away; ↑ ↓ go to another bar, Shift with them or Space choose, Escape takes it back.
import { dayOf, iso, moved, stepped, urlOf } from "./timeline-days.js";

const SLACK = 4, FIRST_SPAN = 14, PAUSE = 600, HOLD = 350;

export class Move {
  constructor(timeline) {
    this.timeline = timeline;
    this.nudged = null;
  }

  stop() { this.quit?.(); clearTimeout(this.soon); }

  // ---- chosen bars move together
  get chosen() { return [...this.timeline.querySelectorAll(".bar.is-selected")]; }

  choose(bar, on = !bar.classList.contains("is-selected")) {
    if (!urlOf(bar)) return;
    bar.classList.toggle("is-selected", on);
    this.timeline.said(on ? "chosen" : "unchosen", bar, this.chosen.length);
  }

  chooseNone() { for (const bar of this.chosen) bar.classList.remove("is-selected"); }
  group(bar) { return bar.classList.contains("is-selected") ? this.chosen : [bar]; }

  // ---- pointer
  grab(event, thing) {
    const chip = thing.matches("[data-tray]"), part = event.target.closest("[data-grip]")?.dataset.grip || "move";
    if (event.pointerType === "touch" && part === "move" && !chip) this.hold(event, thing);
    else this.drag(event, thing, part, chip);
  }

  // A thumb scrolls. Where it rests on a bar the bar is lifted, and follows it.
  hold(event, bar) {
    const slip = (now) => { if (Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) >= 2 * SLACK) leave(); };
    const leave = () => {
      clearTimeout(resting);
      for (const [name, act] of [["pointermove", slip], ["pointerup", leave], ["pointercancel", leave]]) removeEventListener(name, act);
    };
    const resting = setTimeout(() => { leave(); if (bar.isConnected) this.drag(event, bar, "move", false, true); }, HOLD);
    for (const [name, act] of [["pointermove", slip], ["pointerup", leave], ["pointercancel", leave]]) addEventListener(name, act);
  }

  drag(event, thing, part, chip, lifted = false) {
    const group = chip ? [thing] : part === "move" ? this.group(thing) : [thing];
    const tl = this.timeline.querySelector(".tl"), from = { x: event.clientX, y: event.clientY, left: tl.scrollLeft };
    let going = false;
    const begin = () => { going = true; thing.setPointerCapture(event.pointerId); for (const one of group) one.classList.add("is-dragged"); };
    const move = (now) => {
      if (!going && Math.hypot(now.clientX - from.x, now.clientY - from.y) < SLACK) return;
      if (!going) begin();
      now.preventDefault();
      if (chip) this.carry(thing, now);
      else this.shape(group, part, Math.round((now.clientX - from.x + tl.scrollLeft - from.left) / this.timeline.dayWidth));
      this.aim(part === "move" ? this.targetAt(now) : null);
    };
    const end = (now) => {
      const target = this.aimed;
      this.quit();
      if (!going) return;
      this.timeline.swallowClick();
      if (now.type === "pointercancel") return group.forEach((one) => this.reset(one));
      if (chip) return this.dropChip(thing, target, now);
      this.drop(group, target);
    };
    const escape = (key) => { if (key.key === "Escape") { key.stopPropagation(); this.quit(); group.forEach((one) => this.reset(one)); } };
    this.quit = () => {
      for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) removeEventListener(name, act);
      removeEventListener("keydown", escape, true);
      for (const one of group) one.classList.remove("is-dragged");
      this.aim(null);
      this.quit = null;
      this.lifted = false;
      this.timeline.idle();
    };
    for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) addEventListener(name, act);
    addEventListener("keydown", escape, true);
    this.lifted = lifted;
    if (lifted) begin();
  }

  // The lane below the pointer, or the tray.
  targetAt(event) {
    for (const row of this.timeline.querySelectorAll("[data-lane], .tray")) {
      const box = row.getBoundingClientRect();
      if (event.clientY >= box.top && event.clientY < box.bottom) return row;
    }
    return null;
  }

  aim(target) {
    const area = (one) => one?.querySelector(".tl__area") || one;
    if (this.aimed === target) return;
    area(this.aimed)?.classList.remove("is-target");
    this.aimed = target;
    area(target)?.classList.add("is-target");
  }

  carry(chip, event) {
    chip.style.setProperty("--x", `${event.clientX + 6}px`);
    chip.style.setProperty("--y", `${event.clientY + 6}px`);
  }

  drop(group, target) {
    if (target?.matches(".tray")) return this.unschedule(group);
    const lane = target && group.some((bar) => bar.closest("[data-lane]") !== target) ? target : null;
    this.send(group, lane);
  }

  // Onto a lane, or anywhere on the scale below the heads: then what the lanes are made of stays as it is.
  dropChip(chip, lane, event) {
    const { timeline } = this, body = timeline.querySelector(".tl__body").getBoundingClientRect(), corner = timeline.querySelector(".tl__corner").getBoundingClientRect();
    if (event.clientY < body.top || event.clientY > timeline.querySelector(".tl").getBoundingClientRect().bottom || event.clientX < corner.right) return;
    const start = Math.round(timeline.pan.first + (event.clientX - corner.right) / timeline.dayWidth);
    this.schedule(chip, start, lane?.matches("[data-lane]") ? lane : null);
  }

  schedule(chip, start, lane = null) {
    const [first, last] = moved([start, start + FIRST_SPAN - 1], { move: 0 }, "day");
    const extra = this.laneOf(lane);
    this.timeline.post(urlOf(chip), () => ({ starts_on: iso(first), ends_on: iso(last), seen: chip.dataset.seen, ...extra }));
  }

  // ---- keyboard: true when the key was one of these
  key(event, bar) {
    const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key], down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (event.ctrlKey || event.metaKey) return false;
    if (down && !event.altKey) return this.go(event, bar, down);
    if (!urlOf(bar)) return false;
    if (event.key === " ") { event.preventDefault(); this.choose(bar); return true; }
    if (event.key === "Escape" && (this.nudged?.includes(bar) || this.chosen.length)) { this.takeBack(event, bar); return true; }
    if (event.key === "Delete") { event.preventDefault(); this.flush(); this.unschedule(this.group(bar)); return true; }
    if (down) { event.preventDefault(); this.flush(); this.changeLane(bar, down); return true; }
    if (across) { event.preventDefault(); this.nudge(event, bar, across); return true; }
    return false;
  }

  // To the next bar, in the order of the page; with Shift it is chosen too.
  go(event, bar, by) {
    const all = [...this.timeline.querySelectorAll("[data-lane]:not(.is-folded) [data-bar]")].sort(inOrder), next = all[all.indexOf(bar) + by];
    event.preventDefault();
    if (!next) return true;
    if (event.shiftKey) { this.choose(bar, true); this.choose(next, true); }
    next.querySelector(".bar__body").focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  takeBack(event, bar) {
    event.preventDefault();
    event.stopPropagation();
    clearTimeout(this.soon);
    for (const one of this.nudged || []) this.reset(one);
    if (!this.nudged) this.chooseNone();
    this.nudged = null;
    this.timeline.said("cancelled", bar);
  }

  nudge(event, bar, by) {
    const group = this.group(bar), part = !event.altKey ? "move" : event.shiftKey ? "start" : "end";
    if (this.nudged && this.nudged[0] !== group[0]) this.flush();
    this.steps ??= { move: 0, start: 0, end: 0 };
    const [first, last] = span(bar, this.steps, this.unit(bar));
    this.steps[part] += stepped(part === "end" ? last + 1 : first, by, this.unit(bar), event.shiftKey && part === "move");
    this.nudged = part === "move" ? group : [bar];
    for (const one of this.nudged) { one.days = { ...this.steps }; this.draw(one); }
    this.timeline.links.redraw();
    this.timeline.said(part === "move" ? "moved" : "resized", bar);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.flush(), PAUSE);
  }

  flush() {
    clearTimeout(this.soon);
    const group = this.nudged;
    this.nudged = this.steps = null;
    if (group) this.send(group, null);
  }

  changeLane(bar, by) {
    const rows = [...this.timeline.querySelectorAll("[data-lane]")], lane = rows[rows.indexOf(bar.closest("[data-lane]")) + by];
    if (lane && this.timeline.dataset.sets) this.send(this.group(bar), lane);
  }

  // ---- shape: bars as they would be; nothing is written before the drop
  shape(group, part, days) {
    for (const bar of group) { bar.days = { move: 0, start: 0, end: 0, [part]: days }; this.draw(bar); }
    this.timeline.links.redraw();
  }

  unit(bar) { return bar.classList.contains("is-quarter") ? "quarter" : this.timeline.dataset.snap || "day"; }

  draw(bar) {
    const [first, last] = span(bar, bar.days || {}, this.unit(bar));
    bar.style.setProperty("--from", first - this.timeline.pan.origin);
    bar.style.setProperty("--days", last - first + 1);
    let label = bar.querySelector(".bar__dates");
    if (!label) {
      label = document.createElement("span");
      label.className = "bar__dates";
      bar.append(label);
    }
    label.textContent = this.timeline.daysSaid(first, last);
  }

  reset(bar) {
    bar.days = null;
    if (!bar.dataset.start) return;
    this.draw(bar);
    bar.querySelector(".bar__dates").remove();
    this.timeline.links.redraw();
  }

  // ---- to the server: all that move together are one change
  send(group, lane) {
    const spans = group.map((bar) => [bar, span(bar, bar.days || {}, this.unit(bar))]);
    const same = ([bar, [first, last]]) => iso(first) === bar.dataset.start && iso(last) === bar.dataset.end;
    const extra = this.laneOf(lane);
    if (!Object.keys(extra).length && spans.every(same)) return group.forEach((bar) => this.reset(bar));
    for (const [bar, at] of spans) { bar.at = at; this.reset(bar); }  // there it stays until the server has answered
    this.write(spans, extra, () => { for (const [bar] of spans) { bar.at = null; this.reset(bar); } });
  }

  unschedule(group) { this.write(group.map((bar) => [bar, null]), {}, () => group.forEach((bar) => this.reset(bar))); }

  laneOf(lane) {
    const { sets } = this.timeline.dataset;
    return lane && sets ? { [sets]: lane.dataset.lane } : {};
  }

  write(spans, extra, putBack) {
    const days = (at) => at ? at.map(iso) : ["", ""];
    if (spans.length === 1) {
      const [bar, at] = spans[0], [starts_on, ends_on] = days(at);
      return this.timeline.post(urlOf(bar), () => ({ starts_on, ends_on, seen: this.timeline.fresh(bar).dataset.seen, ...extra }), putBack);
    }
    for (const [url, some] of byAddress(spans)) {
      const moves = () => some.map(([bar, at]) => [bar.dataset.bar.split("-").pop(), ...days(at), this.timeline.fresh(bar).dataset.seen].join(",")).join(";");
      this.timeline.post(url, () => ({ moves: moves(), ...extra }), putBack);
    }
  }
}

// Those of one product are sent together.
function byAddress(spans) {
  const found = new Map();
  for (const one of spans) {
    const url = urlOf(one[0]).replace(/items\/\d+\/schedule\/$/, "items/schedule/");
    found.set(url, [...(found.get(url) || []), one]);
  }
  return found;
}

const span = (bar, days, unit) => moved(bar.at || [dayOf(bar.dataset.start), dayOf(bar.dataset.end)], days, unit);
const number = (bar, name) => Number(bar.style.getPropertyValue(name));

function inOrder(a, b) {
  const [one, other] = [a.closest("[data-lane]"), b.closest("[data-lane]")];
  if (one !== other) return one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1;
  return number(a, "--row") - number(b, "--row") || number(a, "--from") - number(b, "--from");
}
