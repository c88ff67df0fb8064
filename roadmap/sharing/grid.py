"""The grid of a shared roadmap, drawn in Python: the template's `{% if card.… %}` on 60 cards cost 15 of its 19 ms.

It draws what roadmap/sharing/cards.py hands over, which holds only what the audience may see. Every text is escaped here.
"""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from roadmap.models.share_parts import Part
from roadmap.sharing import facts
from roadmap.sharing.capping import DAY
from roadmap.sharing.cards import SharedRoadmap, SharedRow
from ui import formats, pieces

TEXT = 160
IDEAS = ("proposed", "shaping")


class Drawing:
    """What all layouts draw alike. `product` is the row's head where there are no lanes: its tile and name; `stage` that of one product."""

    def __init__(self, roadmap: SharedRoadmap, *, product: str, stage: str, today: date) -> None:
        self.roadmap, self.product, self.stage, self.today = roadmap, product, escape(stage), today
        self.scored = _("Score %(n)s")

    def stage_of(self, row: SharedRow) -> str:
        """What recolours a lane: the stage of its product."""
        return escape(row.product.stage) if row.product is not None else self.stage

    def name_of(self, row: SharedRow) -> str:
        """The head of a lane."""
        if row.product is not None:
            return self._product(row.product)
        if self.roadmap.lanes:
            return f"<b>{escape(row.name or _('Other'))}</b>"
        if not self.stage:
            return f"<b>{escape(self.product)}</b>"
        return f'<span class="row">{pieces.tile(self.product, self.stage, "md")}<b>{escape(self.product)}</b></span>'

    def _product(self, part: Part) -> str:
        """Its tile and name, what it is in a line, and how far in its life it is."""
        line = f"<p>{escape(part.tagline)}</p>" if part.tagline else ""
        name = f'<span class="row">{pieces.tile(part.name, part.stage, "md")}<b>{escape(part.name)}</b></span>'
        health = pieces.health(part.health) if part.health else ""
        return f"{name}{line}{pieces.stage(part.stage, 'stage--plain')}{health}"

    def glyph(self, card: dict[str, Any]) -> str:
        category = card.get("category", "")
        return pieces.status(card.get("status", ""), category, text=False) if category else ""

    def when(self, card: dict[str, Any]) -> str:
        """The day, month or quarter; a machine reads a day only where people may."""
        if not card.get("when"):
            return ""
        if self.roadmap.precision == DAY:
            return pieces.day(card["last"], self.today)
        return f"<time>{escape(card['when'])}</time>"

    def text(self, card: dict[str, Any]) -> str:
        texts = [card[name] for name in ("need", "text") if card.get(name)]
        return "".join(f"<p>{escape(one if len(one) <= TEXT else Truncator(one).chars(TEXT))}</p>" for one in texts)

    def told(self, card: dict[str, Any]) -> list[str]:
        """What stands in small letters below a card's title; the lane says its name itself."""
        names = ["product", "key", "status", *(["goal"] if self.roadmap.lanes != "objective" else [])]
        names += ["release"] if self.roadmap.lanes != "release" else []
        told = [card[name] for name in (*names, "lead") if name in card]
        told += [self.scored % {"n": pieces.rounded(card["score"])}] if card.get("score") else []
        told += [formats.weeks(card["effort"])] if card.get("effort") else []
        return told + facts.words(card, self.roadmap.own, self.roadmap.currency)

    def meta(self, card: dict[str, Any]) -> str:
        spans = "".join(f"<span>{escape(one)}</span>" for one in self.told(card)) + self.health(card)
        return f'<div class="mm__meta">{spans}</div>' if spans else ""

    def health(self, card: dict[str, Any]) -> str:
        return pieces.health(card["health"]) if "health" in card else ""

    def card(self, card: dict[str, Any]) -> str:
        return (
            f'<div class="mm__item{" is-idea" if card.get("category") in IDEAS else ""}"><div class="mm__t">{self.glyph(card)}'
            f'<b class="grow">{escape(card["title"])}</b>{self.when(card)}</div>{self.text(card)}{self.meta(card)}</div>'
        )


class SharedMap(Drawing):
    """Now, next and later, or quarters."""

    def draw(self) -> SafeString:
        columns = len(self.roadmap.columns)
        rows = "".join(map(self._row, self.roadmap.rows))
        label = escape(_("Roadmap"))
        return pieces.joined(
            [
                f'<div class="matrixmap" data-columns="{columns}" role="table" aria-label="{label}">',
                f"{self._head()}{rows}</div>",
            ]
        )

    def _head(self) -> str:
        cells = "".join(
            f'<div role="columnheader"><b>{escape(name)}</b><span>{escape(hint)}</span></div>'
            for name, hint in self.roadmap.columns
        )
        first = escape(self.roadmap.lane_label)
        return f'<div class="mm__row mm__head" role="row"><div role="columnheader">{first}</div>{cells}</div>\n'

    def _row(self, row: SharedRow) -> str:
        cells = "".join(
            f'<div class="mm__cell" role="cell" data-q="{escape(name)}">{"".join(map(self.card, cell))}</div>'
            for (name, _hint), cell in zip(self.roadmap.columns, row.cells, strict=True)
        )
        return (
            f'<div class="mm__row" role="row" data-stage="{self.stage_of(row)}">'
            f'<div class="mm__prod" role="rowheader">{self.name_of(row)}</div>{cells}</div>\n'
        )
