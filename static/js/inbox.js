// <c-inbox>: which conversation is open shows in the list, and on a phone instead of it.
class Inbox extends HTMLElement {
  connectedCallback() {
    this.addEventListener("htmx:afterSwap", (event) => {
      if (event.target.id !== "conversation") return;
      const asked = event.detail.requestConfig?.elt?.closest(".imsg");
      if (asked) this.show(asked);
    });
  }
  show(row) {
    for (const one of this.querySelectorAll(".imsg")) {
      one.classList.toggle("is-open", one === row);
      one.toggleAttribute("aria-current", one === row);
      if (one === row) one.setAttribute("aria-current", "true");
    }
    this.classList.add("inbox--open");
    this.querySelector(".inbox__conv h2")?.scrollIntoView({ block: "nearest" });
  }
}
customElements.define("c-inbox", Inbox);
