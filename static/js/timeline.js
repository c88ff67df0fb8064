// <c-timeline>: bars that move and resize in days, by pointer (body moves, ends resize, another lane changes the goal or
// release) and by keyboard on a focused bar: arrows move by a day, with Shift by a week; Alt with arrows moves the end,
// Alt and Shift the start. A chip of the tray is dropped onto a lane, or scheduled from today for two weeks by Enter.
// The server answers with the timeline anew; a refusal puts the bar back and says why.
const DAY = 86400000, SLACK = 4, FIRST_SPAN = 14, PAUSE = 600;
const iso = (day) => new Date(day).toISOString().slice(0, 10);
const utc = (text) => Date.parse(`${text}T00:00:00Z`);

class Timeline extends HTMLElement {
  connectedCallback() {
    this.addEventListener("pointerdown", this);
    this.addEventListener("keydown", this);
    this.addEventListener("focusout", this);
    this.addEventListener("click", this, true);
    this.addEventListener("htmx:afterRequest", this);
    const back = sessionStorage.getItem("timeline-focus");
    if (back) {
      sessionStorage.removeItem("timeline-focus");
      this.querySelector(`[data-url="${CSS.escape(back)}"] .bar__body`)?.focus({ preventScroll: true });
    }
  }
  disconnectedCallback() { this.stop?.(); clearTimeout(this.soon); }

  get dayWidth() { return parseFloat(getComputedStyle(this).getPropertyValue("--day")); }
  get editable() { return Boolean(this.querySelector("[data-grip]") || this.querySelector("button[data-tray]")); }

  handleEvent(event) {
    if (event.type === "click" && this.moved) { event.preventDefault(); event.stopPropagation(); this.moved = false; }
    else if (event.type === "click" && event.detail === 0 && event.target.closest("button[data-tray]")) this.scheduleNow(event.target.closest("[data-tray]"));
    else if (event.type === "pointerdown" && event.button === 0 && this.editable) this.grab(event);
    else if (event.type === "keydown") this.key(event);
    else if (event.type === "focusout" && this.nudged && !this.nudged.contains(event.relatedTarget)) this.flush();
    else if (event.type === "htmx:afterRequest" && !event.detail.successful && event.target === this) this.putBack();
  }

  // ---- pointer
  grab(event) {
    const chip = event.target.closest("button[data-tray]");
    const bar = chip || event.target.closest("[data-bar]");
    if (!bar) return;
    const grip = event.target.closest("[data-grip]")?.dataset.grip || "move";
    if (event.pointerType === "touch" && grip === "move" && !chip) return;  // a thumb scrolls; grips and tray drag
    const from = { x: event.clientX, y: event.clientY };
    let going = false;
    const move = (now) => {
      if (!going && Math.hypot(now.clientX - from.x, now.clientY - from.y) < SLACK) return;
      if (!going) { going = true; bar.classList.add("is-dragged"); bar.setPointerCapture(event.pointerId); }
      now.preventDefault();
      if (chip) this.carry(bar, now);
      else this.shape(bar, grip, Math.round((now.clientX - from.x) / this.dayWidth));
      this.aim(grip === "move" ? this.laneAt(now) : null);
    };
    const end = (now) => {
      this.stop();
      bar.classList.remove("is-dragged");
      const lane = this.aimed;
      this.aim(null);
      if (!going) return;
      this.moved = true;
      setTimeout(() => { this.moved = false; });
      if (now.type === "pointercancel") return this.reset(bar);
      if (chip) return this.dropChip(bar, lane, now);
      this.send(bar, lane && lane !== bar.closest("[data-lane]") ? lane : null);
    };
    const escape = (key) => { if (key.key === "Escape") { key.stopPropagation(); this.stop(); bar.classList.remove("is-dragged"); this.aim(null); this.reset(bar); } };
    this.stop = () => {
      for (const [name, act] of [["pointermove", move], ["pointerup", end], ["pointercancel", end]]) removeEventListener(name, act);
      removeEventListener("keydown", escape, true);
      this.stop = null;
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    addEventListener("keydown", escape, true);
  }

  laneAt(event) {
    for (const row of this.querySelectorAll("[data-lane]")) {
      const box = row.getBoundingClientRect();
      if (event.clientY >= box.top && event.clientY < box.bottom) return row;
    }
    return null;
  }

  aim(row) {
    this.aimed?.querySelector(".tl__area")?.classList.remove("is-target");
    this.aimed = row;
    row?.querySelector(".tl__area")?.classList.add("is-target");
  }

  carry(chip, event) {
    chip.style.setProperty("--x", `${event.clientX + 6}px`);
    chip.style.setProperty("--y", `${event.clientY + 6}px`);
  }

  // Onto a lane, or anywhere on the scale below the heads: then goal and release stay as they are.
  dropChip(chip, lane, event) {
    const body = this.querySelector(".tl__body").getBoundingClientRect(), scale = this.querySelector(".tl__scale").getBoundingClientRect();
    if (event.clientY < body.top || event.clientY > body.bottom || event.clientX < scale.left) return;
    const start = utc(this.dataset.first) + Math.round((event.clientX - scale.left) / this.dayWidth) * DAY;
    const values = { starts_on: iso(start), ends_on: iso(start + (FIRST_SPAN - 1) * DAY), seen: chip.dataset.seen };
    if (lane) values[this.dataset.lanes] = lane.dataset.lane;
    this.post(chip, values);
  }

  scheduleNow(chip) {
    const now = this.querySelector(".tl__now");
    const offset = now ? parseInt(now.style.getPropertyValue("--from"), 10) : 0;
    const start = utc(this.dataset.first) + offset * DAY;
    this.post(chip, { starts_on: iso(start), ends_on: iso(start + (FIRST_SPAN - 1) * DAY), seen: chip.dataset.seen });
  }

  // ---- keyboard
  key(event) {
    const bar = event.target.closest("[data-bar]");
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!bar || !bar.querySelector("[data-grip]")) return;
    if (event.key === "Escape" && this.nudged === bar) {
      event.preventDefault();
      event.stopPropagation();
      clearTimeout(this.soon);
      this.nudged = null;
      this.reset(bar);
      this.say("cancelled", bar);
    }
    if (!step || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (this.nudged && this.nudged !== bar) this.flush();
    const part = !event.altKey ? "move" : event.shiftKey ? "start" : "end";
    const days = step * (event.shiftKey && part === "move" ? 7 : 1);
    bar.days ??= { move: 0, start: 0, end: 0 };
    bar.days[part] += days;
    this.nudged = bar;
    this.shapeAll(bar);
    this.say(part === "move" ? "moved" : "resized", bar);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.flush(), PAUSE);
  }

  flush() {
    clearTimeout(this.soon);
    const bar = this.nudged;
    this.nudged = null;
    if (!bar) return;
    sessionStorage.setItem("timeline-focus", bar.dataset.url);
    this.send(bar, null);
  }

  // ---- shape: the bar as it would be; nothing is written before the drop
  shape(bar, part, days) {
    bar.days = { move: 0, start: 0, end: 0, [part]: days };
    this.shapeAll(bar);
  }

  shapeAll(bar) {
    const [start, end] = this.span(bar);
    bar.style.setProperty("--from", Math.round((start - utc(this.dataset.first)) / DAY));
    bar.style.setProperty("--days", Math.round((end - start) / DAY) + 1);
    let label = bar.querySelector(".bar__dates");
    if (!label) {
      label = document.createElement("span");
      label.className = "bar__dates";
      bar.append(label);
    }
    const words = new Intl.DateTimeFormat(document.documentElement.lang || "en", { day: "numeric", month: "short", timeZone: "UTC" });
    label.textContent = `${words.format(start)} → ${words.format(end)}`;
  }

  span(bar) {
    const { move, start, end } = bar.days || { move: 0, start: 0, end: 0 };
    const first = utc(bar.dataset.start) + (move + start) * DAY, last = utc(bar.dataset.end) + (move + end) * DAY;
    return start ? [Math.min(first, last), last] : [first, Math.max(first, last)];
  }

  reset(bar) {
    bar.days = null;
    if (bar.dataset.start) this.shapeAll(bar);
    bar.querySelector(".bar__dates")?.remove();
  }

  putBack() {
    for (const bar of this.querySelectorAll("[data-bar]")) if (bar.days) this.reset(bar);
  }

  send(bar, lane) {
    const [start, end] = this.span(bar);
    if (!lane && iso(start) === bar.dataset.start && iso(end) === bar.dataset.end) return this.reset(bar);
    const values = { starts_on: iso(start), ends_on: iso(end), seen: bar.dataset.seen };
    if (lane) values[this.dataset.lanes] = lane.dataset.lane;
    this.post(bar, values);
  }

  post(element, values) {
    const tl = this.querySelector(".tl"), place = [tl.scrollLeft, tl.scrollTop];
    htmx.ajax("POST", element.dataset.url, { source: this, target: this, swap: "outerHTML", values: { ...values, query: this.dataset.query } })
      .then(() => { const fresh = document.querySelector("#timeline .tl"); if (fresh) [fresh.scrollLeft, fresh.scrollTop] = place; });
  }

  say(word, bar) {
    const box = this.querySelector("[data-say]"), words = box.dataset.words.split("|");
    const named = { moved: words[0], resized: words[1], cancelled: words[2] }[word];
    box.textContent = `${bar.querySelector(".bar__body span").textContent} ${named}, ${bar.querySelector(".bar__dates")?.textContent || ""}`;
  }
}
customElements.define("c-timeline", Timeline);
