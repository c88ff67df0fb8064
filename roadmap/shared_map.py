"""The grid of a shared roadmap, drawn in Python: the template's `{% if card.… %}` on 60 cards cost 15 of its 19 ms.

It draws what roadmap.sharing hands over, which holds only what the audience may see. Every text is escaped here.
"""

from __future__ import annotations

from datetime import date
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from roadmap.sharing import SharedRoadmap, SharedRow
from ui import pieces

TEXT = 160
IDEAS = ("proposed", "shaping")


class SharedMap:
    """`product` is the row's head where goals may not be seen: its tile and name."""

    def __init__(self, roadmap: SharedRoadmap, *, product: str, stage: str, today: date) -> None:
        self.roadmap, self.product, self.stage, self.today = roadmap, product, escape(stage), today
        self.weeks = _("%(weeks)s person-weeks")

    def head(self) -> SafeString:
        first = _("Goal") if self.roadmap.with_goals else _("Product")
        cells = "".join(
            f'<div role="columnheader"><b>{escape(name)}</b><span>{escape(hint)}</span></div>'
            for name, hint in self.roadmap.columns
        )
        head = f'<div class="mm__row mm__head" role="row"><div role="columnheader">{escape(first)}</div>{cells}</div>'
        return pieces.joined([head])

    def rows(self) -> SafeString:
        return pieces.joined(map(self._row, self.roadmap.rows))

    def _row(self, row: SharedRow) -> str:
        if self.roadmap.with_goals:
            name = f"<b>{escape(row.name or _('Other'))}</b>"
        else:
            tile = pieces.tile(self.product, self.stage, "md")
            name = f'<span class="row">{tile}<b>{escape(self.product)}</b></span>'
        cells = "".join(
            f'<div class="mm__cell" role="cell" data-q="{escape(name)}">{"".join(map(self._card, cell))}</div>'
            for (name, _hint), cell in zip(self.roadmap.columns, row.cells, strict=True)
        )
        return (
            f'<div class="mm__row" role="row" data-stage="{self.stage}">'
            f'<div class="mm__prod" role="rowheader">{name}</div>{cells}</div>\n'
        )

    def _card(self, card: dict[str, Any]) -> str:
        category, ends_on, text = card.get("category", ""), card.get("ends_on"), card.get("text")
        glyph = pieces.status(card.get("status", ""), category, text=False) if category else ""
        day = pieces.day(ends_on, self.today) if ends_on else ""
        said = f"<p>{escape(text if len(text) <= TEXT else Truncator(text).chars(TEXT))}</p>" if text else ""
        return (
            f'<div class="mm__item{" is-idea" if category in IDEAS else ""}"><div class="mm__t">{glyph}'
            f'<b class="grow">{escape(card["title"])}</b>{day}</div>{said}{self._meta(card)}</div>'
        )

    def _meta(self, card: dict[str, Any]) -> str:
        told = [card[name] for name in ("key", "status", "release", "lead") if name in card]
        told += [_("Score %(n)s") % {"n": pieces.rounded(card["score"])}] if card.get("score") else []
        told += [self.weeks % {"weeks": pieces.rounded(card["effort"], -1)}] if card.get("effort") else []
        spans = "".join(f"<span>{escape(one)}</span>" for one in told)
        return f'<div class="mm__meta">{spans}</div>' if spans else ""
