// <c-password>: an eye that shows what was typed into the password field beside it.
class Password extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input"), eye = this.querySelector("button");
    if (!input || !eye) return;
    eye.hidden = false;
    eye.addEventListener("click", () => {
      const shown = input.type === "password";
      input.type = shown ? "text" : "password";
      eye.setAttribute("aria-pressed", String(shown));
    });
  }
}
customElements.define("c-password", Password);
