// <c-present>: slides, one at a time. Arrows, Page keys and Space step, Home and End go to the ends, digits to a slide,
// F fills the screen, Esc ends. Without it the slides stand below each other. The slide that is shown is in the address.
class Present extends HTMLElement {
  connectedCallback() {
    this.slides = [...this.querySelectorAll(".slide")];
    this.classList.add("is-on");
    for (const button of this.querySelectorAll("[data-step], [data-full]")) button.hidden = false;
    this.addEventListener("click", this);
    document.addEventListener("keydown", this);
    addEventListener("hashchange", this);
    this.show(this.asked());
  }
  disconnectedCallback() {
    document.removeEventListener("keydown", this);
    removeEventListener("hashchange", this);
  }
  handleEvent(event) {
    if (event.type === "hashchange") return this.show(this.asked());
    if (event.type === "keydown") return this.key(event);
    const step = event.target.closest("[data-step]");
    if (step) this.show(this.place + Number(step.dataset.step));
    if (event.target.closest("[data-full]")) this.fill();
  }
  asked() {
    return Math.max(0, this.slides.findIndex((slide) => `#${slide.id}` === location.hash));
  }
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, textarea, select")) return;
    const last = this.slides.length - 1;
    const to = { ArrowRight: this.place + 1, ArrowDown: this.place + 1, PageDown: this.place + 1, ArrowLeft: this.place - 1,
      ArrowUp: this.place - 1, PageUp: this.place - 1, Home: 0, End: last }[event.key];
    if (to !== undefined) this.show(to);
    else if (event.key === " " && !event.target.closest?.("a, button")) this.show(this.place + (event.shiftKey ? -1 : 1));
    else if (/^[1-9]$/.test(event.key)) this.show(Number(event.key) - 1);
    else if (event.key === "f" || event.key === "F") this.fill();
    else if (event.key === "Escape" && !document.fullscreenElement) this.querySelector("[data-leave]").click();
    else return;
    event.preventDefault();
  }
  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }
  show(place) {
    this.place = Math.min(Math.max(place, 0), this.slides.length - 1);
    this.slides.forEach((slide, index) => { slide.hidden = index !== this.place; });
    this.querySelector("[data-place]").textContent = `${this.place + 1} / ${this.slides.length}`;
    const slide = this.slides[this.place];
    history.replaceState(history.state, "", `#${slide.id}`);
    window.scrollTo(0, 0);
  }
}
customElements.define("c-present", Present);
