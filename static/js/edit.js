// <c-edit id="…">: a value that becomes its own form. Click, Enter or F2 edits; Enter saves; Escape reverts; Tab saves
// and moves on. Inside: a form with a [data-show] button and one [data-input]. The server answers with the same
// element: shown again, or with the attribute `open` when it refused (422) or somebody was faster (409). A page with many
// values shows each as a link [data-show] that fetches its editor, which comes with `data-edit` and is opened at once.
// Whether it is being edited is a custom state, which a morph of the markup around it leaves alone.
// What a quick person types before a fetched editor is there is kept for it.
const early = {
  id: "",
  lost: "",
  begin(id) {
    if (!this.id) {
      document.addEventListener("keydown", this, { capture: true });
      document.addEventListener("htmx:afterRequest", this);
    }
    const typed = this.lost === id ? this.typed : "";  // the editor did not come last time
    Object.assign(this, { id, typed, lost: "", behind: false, done: false });
    setTimeout(() => this.fail(id), 5000);
  },
  fail(id) {
    if (this.id !== id) return;
    this.end();
    this.lost = id;
  },
  handleEvent(event) {
    if (event.type === "htmx:afterRequest") {
      const edit = event.detail.elt?.closest?.("c-edit");
      if (edit?.id === this.id && !event.detail.successful) this.fail(this.id);
      return;
    }
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length === 1) this.typed += event.key;
    else if (event.key === "Backspace") this.typed = this.typed.slice(0, -1);
    else if (event.key === "End" || event.key === "ArrowRight") this.behind = true;
    else if (event.key === "Enter") this.done = true;
    else return;
    event.preventDefault();
    event.stopPropagation();
  },
  end() {
    document.removeEventListener("keydown", this, { capture: true });
    document.removeEventListener("htmx:afterRequest", this);
    this.id = "";
    return this;
  },
};

class Edit extends HTMLElement {
  static #back = "";
  #states = this.attachInternals().states;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.show = this.querySelector("[data-show]");
    this.input = this.querySelector("[data-input]");
    const back = Edit.#back !== "" && Edit.#back === this.id;
    this.addEventListener("keydown", this);
    if (!this.form) {  // its editor is fetched by the link that shows the value
      if (back) { Edit.#back = ""; this.show?.focus(); }
      this.addEventListener("click", this);
      return;
    }
    if (!this.show || !this.input) return;
    this.addEventListener("click", this);
    this.addEventListener("focusout", this);
    this.addEventListener("change", this);
    this.addEventListener("htmx:afterRequest", this);
    if (back) Edit.#back = "";
    if (this.hasAttribute("data-edit")) {
      this.removeAttribute("data-edit");
      const { typed, behind, done } = early.id === this.id ? early.end() : {};
      this.edit();
      if (!this.input.matches("input, textarea")) return;
      if (typed) this.input.value = (behind ? this.input.value : "") + typed;
      else if (behind && this.input.type !== "number") this.input.setSelectionRange(this.input.value.length, this.input.value.length);
      if (done) this.addEventListener("htmx:load", () => this.save(true), { once: true });
    } else if (this.hasAttribute("open")) this.edit(back || document.activeElement === document.body);
    else this.shut(back);
  }

  get value() { return this.input?.type === "checkbox" ? this.input.checked : this.input?.value; }
  get editing() { return this.#states.has("editing"); }

  handleEvent(event) {
    if (event.type === "click" && !this.form) early.begin(this.id);
    else if (event.type === "click" && this.show.contains(event.target)) this.edit();
    else if (event.type === "keydown") this.key(event);
    else if (event.type === "change" && this.input.matches("select, [type=checkbox]")) this.save(true);
    else if (event.type === "focusout" && this.editing && !this.contains(event.relatedTarget)) this.save(false);
    else if (event.type === "htmx:afterRequest" && this.form && (!event.detail.successful || event.detail.xhr.status >= 400)) this.saving = false;
  }

  key(event) {
    if (!this.editing) {
      if (event.key === "F2" || (event.key === " " && event.target === this.show && !this.form)) {
        event.preventDefault();
        if (this.form) this.edit(); else this.show?.click();
      }
      return;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.revert();
    } else if (event.key === "Enter" && (!this.input.matches("textarea") || event.metaKey || event.ctrlKey)) {
      event.preventDefault();
      this.save(true);
    }
  }

  // The focus moves before its element is hidden: hiding what has the focus counts as leaving the cell.
  edit(take = true) {
    this.first = this.value;
    this.#states.add("shown");
    if (take) this.input.focus();
    if (take && this.input.select) this.input.select();
    this.#states.add("editing");
    if (take && this.input.showPicker && this.input.matches("select")) try { this.input.showPicker(); } catch { /* not by a person */ }
  }

  shut(stay) {
    this.#states.delete("editing");
    if (stay) this.show.focus();
    this.#states.delete("shown");
  }

  revert() {
    if (this.input.type === "checkbox") this.input.checked = this.first; else this.input.value = this.first;
    this.shut(true);
  }

  save(stay) {
    if (this.saving) return;
    const refused = this.hasAttribute("open");
    if (this.value === this.first && !(refused && stay)) {
      if (!refused) this.shut(stay);
      return;
    }
    if (this.input.validity?.badInput) return void this.input.reportValidity();  // what cannot be read would be sent as nothing
    this.saving = true;
    this.form.noValidate = true;  // all else the server says, beside the field; the browser would send nothing and say it nowhere
    Edit.#back = stay ? this.id : "";
    this.form.requestSubmit();
  }
}
customElements.define("c-edit", Edit);
