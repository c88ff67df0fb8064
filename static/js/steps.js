// <c-steps data-backlog="/w/…/p/DSP/backlog/"><a rel="prev"><a rel="next"></c-steps>: from an item's page to the next one of the list in
// which it was found. Each page with links to items is such a list: it is kept, for this tab, as it stood when one of them was
// followed. Where it ends and the backlog goes on, and where there was none, the server knows what follows.
const KEPT = "steps";
const ITEM = /^\/w\/[^/]+\/p\/[^/]+\/items\/\d+\/$/;
// A row of the backlog opens its item's drawer.
function path(link) {
  const url = new URL(link.href, location.href), open = link.hasAttribute("data-open") && url.searchParams.get("open");
  return open ? url.pathname.replace(/backlog\/$/, `items/${open}/`) : url.pathname;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || ITEM.test(location.pathname) || !ITEM.test(new URL(link.href).pathname)) return;
  const links = [...document.querySelectorAll("#main a[href]")].filter((one) => !one.closest("c-drawer"));
  const items = [...new Set(links.map(path).filter((one) => ITEM.test(one)))];
  sessionStorage.setItem(KEPT, JSON.stringify({ home: location.pathname, query: location.search, items }));
}, { capture: true });

function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; }
}

class Steps extends HTMLElement {
  connectedCallback() {
    const list = kept(), place = list ? list.items.indexOf(location.pathname) : -1;
    const fromBacklog = list?.home === this.dataset.backlog;
    if (!fromBacklog && place < 0) return;
    for (const [rel, step] of [["prev", -1], ["next", 1]]) {
      const link = this.querySelector(`[rel=${rel}]`), there = place < 0 ? undefined : list.items[place + step];
      if (there) link.href = there;
      else if (fromBacklog) link.search = asked(list.query);
      else this.end(link);
    }
    if (fromBacklog) for (const back of document.querySelectorAll(`.topbar a[href="${CSS.escape(list.home)}"]`)) back.search = asked(list.query);
  }

  // The end of a list that is all there.
  end(link) {
    link.removeAttribute("href");
    link.removeAttribute("data-key");
    link.setAttribute("aria-disabled", "true");
  }
}

function asked(query) {
  const rest = new URLSearchParams(query);
  for (const name of ["open", "after", "in"]) rest.delete(name);
  return String(rest);
}
customElements.define("c-steps", Steps);
