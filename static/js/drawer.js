// <c-drawer data-home="/w/…/backlog/">: look and edit without losing the list. It takes the focus when it opens, Escape
// closes it and gives the focus back. The open drawer is in the address, so Back closes it too.
// What the address says of the list stays: rows, which are drawn once for all filters, only know which one of them is open.
function withOpen(number) {
  const query = new URLSearchParams(location.search);
  query.delete("open");
  if (number) query.set("open", number);
  return query.size ? `?${query}` : "";
}
document.addEventListener("htmx:beforeHistoryUpdate", (event) => {
  const opened = /^\?open=(\d+)$/.exec(event.detail.history?.path || "");
  if (opened) event.detail.history.path = location.pathname + withOpen(opened[1]);
});

// The row of which the drawer is shows it, however often it is drawn anew.
function mark() {
  const open = document.querySelector("c-drawer[data-item]")?.dataset.item;
  for (const row of document.querySelectorAll("#main tr[data-row]")) row.classList.toggle("is-open", row.dataset.id === open);
}
document.addEventListener("htmx:afterSettle", mark);

class Drawer extends HTMLElement {
  connectedCallback() {
    this.opener = document.activeElement === document.body ? null : document.activeElement;
    this.addEventListener("keydown", this);
    this.addEventListener("click", this);
    mark();
    const steps = this.querySelectorAll("[data-step-row]");
    if (steps.length && document.querySelector("#main [data-row]")) for (const step of steps) step.hidden = false;
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
    mark();
    if (home) history.pushState({ htmx: true }, "", home === location.pathname ? home + withOpen("") : home);
    if (opener?.isConnected) opener.focus();
    document.dispatchEvent(new CustomEvent("drawer:closed"));
  }
}
customElements.define("c-drawer", Drawer);
