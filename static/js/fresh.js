// <c-fresh>: a page for people without an account, who have no stream. It looks every minute, and when somebody comes back
// to it, whether what it shows (elements with data-fresh and an id) is still so; when the address is closed, or asks for
// its password again, the page says so too.
const EVERY = 60_000;

class Fresh extends HTMLElement {
  connectedCallback() {
    this.clock = setInterval(() => { if (!document.hidden) this.look(); }, EVERY);
    addEventListener("focus", this);
    addEventListener("online", this);
    document.addEventListener("visibilitychange", this);
  }
  disconnectedCallback() {
    clearInterval(this.clock);
    removeEventListener("focus", this);
    removeEventListener("online", this);
    document.removeEventListener("visibilitychange", this);
  }
  handleEvent() { if (!document.hidden) this.look(); }

  async look() {
    if (this.looking) return;
    this.looking = true;
    try {
      const answer = await fetch(location.href, { cache: "no-store", headers: { "X-Look": "again" } });
      if (answer.status >= 500 || answer.status === 429) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!answer.ok || !page.querySelector("c-fresh")) return location.reload();
      const main = document.getElementById("main");
      main.setAttribute("style", page.getElementById("main").getAttribute("style"));  // the scale it prints at
      for (const old of document.querySelectorAll("[data-fresh]")) {
        const fresh = page.getElementById(old.id);
        if (fresh && fresh.outerHTML !== old.outerHTML) old.replaceWith(document.importNode(fresh, true));
      }
    } catch { /* offline: what was last known stays on the screen */ } finally { this.looking = false; }
  }
}
customElements.define("c-fresh", Fresh);
