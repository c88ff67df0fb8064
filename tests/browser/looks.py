"""What every page must hold, whoever built it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text()
SERIOUS = {"serious", "critical"}
TOUCH = 40

WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const hides = (e) => getComputedStyle(e).overflowX !== 'visible';
  const held = (e) => { for (let p = e.parentElement; p; p = p.parentElement) if (hides(p) && p.getBoundingClientRect().right <= width + 1) return true; };
  const reach = (e) => { const box = e.getBoundingClientRect(); return Math.round(hides(e) ? box.right : Math.max(box.right, box.left + e.scrollWidth)); };
  return [document.documentElement.scrollWidth - width, [...document.body.querySelectorAll('*')]
    .filter((e) => e.checkVisibility() && !e.closest('svg, .tabbar') && !held(e) && reach(e) > width + 1)
    .map((e) => `${reach(e)} ${e.outerHTML.slice(0, 120)}`)];
}"""

CLIPPED = """() => [...document.querySelectorAll('.btn, .tab, .seg > *, .pill, h1, h2, .side__label, .field__label')]
  .filter((e) => e.checkVisibility() && !e.closest('.truncate, .crumbs, .sr, [data-may-clip]') && !e.matches('.is-busy'))
  .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline'
                 && getComputedStyle(e).overflowX !== 'visible')
  .map((e) => e.outerHTML.slice(0, 140))"""

SMALL = """(least) => {
  const seen = (e) => e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const inText = (e) => {
    const p = e.parentElement;
    return e.tagName === 'A' && getComputedStyle(e).display.startsWith('inline')
      && [...p.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  };
  const area = (e) => (e.matches('input') && e.closest('label')) || e;
  return [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [role=tab]')]
    .filter((e) => seen(e) && !e.disabled && !inText(e) && !e.closest('[data-dense], .skip, .md'))
    .map((e) => ({ e: area(e), box: area(e).getBoundingClientRect() }))
    .filter(({ box }) => box.width > 0 && box.height > 0)
    .filter(({ e, box }) => {
      const grown = ['::before', '::after'].map((part) => getComputedStyle(e, part))
        .map((style) => style.content !== 'none' && style.position === 'absolute' ? parseFloat(style.height) || 0 : 0);
      return Math.max(box.height, ...grown) < least - 0.5;
    })
    .map(({ e, box }) => `${Math.round(box.width)}×${Math.round(box.height)} ${e.outerHTML.slice(0, 140)}`);
}"""


def assert_axe_clean(page: Page, include: str | None = None, rules: list[str] | None = None) -> None:
    """No serious or critical finding of axe-core, on the page as it stands (open drawers, menus, dialogs too)."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    target = "document" if include is None else f"document.querySelector({include!r})"
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": rules} if rules else {})
    result: dict[str, Any] = page.evaluate(f"(options) => axe.run({target}, options)", options)
    found = [
        f"{one['impact']} {one['id']}: {one['help']}\n    "
        + "\n    ".join(f"{node['target']} {node['html'][:160]}" for node in one["nodes"][:5])
        for one in result["violations"]
        if one["impact"] in SERIOUS
    ]
    assert not found, f"{page.url}\n" + "\n".join(found)


def assert_no_sideways_scroll(page: Page) -> None:
    wide, sticking = page.evaluate(WIDE)
    assert wide <= 1, f"{page.url} is {wide} px wider than the screen:\n" + "\n".join(sticking[:12])


def assert_touch_targets(page: Page, least: int = TOUCH) -> None:
    """Whatever is pressed is at least 40 px high at 390 px; links inside sentences are text."""
    small = page.evaluate(SMALL, least)
    assert not small, f"{page.url}: {len(small)} targets below {least} px:\n" + "\n".join(small[:20])


def assert_nothing_clipped(page: Page) -> None:
    clipped = page.evaluate(CLIPPED)
    assert not clipped, f"{page.url}: the words do not fit:\n" + "\n".join(clipped[:20])
