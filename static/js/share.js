// The share dialog lies over the roadmap: its address says ?share=new while it is open, and such an address opens it.
const dialog = () => document.getElementById("share-dialog");

function address(open) {
  const url = new URL(location.href);
  if (open === url.searchParams.has("share")) return;
  if (open) url.searchParams.set("share", "new"); else url.searchParams.delete("share");
  history.replaceState(history.state, "", url);
}

class Share extends HTMLElement {
  connectedCallback() {
    dialog()?.addEventListener("dialog:open", () => { htmx.process(dialog()); address(true); });
    dialog()?.addEventListener("close", () => address(false));
    if (new URL(location.href).searchParams.has("share") && dialog() && !dialog().open)
      setTimeout(() => document.querySelector("[data-dialog=share-dialog]")?.click());
  }
}
customElements.define("c-share", Share);

// <c-widths>: the preview as wide as a screen or a phone.
class Widths extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", (event) => {
      const chosen = event.target.closest("button");
      if (!chosen) return;
      for (const one of this.querySelectorAll("button")) one.setAttribute("aria-pressed", one === chosen);
      this.closest("section").querySelector(".shr__prev").classList.toggle("is-phone", chosen.dataset.width === "phone");
    });
  }
}
customElements.define("c-widths", Widths);
