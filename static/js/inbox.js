// <c-inbox>: which conversation is open shows in the list, and on a phone instead of it.
class Inbox extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:afterSettle", (event) => {
      this.mark();
      if (event.target.id !== "conversation" || !event.detail.requestConfig?.elt?.closest(".imsg")) return;
      this.classList.add("inbox--open");
      this.querySelector(".inbox__conv h2")?.scrollIntoView({ block: "nearest" });
    });
  }
  mark() {
    const open = this.querySelector(".inbox__conv")?.dataset.id;
    for (const row of this.querySelectorAll(".imsg")) {
      row.classList.toggle("is-open", row.dataset.id === open);
      if (row.dataset.id === open) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
  }
}
customElements.define("c-inbox", Inbox);
