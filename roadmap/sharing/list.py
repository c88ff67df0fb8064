"""A shared roadmap as a list: a table for each lane, with a column for each field that its audience may see."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap.sharing.cards import SharedRow
from roadmap.sharing.grid import Drawing
from ui import pieces


class SharedList(Drawing):
    def draw(self) -> SafeString:
        return pieces.joined(map(self._lane, self.roadmap.rows))

    def _lane(self, row: SharedRow) -> str:
        columns = self._columns(row)
        heads = "".join(f'<th scope="col">{escape(label)}</th>' for label, _draw in columns)
        lines = "".join(
            f"<tr>{''.join(f'<td>{draw(card)}</td>' for _label, draw in columns)}</tr>\n" for card in row.cards
        )
        return (
            f'<section class="shlist" data-stage="{self.stage_of(row)}"><h2 class="shlist__name">{self.name_of(row)}</h2>'
            f'<div class="shlist__scroll" tabindex="0" role="region" aria-label="{escape(row.name or self.product)}">'
            f'<table class="table"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div></section>\n'
        )

    def _columns(self, row: SharedRow) -> list[tuple[str, Any]]:
        """Label and drawing, of the fields that any of the cards has."""
        there = {name for card in row.cards for name in card}
        lanes = {"objective": "goal", "release": "release"}.get(self.roadmap.lanes)
        known = [
            ("product", _("Product"), lambda card: escape(card.get("product", ""))),
            ("key", _("Key"), lambda card: escape(card.get("key", ""))),
            ("title", _("Title"), lambda card: f"<b>{escape(card['title'])}</b>{self.text(card)}"),
            ("category", _("Status"), lambda card: pieces.status(card.get("status", ""), card.get("category", ""))),
            ("goal", _("Goal"), lambda card: escape(card.get("goal", ""))),
            ("release", _("Release"), lambda card: escape(card.get("release", ""))),
            ("when", _("Dates"), self.when),
            ("lead", _("Person in charge"), lambda card: escape(card.get("lead", ""))),
            ("score", _("Score"), lambda card: escape(pieces.rounded(card["score"])) if card.get("score") else ""),
            ("effort", _("Effort"), lambda card: escape(pieces.rounded(card["effort"], -1)) if card.get("effort") else ""),
            ("result", _("Key figure"), lambda card: escape(card.get("result", ""))),
            ("health", _("Health"), self.health),
            ("demand", _("Customers asking"), lambda card: str(card.get("demand", ""))),
            ("revenue", _("Revenue asking, a year"), self.revenue),
            ("tags", _("Tags"), lambda card: escape(card.get("tags", ""))),
            *((key, label, partial(_own, key)) for key, label in self.roadmap.own.items()),
        ]  # fmt: skip
        return [(escape(label), draw) for name, label, draw in known if name in there and name != lanes]

    def revenue(self, card: dict[str, Any]) -> str:
        return pieces.money(card["revenue"], self.roadmap.currency) if "revenue" in card else ""


def _own(key: str, card: dict[str, Any]) -> str:
    return escape(card.get(key, ""))
