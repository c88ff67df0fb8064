"""A roadmap as SVG: lanes by columns, each card a box of three lines. It holds text and shapes only, and is read without a style sheet."""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import Any

from django.utils.translation import gettext as _

from roadmap.models import ShareLink
from roadmap.sharing import facts
from roadmap.sharing.cards import SharedRoadmap
from ui.xml import writable

NAMES, COLUMN, CARD, GAP, PAD, HEAD, TOP = 180, 260, 68, 8, 10, 34, 84
LETTER = 7.6  # of the widest font that stands in where Inter is not installed: what fits by it fits by any
SMALL = 6.4
LINES = 3
NARROW = "\u00a0"  # no line ends at it
INK, FAINT, LINE, PAPER = "#1f2026", "#5d5f6b", "#d9d6cf", "#ffffff"
FONT = "Inter, Helvetica, Arial, system-ui, sans-serif"


def svg_of(link: ShareLink, roadmap: SharedRoadmap) -> bytes:
    width = NAMES + COLUMN * len(roadmap.columns) + 2 * PAD
    heights = [max(44, *(len(cell) * (CARD + GAP) + GAP for cell in row.cells)) for row in roadmap.rows]
    height = TOP + HEAD + sum(heights) + PAD
    title = link.heading
    audience = " · ".join(filter(None, [_("For %(audience)s") % {"audience": link.audience}, roadmap.cut_said]))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" font-family="{FONT}" role="img">',
        f"<title>{escape(writable(title))}</title>",
        f'<rect width="{width}" height="{height}" fill="{PAPER}"/>',
        _text(PAD, 34, title, 22, INK, "600"),
        _text(PAD, 58, audience, 13, FAINT),
    ]
    parts += [
        _text(NAMES + COLUMN * n + 2 * PAD, TOP + 22, f"{name}  {hint}".strip(), 13, INK, "600")
        for n, (name, hint) in enumerate(roadmap.columns)
    ]
    top = TOP + HEAD
    for row, tall in zip(roadmap.rows, heights, strict=True):
        parts.append(f'<path d="M{PAD} {top}H{width - PAD}" stroke="{LINE}"/>')
        name = (row.name or _("Other")) if roadmap.lanes else link.name
        parts += [_text(PAD, top + 24 + 16 * n, line, 13, INK, "600") for n, line in enumerate(_lines(name))]
        for n, cell in enumerate(row.cells):
            for place, card in enumerate(cell):
                parts.append(_card(NAMES + COLUMN * n + PAD, top + GAP + place * (CARD + GAP), card, roadmap))
        top += tall
    return ("".join(parts) + "</svg>").encode()


def _card(x: int, y: int, card: dict[str, Any], roadmap: SharedRoadmap) -> str:
    told = [card[name] for name in ("product", "key", "status", "release", "lead") if card.get(name)]
    told += [*filter(None, [facts.health_of(card)]), *facts.words(card, roadmap.own, roadmap.currency)]
    small = f"{NARROW}· ".join(one.replace(" ", NARROW) for one in (card.get("when"), *told) if one)
    frame = f'<rect x="{x}" y="{y}" width="{COLUMN - PAD}" height="{CARD}" rx="6" fill="{PAPER}" stroke="{LINE}"/>'
    room = COLUMN - 3 * PAD
    title = _wrapped(card["title"], room / LETTER, LINES - 1)
    rest = _wrapped(small, room / SMALL, LINES - len(title))
    drawn = [_text(x + PAD, y + 20 + 17 * n, line, 12, INK, "600") for n, line in enumerate(title)]
    drawn += [_text(x + PAD, y + 20 + 17 * n, line, 11, FAINT) for n, line in enumerate(rest, len(title))]
    return frame + "".join(drawn)


def _lines(name: str) -> list[str]:
    """A lane's name in up to two lines."""
    return _wrapped(name, (NAMES - PAD) / (LETTER * 1.1), 2)


def _wrapped(text: str, most: float, lines: int) -> list[str]:
    """In so many lines of so many letters, none ending at NARROW; what has no room ends in an ellipsis."""
    return wrap(text, int(most), max_lines=lines, placeholder="…", break_on_hyphens=False)


def _text(x: float, y: float, text: str, size: int, colour: str, weight: str = "400") -> str:
    clean = writable(" ".join(text.split()))
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" font-weight="{weight}">{escape(clean)}</text>'
