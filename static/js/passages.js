// <c-passages>: mark words in a conversation, press L or the button that appears, choose what they are evidence for.
// Without scripts the link page does the same with a text box.
const NAME = "passage";

class Passages extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[data-link]");
    this.form = this.querySelector("form.linkpop");
    if (!this.form) return;
    this.aside = new AbortController();
    const listen = (target, type, act) => target.addEventListener(type, act, { signal: this.aside.signal });
    listen(document, "selectionchange", () => this.offer());
    listen(document, "keydown", (event) => this.key(event));
    listen(document, "click", (event) => { if (event.target.closest?.("[data-link-page]")) this.fromPage(event); });
    listen(this.button, "click", () => this.open());
    listen(this.button, "pointerdown", (event) => event.preventDefault());  // keeps the words marked
  }
  disconnectedCallback() {
    this.aside?.abort();
    CSS.highlights?.delete(NAME);
  }

  /** The marked words of this conversation, or null. */
  get range() {
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return null;
    const range = chosen.getRangeAt(0);
    return this.contains(range.commonAncestorContainer) && !this.form.contains(range.commonAncestorContainer) ? range : null;
  }

  /** What was marked, without the small numbers of older highlights. */
  wordsOf(range) {
    const copy = range.cloneContents();
    for (const number of copy.querySelectorAll("sup, button, form")) number.remove();
    return [...copy.childNodes].map((node) => node.textContent).join(" ").trim();
  }

  offer() {
    if (!this.form.hidden) return;
    const range = this.range;
    this.button.hidden = !range || !this.wordsOf(range);
    if (!this.button.hidden) this.place(this.button, range);
  }

  key(event) {
    if (event.key === "Escape" && !this.form.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "l" && !event.metaKey && !event.ctrlKey && !event.altKey && !this.button.hidden) {
      event.preventDefault();
      this.open();
    }
  }

  fromPage(event) {
    if (this.button.hidden) return;  // nothing is marked: the page asks for the words
    event.preventDefault();
    this.open();
  }

  open() {
    const range = this.range;
    if (!range) return;
    this.form.elements.passage.value = this.wordsOf(range);
    CSS.highlights?.set(NAME, new Highlight(range.cloneRange()));
    this.button.hidden = true;
    this.form.hidden = false;
    this.place(this.form, range);
    this.form.elements.q.focus({ preventScroll: true });
    this.form.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.form.hidden = true;
    CSS.highlights?.delete(NAME);
    this.focus({ preventScroll: true });
  }

  place(element, range) {
    const box = range.getBoundingClientRect(), home = this.getBoundingClientRect();
    element.style.setProperty("--top", `${Math.round(box.bottom - home.top + this.scrollTop + 8)}px`);
  }
}
customElements.define("c-passages", Passages);
