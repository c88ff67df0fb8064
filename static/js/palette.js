// <c-palette>: the server finds (hx-get on the input), this moves among what it found and goes there. What can be done on this
// page now, with the selected rows too, is marked on its button: data-command="Selected items: delete"; hidden ones are left out.
import { open } from "./dialogs.js";

class Palette extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    this.list = this.querySelector("[role=listbox]");
    this.addEventListener("keydown", this);
    this.list.addEventListener("click", (event) => this.go(event.target.closest("[role=option]"), event));
    this.list.addEventListener("htmx:afterSwap", () => {
      this.offerCommands();
      this.mark(this.options[0]);
    });
    this.closest("dialog").addEventListener("dialog:open", () => {
      this.input.select();
      htmx.trigger(this.input, "palette:open");
    });
  }
  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get current() { return this.list.querySelector("[aria-selected=true]"); }
  handleEvent(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], all = this.options;
    if (step && all.length) {
      event.preventDefault();
      this.mark(all[(all.indexOf(this.current) + step + all.length) % all.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.go(this.current, event);
    }
  }
  offerCommands() {
    const words = this.input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => text.toLowerCase().split(/\s+/).some((start) => start.startsWith(word)));
    const buttons = [...document.querySelectorAll("[data-command]")].filter((one) => one.checkVisibility() && fits(one.dataset.command));
    if (!buttons.length) return;
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.dataset.here);
    const label = document.createElement("div");
    label.className = "menu__label";
    label.setAttribute("aria-hidden", "true");
    label.textContent = this.dataset.here;
    group.append(label, ...buttons.map((button, n) => this.optionFor(button, n)));
    this.list.querySelector(".palette__none")?.remove();
    this.list.prepend(group);
  }
  optionFor(button, n) {
    const option = document.createElement("div"), text = document.createElement("span");
    option.id = `found-here-${n}`;
    option.className = "menu__item";
    option.setAttribute("role", "option");
    option.button = button;
    text.textContent = button.dataset.command;
    const icon = button.querySelector("svg")?.cloneNode(true);
    if (icon) option.append(icon);
    option.append(text);
    if (button.dataset.key) {
      const key = document.createElement("span");
      key.className = "meta";
      key.textContent = button.dataset.key.toUpperCase();
      option.append(key);
    }
    return option;
  }
  mark(option) {
    for (const one of this.options) {
      one.setAttribute("aria-selected", one === option);
      one.classList.toggle("is-active", one === option);
    }
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }
  go(option, event) {
    if (!option) return;
    this.closest("dialog").close();
    if (option.button) option.button.click();
    else if (option.dataset.click) document.querySelector(option.dataset.click)?.click();
    else if (event.metaKey || event.ctrlKey) window.open(option.dataset.url, "_blank", "noopener");
    else location.assign(option.dataset.url);
  }
}
customElements.define("c-palette", Palette);

document.addEventListener("keydown", (event) => {
  if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== "k") return;
  const palette = document.getElementById("palette");
  if (!palette || document.querySelector("dialog[open]:not(#palette)")) return;
  event.preventDefault();
  open(palette);
});
