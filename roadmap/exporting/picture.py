"""A roadmap as SVG: lanes by columns, each card a box of three lines. It holds text and shapes only, and is read without a style sheet."""

from __future__ import annotations

from html import escape
from typing import Any

from django.utils.translation import gettext as _

from roadmap.models import ShareLink
from roadmap.sharing import facts
from roadmap.sharing.cards import SharedRoadmap
from ui.xml import writable

NAMES, COLUMN, CARD, GAP, PAD, HEAD, TOP = 180, 260, 52, 8, 10, 34, 84
LETTER = 6.4
INK, FAINT, LINE, PAPER = "#1f2026", "#5d5f6b", "#d9d6cf", "#ffffff"
FONT = "Inter, system-ui, sans-serif"


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
    small = " · ".join([*([card["when"]] if card.get("when") else []), *told])
    frame = f'<rect x="{x}" y="{y}" width="{COLUMN - PAD}" height="{CARD}" rx="6" fill="{PAPER}" stroke="{LINE}"/>'
    room = COLUMN - 3 * PAD
    return (
        frame
        + _text(x + PAD, y + 21, short(card["title"], room / LETTER), 12, INK, "600")
        + _text(x + PAD, y + 39, short(small, room / (LETTER * 0.9)), 11, FAINT)
    )


def _lines(name: str) -> list[str]:
    """A lane's name in up to two lines."""
    most = int((NAMES - PAD) / (LETTER * 1.15))
    if len(name) <= most:
        return [name]
    cut = name.rfind(" ", 0, most)
    cut = cut if cut > 0 else most
    return [name[:cut], short(name[cut:].strip(), most)]


def short(text: str, most: float) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: max(1, int(most) - 1)] + "…"


def _text(x: float, y: float, text: str, size: int, colour: str, weight: str = "400") -> str:
    clean = writable(" ".join(text.split()))
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}" font-weight="{weight}">{escape(clean)}</text>'
