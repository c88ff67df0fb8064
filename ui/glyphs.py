"""Small pictures that are computed, not drawn by hand: the state of an item, the cradle of the logo; and those of the sprite."""

from __future__ import annotations

import math
from functools import lru_cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ui import stages
from ui.folding import constant


@lru_cache(maxsize=1)
def sprite() -> str:
    return static("icons/sprite.svg")


@constant
@lru_cache(maxsize=1024)
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """A lucide icon of ui/icons. Without a label it is decoration and hidden from screen readers."""
    role = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon {}" {}><use href="{}#{}"></use></svg>', css, role, sprite(), name)


@lru_cache(maxsize=64)
def status(category: str, share: float | None = None) -> SafeString:
    colours = {"ready": "var(--text-2)", "building": "var(--warn)", "shipped": "var(--accent)"}
    colour = colours.get(category, "var(--text-3)")
    if category == "building" and share is not None and share >= 0.75:
        colour = "var(--ok)"
    if category == "shipped":
        drawn = (
            f'<circle cx="7" cy="7" r="6" fill="{colour}" stroke="{colour}"/><path d="m4.3 7.2 1.9 1.9 3.6-4"'
            ' stroke="var(--surface)" stroke-linecap="round" stroke-linejoin="round"/>'
        )
    elif category == "dropped":
        drawn = f'<circle cx="7" cy="7" r="6" stroke="{colour}"/><path d="m5 5 4 4m0-4-4 4" stroke="{colour}"/>'
    elif category == "proposed":
        drawn = f'<circle cx="7" cy="7" r="6" stroke="{colour}" stroke-dasharray="2.2 1.57"/>'
    else:
        default = {"shaping": 0.25, "building": 0.5}.get(category, 0.0)
        drawn = f'<circle cx="7" cy="7" r="6" stroke="{colour}"/>' + _slice(default if share is None else share, colour)
    return mark_safe(  # noqa: S308  made of constants only
        f'<svg class="status__glyph" viewBox="0 0 14 14" aria-hidden="true">{drawn}</svg>'
    )


def _slice(share: float, colour: str) -> str:
    if not share:
        return ""
    angle = 2 * math.pi * share
    x, y = 7 + 3.6 * math.sin(angle), 7 - 3.6 * math.cos(angle)
    return f'<path d="M7 7V3.4A3.6 3.6 0 {int(share > 0.5)} 1 {x:.2f} {y:.2f}Z" fill="{colour}"/>'


@lru_cache(maxsize=1)
def bowl() -> SafeString:
    radius, middle_x, middle_y, gap = 9.2, 12, 11.2, 5.5
    first, last = 188, -8
    width = (first - last) / 6
    parts = []
    for i, one in enumerate(stages.STAGES):
        start = math.radians(first - i * width - (gap / 2 if i else 0))
        end = math.radians(first - (i + 1) * width + (gap / 2 if i < 5 else 0))
        x1, y1 = middle_x + radius * math.cos(start), middle_y + radius * math.sin(start)
        x2, y2 = middle_x + radius * math.cos(end), middle_y + radius * math.sin(end)
        arc = f"M{x1:.2f} {y1:.2f}A{radius} {radius} 0 0 0 {x2:.2f} {y2:.2f}"
        parts.append(f'<path d="{arc}" stroke="var(--{one.colour})"/>')
    return mark_safe("".join(parts))  # noqa: S308  made of constants only
