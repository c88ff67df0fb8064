// <c-matrix>: bubbles that move in a plane of two factors, within their allowed values: by pointer, or by the arrows on a focused bubble,
// a step of the factor each. What waits beside the plane is dropped onto it. V and E go to the selected item's two values. The
// server answers with the matrix anew; a refusal puts the bubble back and says why.
const SLACK = 4, PAUSE = 600;

class Axis {
  constructor(json) { Object.assign(this, JSON.parse(json)); }

  place(raw) {
    if (this.values.length) return (this.values.indexOf(raw) + 0.5) / this.values.length * 100;
    return (Number(raw) - this.low) / (this.high - this.low) * 100;
  }

  at(percent) {
    const share = Math.min(1, Math.max(0, percent / 100));
    if (this.values.length) return this.values[Math.min(this.values.length - 1, Math.floor(share * this.values.length))];
    return this.within(this.low + Math.round((this.high - this.low) * share / this.step) * this.step);
  }

  next(raw, by) {
    if (this.values.length) return this.values[Math.min(this.values.length - 1, Math.max(0, this.values.indexOf(raw) + by))];
    return this.within(Number(raw) + by * this.step);
  }

  within(number) { return String(Number(Math.min(this.high, Math.max(this.lowest, number)).toFixed(4))); }
  shown(raw) { return `${this.name} ${this.labels[this.values.indexOf(raw)] ?? raw}`; }
}

class Matrix extends HTMLElement {
  connectedCallback() {
    this.x = new Axis(this.dataset.x);
    this.y = new Axis(this.dataset.y);
    for (const name of ["pointerdown", "keydown", "focusout", "input", "htmx:afterRequest", "dragstart"]) this.addEventListener(name, this);
    this.addEventListener("click", this, true);
    document.addEventListener("keydown", this.letters);
  }

  disconnectedCallback() {
    this.stop?.();
    clearTimeout(this.soon);
    document.removeEventListener("keydown", this.letters);
  }

  get plot() { return this.querySelector("[data-plot]"); }

  letters = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
    const name = { v: "y", e: "x" }[event.key.toLowerCase()];
    const field = name && this.querySelector(`#mx-${name}`);
    if (!field) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    field.focus();
  };

  handleEvent(event) {
    if (event.type === "click") this.click(event);
    else if (event.type === "dragstart") event.preventDefault();
    else if (event.type === "pointerdown" && event.button === 0) this.grab(event);
    else if (event.type === "keydown") this.key(event);
    else if (event.type === "focusout" && this.nudged === event.target) this.flush();
    else if (event.type === "input" && event.target.matches("[type=range]")) event.target.nextElementSibling.textContent = event.target.value;
    else if (event.type === "htmx:afterRequest" && !event.detail.successful && event.target === this) this.putBack();
  }

  // A click on a bubble or on what waits shows it in the side.
  click(event) {
    const link = event.target.closest("a[data-number]");
    if (!link) return;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.moved) { this.moved = false; return; }
    const url = link.getAttribute("href");
    htmx.ajax("GET", location.pathname + url, { source: this, target: this, swap: "outerHTML", select: "#matrix" })
      .then(() => history.replaceState(history.state, "", url), () => {});
  }

  // ---- pointer
  grab(event) {
    const tray = event.target.closest("[data-tray]"), bubble = event.target.closest(".bub");
    const thing = tray || bubble;
    if (!thing || !this.canMove) return;
    const from = { x: event.clientX, y: event.clientY };
    let going = false;
    const move = (now) => {
      if (!going && Math.hypot(now.clientX - from.x, now.clientY - from.y) < SLACK) return;
      if (!going) { going = true; thing.classList.add("is-dragged"); thing.setPointerCapture(event.pointerId); }
      now.preventDefault();
      if (tray) {
        thing.style.setProperty("--dx", `${now.clientX + 8}px`);
        thing.style.setProperty("--dy", `${now.clientY + 8}px`);
        this.plot.classList.toggle("is-target", this.over(now));
      } else this.shape(bubble, ...this.valuesAt(now, bubble));
    };
    const end = (now) => {
      this.stop();
      thing.classList.remove("is-dragged");
      this.plot.classList.remove("is-target");
      if (!going) return;
      this.moved = true;
      setTimeout(() => { this.moved = false; });
      if (now.type === "pointercancel") return tray ? null : this.reset(bubble);
      if (!tray) return this.send(bubble);
      if (this.over(now)) this.post(tray, ...this.valuesAt(now, tray));
    };
    const escape = (key) => {
      if (key.key !== "Escape") return;
      key.stopPropagation();
      this.stop();
      thing.classList.remove("is-dragged");
      this.plot.classList.remove("is-target");
      if (!tray) this.reset(bubble);
    };
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

  get canMove() { return this.hasAttribute("data-editable"); }

  over(event) {
    const box = this.plot.getBoundingClientRect();
    return event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  }

  valuesAt(event, thing) {
    const box = this.plot.getBoundingClientRect();
    const x = this.x.fixed ? thing.dataset.x : this.x.at((event.clientX - box.left) / box.width * 100);
    const y = this.y.fixed ? thing.dataset.y : this.y.at((box.bottom - event.clientY) / box.height * 100);
    return [x, y];
  }

  // ---- keyboard
  key(event) {
    const bubble = event.target.closest(".bub");
    if (!bubble || !this.canMove || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.nudged === bubble) {
      event.preventDefault();
      event.stopPropagation();
      clearTimeout(this.soon);
      this.nudged = null;
      this.reset(bubble);
      this.say(bubble);
      return;
    }
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!by) return;
    event.preventDefault();
    const far = event.shiftKey ? 5 : 1, [x, y] = this.now(bubble);
    this.shape(bubble, this.x.fixed ? x : this.x.next(x, by[0] * far), this.y.fixed ? y : this.y.next(y, by[1] * far));
    this.nudged = bubble;
    this.say(bubble);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.flush(), PAUSE);
  }

  flush() {
    clearTimeout(this.soon);
    const bubble = this.nudged;
    this.nudged = null;
    if (bubble) this.send(bubble);
  }

  // ---- shape: the bubble as it would be; nothing is written before the drop
  now(bubble) { return bubble.wanted || [bubble.dataset.x, bubble.dataset.y]; }

  shape(bubble, x, y) {
    bubble.wanted = [x, y];
    bubble.classList.add("is-off");  // from beside those of the same values
    bubble.style.setProperty("--x", this.x.place(x));
    bubble.style.setProperty("--y", this.y.place(y));
    bubble.querySelector(":scope > span").dataset.values ??= bubble.querySelector(":scope > span").textContent;
    bubble.querySelector(":scope > span").textContent = `${this.y.shown(y)}, ${this.x.shown(x)}`;
  }

  reset(bubble) {
    if (!bubble.wanted) return;
    const label = bubble.querySelector(":scope > span");
    this.shape(bubble, bubble.dataset.x, bubble.dataset.y);
    label.textContent = label.dataset.values;
    bubble.wanted = null;
    bubble.classList.remove("is-off");
  }

  putBack() { for (const bubble of this.querySelectorAll(".bub")) this.reset(bubble); }

  send(bubble) {
    const [x, y] = this.now(bubble);
    if (x === bubble.dataset.x && y === bubble.dataset.y) return this.reset(bubble);
    this.post(bubble, x, y);
  }

  post(thing, x, y) {
    const values = { seen: thing.dataset.seen, query: this.dataset.query };
    if (!this.x.fixed) values[this.x.field] = x;
    if (!this.y.fixed) values[this.y.field] = y;
    htmx.ajax("POST", thing.dataset.url, { source: this, target: this, swap: "outerHTML", values }).catch(() => {});  // offline: it goes back to where it was
  }

  say(bubble) {
    const [x, y] = this.now(bubble);
    this.querySelector("[data-say]").textContent = `${this.y.shown(y)}, ${this.x.shown(x)}`;
  }
}
customElements.define("c-matrix", Matrix);
