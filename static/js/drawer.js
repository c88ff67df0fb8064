// <c-drawer data-home="/w/…/backlog/">: look and edit without losing the list. It takes the focus when it opens, Escape
// closes it and gives the focus back. The open drawer is in the address, so Back closes it too.
class Drawer extends HTMLElement {
  connectedCallback() {
    this.opener = document.activeElement === document.body ? null : document.activeElement;
    this.addEventListener("keydown", this);
    this.addEventListener("click", this);
    if (!this.contains(document.activeElement)) {
      this.tabIndex = -1;
      this.focus({ preventScroll: true });
    }
  }
  handleEvent(event) {
    if (event.type === "keydown" && event.key === "Escape" && !event.defaultPrevented) this.close(event);
    if (event.type === "click" && event.target.closest("[data-drawer-close]")) this.close(event);
  }
  close(event) {
    event.preventDefault();
    event.stopPropagation();
    const home = this.dataset.home, opener = this.opener;
    this.remove();
    for (const row of document.querySelectorAll(".is-open")) row.classList.remove("is-open");
    if (home) history.pushState({ htmx: true }, "", home);
    if (opener?.isConnected) opener.focus();
    document.dispatchEvent(new CustomEvent("drawer:closed"));
  }
}
customElements.define("c-drawer", Drawer);
