// <c-composer data-people="/…/people/">: ⌘↵ sends, @ and a few letters offer the people who may be mentioned here, and
// [data-preview] shows in the place of the text how the server would draw it, and back. Without scripts that is a page.
const MENTION = /(?:^|[\s([{"'“])@([\p{L}\p{N}][\p{L}\p{N} .'-]{0,40})?$/u;
const WAIT = 120;

class Composer extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.text?.addEventListener("keydown", this);
    this.text?.addEventListener("input", this);
    this.text?.addEventListener("blur", this);
    this.pane = this.querySelector("[data-preview-pane]");
    this.toggle = this.querySelector("[data-preview]");
    this.toggle?.addEventListener("click", this);
  }

  handleEvent(event) {
    if (event.type === "click") this.preview(event);
    if (event.type === "input") this.look();
    if (event.type === "blur") setTimeout(() => { if (!this.contains(document.activeElement)) this.close(); });
    if (event.type === "keydown") this.key(event);
  }

  key(event) {
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      this.text.form.requestSubmit();
    } else if (this.menu) this.menuKey(event);
  }

  async preview(event) {
    event.preventDefault();
    if (!this.text.hidden) {
      await htmx.ajax("POST", this.toggle.formAction, { source: this.toggle, target: this.pane, swap: "innerHTML" }).catch(() => {});
      if (!this.isConnected || !this.pane.firstElementChild) return;
    }
    this.write(!this.text.hidden);
  }

  /** The text, or its preview in its place. */
  write(hidden) {
    this.text.hidden = hidden;
    this.pane.hidden = !hidden;
    if (!hidden) this.pane.replaceChildren();
    this.toggle.setAttribute("aria-pressed", String(hidden));
    this.toggle.firstChild.textContent = hidden ? this.toggle.dataset.write : this.toggle.dataset.preview;
  }

  menuKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.point((this.at + step + this.options.length) % this.options.length);
    else if (event.key === "Enter" || event.key === "Tab") this.take(this.options[this.at]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  look() {
    clearTimeout(this.timer);
    const typed = this.before().match(MENTION);
    if (!typed) return this.close();
    this.timer = setTimeout(() => this.offer(typed[1] || ""), WAIT);
  }

  async offer(letters) {
    const address = `${this.dataset.people}?q=${encodeURIComponent(letters)}`;
    const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
    const html = answer?.ok ? (await answer.text()).trim() : "";
    if (!html || !this.isConnected || !MENTION.test(this.before())) return this.close();
    this.menu ??= this.appendChild(Object.assign(document.createElement("div"), { className: "menu composer__people", role: "listbox" }));
    this.menu.innerHTML = html;
    for (const option of this.options) option.addEventListener("pointerdown", (event) => { event.preventDefault(); this.take(option); });
    this.point(0);
  }

  get options() { return [...this.menu.querySelectorAll("[data-name]")]; }

  point(at) {
    this.at = at;
    this.options.forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
  }

  take(option) {
    const before = this.before(), start = before.lastIndexOf("@");
    this.text.setRangeText(`@${option.dataset.name} `, start, before.length, "end");
    this.close();
    this.text.focus();
  }

  before() { return this.text.value.slice(0, this.text.selectionStart); }

  close() {
    clearTimeout(this.timer);
    this.menu?.remove();
    this.menu = null;
  }
}

customElements.define("c-composer", Composer);
