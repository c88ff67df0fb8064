"""A shared roadmap as slides: one that says what it is, then one for each lane, in the speaker's order. Pure but for drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap.models import SharedLayout
from roadmap.sharing.page import SharedPage

MOST = 40


@dataclass
class Slide:
    """`earlier` and `later` are the orders in which it stands a place before or behind; "" at the ends."""

    number: int
    name: str
    body: SafeString
    count: int
    earlier: str
    later: str


def order_of(text: str, lanes: int) -> list[int]:
    """`2,0` as places of lanes: those that are named first, then the rest. What is no place of one is passed over."""
    named = [int(part) for part in text.split(",")[:MOST] if part.isascii() and part.isdigit() and len(part) < 4]
    known = [place for place in dict.fromkeys(named) if place < lanes]
    return [*known, *(place for place in range(lanes) if place not in known)]


def slides_of(page: SharedPage, text: str) -> list[Slide]:
    rows = page.roadmap.rows
    order = order_of(text, len(rows))
    found = []
    for place, index in enumerate(order):
        row = rows[index]
        alone = replace(page.roadmap, layout=SharedLayout.HORIZONS, rows=[row])
        name = (row.name or _("Other")) if page.roadmap.lanes else page.link.name
        body = SharedPage(page.link, alone).body
        found.append(
            Slide(place + 2, name, body, len(row.cards), _swapped(order, place, -1), _swapped(order, place, 1))
        )
    return found


def _swapped(order: list[int], place: int, step: int) -> str:
    other = place + step
    if not 0 <= other < len(order):
        return ""
    swapped = list(order)
    swapped[place], swapped[other] = swapped[other], swapped[place]
    return ",".join(map(str, swapped))
