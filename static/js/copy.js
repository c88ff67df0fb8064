// <c-copy data-text="…">: a button that puts its text onto the clipboard and says so. Hidden where that cannot be done.
class Copy extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(this.dataset.text);
      button.lastChild.textContent = this.dataset.done;
    });
  }
}
customElements.define("c-copy", Copy);
