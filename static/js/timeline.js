// <c-timeline>: bars in lanes that are panned, moved, resized, chosen, linked and folded. What the server answers are the bars
// that changed (or that came into view): they are put into the page that is there, each into a row where it overlaps nothing.
// data-first, -last: the days in the page; -at: the one at its edge; -bars: where further spans come from; -sets: the field that a lane sets.
import { locale } from "./locale.js";
import { Band } from "./timeline-band.js";
import { Links } from "./timeline-links.js";
import { Move } from "./timeline-move.js";
import { Pan } from "./timeline-pan.js";
import { dateOf, dayOf, freeRow, iso, labelDays, laneHeight, titleOf, urlOf } from "./timeline-days.js";

const WAIT = 150, WEEK = 7;
const GRIPS = '<i class="bar__grip bar__grip--s" data-grip="start"></i><i class="bar__grip bar__grip--e" data-grip="end"></i><i class="bar__dot" data-dot></i>';

class Timeline extends HTMLElement {
  connectedCallback() {
    this.dayWidth = parseFloat(this.style.getPropertyValue("--day"));
    this.links = new Links(this);
    this.move = new Move(this);
    this.pan = new Pan(this);
    this.band = new Band(this);
    this.queue = Promise.resolve();
    for (const name of ["pointerdown", "pointermove", "pointerover", "dragstart", "keydown", "focusin", "focusout", "htmx:afterRequest"]) this.addEventListener(name, this);
    this.addEventListener("click", this, true);
    this.addEventListener("contextmenu", this);
    this.addEventListener("touchmove", this.still, { passive: false });
    document.addEventListener("live:change", this.hear);
    document.addEventListener("live:reconnected", this.hear);
    document.addEventListener("click", this.jump);
    for (const bar of this.querySelectorAll("[data-bar]:is(:hover, :focus-within)")) this.arm(bar);  // since before there were scripts
    this.links.redraw();
    if (this.querySelector("[data-more]")) this.count();
    this.keys = [...this.querySelector("[data-keys]").content.cloneNode(true).children];
    document.querySelector("#shortcuts dl")?.after(...this.keys);
  }

  disconnectedCallback() {
    for (const part of [this.links, this.move, this.pan, this.band]) part?.stop();
    for (const key of this.keys) key.remove();
    clearTimeout(this.soon);
    document.removeEventListener("live:change", this.hear);
    document.removeEventListener("live:reconnected", this.hear);
    document.removeEventListener("click", this.jump);
  }

  handleEvent(event) {
    const bar = event.target.closest?.("[data-bar]");
    if (event.type === "pointerover" || event.type === "focusin") this.arm(bar);
    else if (event.type === "pointermove") this.links.look(event);
    else if (event.type === "contextmenu") bar && event.pointerType === "touch" && urlOf(bar) && event.preventDefault();  // held, it is lifted
    else if (event.type === "dragstart") bar && event.preventDefault();  // a link would be carried off instead of its bar moved
    else if (event.type === "click") this.click(event, bar);
    else if (event.type === "pointerdown" && event.button === 0) this.grab(event, bar);
    else if (event.type === "keydown" && (bar || this.links.from)) this.links.key(event, bar) || (bar && this.move.key(event, bar));
    else if (event.type === "focusout" && this.move.nudged && !this.contains(event.relatedTarget)) this.move.flush();
    else if (event.type === "htmx:afterRequest" && event.target === this) this.answered(event.detail);
  }

  // What only the bar needs that is pointed at, or has the focus: title, days and status as a hint, the ends that resize it, the dot of its arrows.
  arm(bar) {
    if (!bar || bar.armed) return;
    bar.armed = true;
    bar.querySelector(".bar__body").title = bar.querySelector(".bar__body").textContent;
    if (urlOf(bar)) bar.insertAdjacentHTML("beforeend", GRIPS);
  }

  grab(event, bar) {
    const chip = event.target.closest("button[data-tray]"), { tl } = this.pan;
    if (event.target.closest("[data-dot]")) this.links.grab(event, bar);
    else if (chip || (bar && urlOf(bar))) this.move.grab(event, chip || bar);
    else if (event.pointerType !== "touch" && tl.contains(event.target) && !event.target.closest("a, button, .tl__lane, .tl__corner") && event.offsetX < event.target.clientWidth) (this.band.wanted(event) ? this.band : this.pan).grab(event);
  }

  click(event, bar) {
    const fold = event.target.closest("[data-fold]"), chip = event.target.closest("button[data-tray]");
    if (this.swallowed) this.quiet(event);
    else if (bar && (event.ctrlKey || event.metaKey || event.shiftKey)) { this.quiet(event); this.move.choose(bar); }
    else if (fold) { this.quiet(event); this.fold(fold); }
    else if (chip && event.detail === 0) this.move.schedule(chip, dayOf(this.dataset.today));
    else if (!bar && this.pan.tl.contains(event.target) && !this.links.click(event)) this.move.chooseNone();
  }

  still = (event) => { if (this.move.lifted && event.cancelable) event.preventDefault(); };  // what a thumb has lifted does not scroll away
  quiet(event) { event.preventDefault(); event.stopPropagation(); }
  swallowClick() { this.swallowed = true; setTimeout(() => { this.swallowed = false; }); }

  // Today, earlier and later are links; here they only pan.
  jump = (event) => {
    const link = event.target.closest?.("[data-to-today], [data-step]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const step = Number(link.dataset.step || 0);
    this.pan.place(step ? this.pan.first + step * this.pan.days / 3 : dayOf(this.dataset.today) - this.pan.days / 4);
  };

  bars() { return new Map([...this.querySelectorAll("[data-bar]")].map((bar) => [bar.dataset.bar, bar])); }
  bar(key) { return this.querySelector(`[data-bar="${CSS.escape(key)}"]`); }
  fresh(bar) { return this.bar(bar.dataset.bar) || bar; }
  lane(key) { return this.querySelector(`[data-lane="${CSS.escape(key)}"]`); }

  // ---- folding: the address says it, and the server leaves out what a folded lane holds
  fold(link) {
    const row = link.closest("[data-lane]"), folded = row.classList.toggle("is-folded");
    link.setAttribute("aria-expanded", String(!folded));
    const address = new URL(location.href), keys = new Set((address.searchParams.get("fold") || "").split(".").filter(Boolean));
    if (folded) keys.add(row.dataset.lane || "-"); else keys.delete(row.dataset.lane || "-");
    if (keys.size) address.searchParams.set("fold", [...keys].join(".")); else address.searchParams.delete("fold");
    history.replaceState(history.state, "", address);
    this.dataset.query = address.searchParams.toString();
    if (!folded) this.refetch();
    this.links.redraw();
  }

  // ---- reading
  async fetch(values) {
    const query = new URLSearchParams(this.dataset.query);
    for (const [name, value] of Object.entries({ ...values, origin: this.dataset.first })) query.set(name, value);
    try {
      const response = await fetch(`${this.dataset.bars}?${query}`, { headers: { "X-Requested-With": "fetch" } });
      return response.ok && !response.redirected ? parsed(await response.text()) : null;
    } catch { return null; }  // offline: errors.js says so, and the next movement asks again
  }

  // What others changed: items by their numbers, anything else is the whole of what is in the page.
  hear = (event) => {
    const { type, detail } = event, ours = ["item", "release", "milestone", "gate", "objective"];
    if (type === "live:change" && !ours.includes(detail.noun)) return;
    event.preventDefault();  // taken (js/live.js: bring)
    if (type === "live:change" && detail.noun === "item" && detail.id !== "*") (this.heard ??= new Set()).add(detail.id);
    else this.stale = true;
    this.soon ||= setTimeout(() => { this.soon = 0; this.idle(); }, WAIT);
  };

  idle() {
    if (this.move.quit || this.soon || !(this.heard || this.stale)) return;
    const numbers = this.stale ? null : [...this.heard].join(",");
    this.heard = null;
    this.stale = false;
    this.refetch(numbers);
  }

  async refetch(numbers = null) {
    await this.queue;
    const [first, last] = this.pan.loaded.map(iso);
    const answer = await this.fetch(numbers ? { numbers } : { first, last });
    if (answer) this.merge(answer, numbers === null);
  }

  // How many wait for their days, where the page came before they were counted.
  async count() {
    const answer = await this.fetch({ waiting: "" });
    if (answer && this.querySelector("[data-more]")) this.part("waiting").replaceChildren(...partOf(answer, "waiting"));
  }

  // ---- writing: one after the other, so that each knows the version that the one before made
  post(url, values, putBack = () => {}) {
    this.queue = this.queue.then(() => {
      this.putBack = putBack;
      return htmx.ajax("POST", url, { source: this, target: this, swap: "none", values: { ...values(), query: this.dataset.query, origin: this.dataset.first } });
    }).catch(() => {});
  }

  answered({ xhr, successful, requestConfig }) {
    if (requestConfig.verb === "get") return;
    if (successful) this.merge(parsed(xhr.responseText), false);
    else this.putBack?.();
    this.putBack = null;
  }

  // ---- what came, into the page
  merge(answer, whole) {
    const about = new Set((answer.dataset.about || "").split(" ")), named = (bar) => about.has(bar) || about.has(bar.split("-").pop());
    const keys = whole ? null : new Set([...this.querySelectorAll("[data-bar]"), ...answer.querySelectorAll("[data-bar]")].map((bar) => bar.dataset.bar).filter(named));
    const there = new Map([...answer.querySelectorAll("[data-bar]")].map((bar) => [bar.dataset.bar, bar]));
    for (const bar of this.querySelectorAll("[data-bar]")) {
      if (!there.has(bar.dataset.bar) && (keys === null || keys.has(bar.dataset.bar))) bar.remove();
    }
    this.addBars(answer);
    if (whole) {
      for (const name of ["scale", "grid", "markers"]) this.part(name).replaceChildren(...partOf(answer, name));
      this.settleMarkers();
    }
    const tray = answer.querySelector("[data-part=tray]");
    if (tray) for (const name of ["tray", "waiting"]) this.part(name).replaceChildren(...partOf(answer, name));
    this.links.take(answer, keys);
  }

  addSpan(answer) {
    for (const name of ["scale", "grid", "markers"]) this.part(name).append(...partOf(answer, name));
    this.settleMarkers();  // measures words: before there are bars to lay out
    this.addBars(answer);
    this.links.take(answer, new Set());
  }

  part(name) { return this.querySelector(`[data-part="${name}"]`); }

  addBars(answer) {
    const touched = new Set(), bars = this.bars();
    for (const row of answer.querySelectorAll("[data-lane]")) {
      const own = this.lane(row.dataset.lane) || this.addLane(row), area = own.querySelector(".tl__area");
      if (row.classList.contains("is-folded") || own.classList.contains("is-folded")) continue;
      const taken = rowsOf(area, this.dayWidth);
      for (const bar of [...row.querySelectorAll("[data-bar]")]) this.addBar(bar, bars.get(bar.dataset.bar), area, taken, touched);
      touched.add(area);
    }
    for (const area of touched) if (area?.isConnected) this.fit(area);
  }

  // The version that is there stays while a person goes on moving it: then only what the server wrote is noted.
  addBar(bar, old, area, taken, touched) {
    const from = number(bar, "--from"), days = number(bar, "--days");
    if (from > this.pan.loaded[1] - this.pan.origin || from + days <= this.pan.loaded[0] - this.pan.origin) return old?.remove();
    if (old && this.move.nudged?.includes(old)) {
      const { seen, start, end } = bar.dataset;
      old.at = null;
      return Object.assign(old.dataset, { seen, start, end });
    }
    const inLane = old && old.closest(".tl__area") === area, row = inLane ? number(old, "--row") : null;
    if (inLane) taken[row] = (taken[row] || []).filter((span) => span.bar !== old);
    const to = from + days + labelDays(bar, this.dayWidth), place = freeRow(taken, from, to, row);
    bar.style.setProperty("--row", place);
    const fresh = document.importNode(bar, true);
    (taken[place] ||= []).push(Object.assign([from, to], { bar: fresh }));
    if (old) {
      const focused = old.contains(document.activeElement);
      fresh.classList.toggle("is-selected", old.classList.contains("is-selected"));
      if (inLane && old.dataset.series) fresh.dataset.series = old.dataset.series;  // an answer of one bar knows not the others' colours
      touched.add(old.closest(".tl__area"));
      if (old.armed) this.arm(fresh);
      if (inLane) old.replaceWith(fresh); else { old.remove(); area.append(fresh); }
      if (focused) fresh.querySelector(".bar__body").focus({ preventScroll: true });
    } else area.append(fresh);
  }

  addLane(row) {
    const fresh = document.importNode(row, true), body = this.querySelector(".tl__body"), last = this.lane("");
    if (!row.classList.contains("is-folded")) fresh.querySelector(".tl__area").replaceChildren();
    body.querySelector(".tl__empty")?.closest(".tl__row").remove();
    if (last && row.dataset.lane) last.before(fresh); else body.append(fresh);
    return fresh;
  }

  fit(area) {
    const rows = [...area.children].reduce((most, bar) => Math.max(most, number(bar, "--row") + 1), 0);
    const height = `${laneHeight(rows, Number(area.dataset.least))}px`;
    if (area.style.getPropertyValue("--h") !== height) area.style.setProperty("--h", height);
  }

  // Names above the lanes keep apart: each in the first row where it has room, releases before all others.
  settleMarkers() {
    const area = this.part("markers"), taken = [];
    let most = 0;
    const all = [...area.children].map((one) => [one, one.offsetWidth + 8]).sort(([a], [b]) => b.matches(".relmark") - a.matches(".relmark") || number(a, "--from") - number(b, "--from"));
    for (const [one, length] of all) {
      const at = number(one, "--from") * this.dayWidth, span = one.classList.contains("is-flip") ? [at - length, at] : [at, at + length];
      const row = freeRow(taken, ...span);
      (taken[row] ||= []).push(span);
      one.style.setProperty("--row", row);
      most = Math.max(most, row);
    }
    area.style.setProperty("--h", `${41 + most * 30}px`);
  }

  clear() {
    for (const name of ["scale", "grid", "markers"]) this.part(name).replaceChildren();
    for (const bar of this.querySelectorAll("[data-bar]")) bar.remove();
  }

  keepOnly([first, last]) {
    const [from, to] = [first - this.pan.origin, last - this.pan.origin];
    for (const bar of this.querySelectorAll("[data-bar]")) {
      const at = number(bar, "--from");
      if ((at > to || at + number(bar, "--days") <= from) && !bar.matches(".is-selected, .is-dragged, :focus-within")) bar.remove();
    }
    for (const name of ["scale", "grid", "markers"]) {
      for (const one of [...this.part(name).children]) if (number(one, "--from") < from || number(one, "--from") > to) one.remove();
    }
  }

  // ---- words
  daysSaid(first, last) {
    const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
    const weeks = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format((last - first + 1) / WEEK);
    return `${day.format(dateOf(first))} → ${day.format(dateOf(last))} · ${this.dataset.weeks.replace("{n}", weeks)}`;
  }

  said(word, bar, count = 0) {
    const box = this.querySelector("[data-say]");
    const words = (box.dataset[word] || "").replace("{title}", titleOf(bar)).replace("{days}", bar.querySelector(".bar__dates")?.textContent || "").replace("{count}", count);
    box.textContent = words;
  }

  counted(count) {
    const box = this.querySelector("[data-say]");
    box.textContent = box.dataset.counted.replace("{count}", count);
  }

  say(word, bar) { if (bar) this.said(word, bar); }
}
customElements.define("c-timeline", Timeline);

const number = (one, name) => Number(one.style.getPropertyValue(name));
const partOf = (answer, name) => [...(answer.querySelector(`[data-part="${name}"]`)?.childNodes || [])];

function parsed(text) {
  const template = document.createElement("template");
  template.innerHTML = text;
  return template.content.querySelector("[data-answer]") || document.createElement("div");
}

// What each row of a lane holds already: spans of days, labels beside bars included.
function rowsOf(area, width) {
  const taken = [];
  for (const bar of area.children) {
    const from = number(bar, "--from"), span = [from, from + number(bar, "--days") + labelDays(bar, width)];
    (taken[number(bar, "--row")] ||= []).push(Object.assign(span, { bar }));
  }
  return taken;
}
