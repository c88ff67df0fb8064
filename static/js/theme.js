// <c-theme> around the theme form: switches at once and tells the server, which writes data-theme from then on.
class Theme extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      const root = document.documentElement, form = event.target;
      const now = root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
      const body = new FormData(form);
      if (!body.get("theme")) body.set("theme", now === "dark" ? "light" : "dark");
      if (body.get("theme") === "system") delete root.dataset.theme; else root.dataset.theme = body.get("theme");
      fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    });
  }
}
customElements.define("c-theme", Theme);
