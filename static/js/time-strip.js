// <c-time-strip>: the days of a roadmap as a strip with one knob (data-mode="as_of") or two ("compare"). Dragged, or moved by arrows (a day),
// Page Up and Down (a month), Home and End; it goes there on release, on Enter, or when the knob is left.
import { locale } from "./locale.js";

const DAY = 86400000;
const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30 };

class TimeStrip extends HTMLElement {
  connectedCallback() {
    for (const type of ["pointerdown", "keydown", "focusout", "click"]) this.addEventListener(type, this);
    this.first = Date.parse(`${this.dataset.first}T00:00:00Z`);
    this.days = Number(this.dataset.days);
  }

  handleEvent(event) {
    const knob = event.target.closest(".tm__knob");
    if (event.type === "pointerdown" && event.button === 0) this.grab(event, knob);
    else if (event.type === "keydown" && knob) this.key(event, knob);
    else if (event.type === "focusout" && knob?.moved) this.go(knob);
    else if (event.type === "click" && knob) event.preventDefault();
  }

  // A press on the track brings the nearest knob there.
  grab(event, knob) {
    const track = this.querySelector(".tm__track").getBoundingClientRect();
    if (!knob && (event.clientY < track.top - 4 || event.clientY > track.bottom + 8)) return;
    const day = (now) => Math.round(Math.min(1, Math.max(0, (now.clientX - track.left) / track.width)) * this.days);
    knob ||= [...this.querySelectorAll(".tm__knob")].sort((one, other) => Math.abs(at(one) - day(event)) - Math.abs(at(other) - day(event)))[0];
    event.preventDefault();
    const move = (now) => this.put(knob, day(now));
    const end = (now) => {
      removeEventListener("pointermove", move);
      removeEventListener("pointerup", end);
      removeEventListener("pointercancel", end);
      if (now.type === "pointercancel") return this.put(knob, knob.before);
      this.go(knob);
    };
    knob.before = at(knob);
    addEventListener("pointermove", move);
    addEventListener("pointerup", end);
    addEventListener("pointercancel", end);
    move(event);
  }

  key(event, knob) {
    if (event.key === "Enter" || event.key === " ") { event.preventDefault(); return this.go(knob); }
    if (event.key === "Escape" && knob.moved) { event.stopPropagation(); this.put(knob, knob.before); knob.moved = false; return; }
    const to = event.key === "Home" ? 0 : event.key === "End" ? this.days : STEPS[event.key] ? at(knob) + STEPS[event.key] * (event.shiftKey ? 7 : 1) : null;
    if (to === null) return;
    event.preventDefault();
    if (!knob.moved) knob.before = at(knob);
    this.put(knob, to);
  }

  put(knob, day) {
    const there = Math.min(this.days, Math.max(0, day));
    knob.moved = there !== knob.before;
    knob.setAttribute("aria-valuenow", there);
    knob.style.setProperty("--x", (there * 100) / this.days);
    const date = new Date(this.first + there * DAY);
    knob.dataset.value = there === this.days ? "" : date.toISOString().slice(0, 10);
    const words = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
    knob.setAttribute("aria-valuetext", words.format(date));
    knob.dataset.said = words.format(date);
    const [one, other] = [...this.querySelectorAll(".tm__knob")].map(at).sort((a, b) => a - b);
    const span = this.querySelector(".tm__span");
    span?.style.setProperty("--x", (one * 100) / this.days);
    span?.style.setProperty("--to", (other * 100) / this.days);
  }

  go(knob) {
    if (!knob.moved) return;
    knob.moved = false;
    const query = new URLSearchParams(location.search);
    const values = [...this.querySelectorAll(".tm__knob")].map((one) => one.dataset.value);
    if (this.dataset.mode === "compare") query.set("compare", values.join(","));
    else if (values[0]) query.set("as_of", values[0]);
    else query.delete("as_of");
    location.assign(`${location.pathname}?${query}`);
  }
}
const at = (knob) => Number(knob.getAttribute("aria-valuenow"));
customElements.define("c-time-strip", TimeStrip);
