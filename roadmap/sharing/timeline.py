"""A shared roadmap as a timeline: bars that begin and end where the audience may know that they do, in rows that do not overlap.

Places are per cent of the window, so it fits any width; on a phone the bars are a list.
"""

from __future__ import annotations

from datetime import date, timedelta
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap.sharing import capping, facts
from roadmap.sharing.cards import SharedRow
from roadmap.sharing.grid import Drawing
from roadmap.timelines.packing import free_row
from ui import pieces

FEWEST, MOST = 4, 10  # quarters
LETTER = 0.62  # of the window's width in per cent, for a letter of a bar's words


class SharedTimeline(Drawing):
    def draw(self) -> SafeString:
        self.first, self.last = self.window()
        self.days = (self.last - self.first).days + 1
        rows = "".join(map(self._row, self.roadmap.rows))
        label, lanes = escape(_("Roadmap")), escape(self.roadmap.lane_label)
        return pieces.joined(
            [
                f'<div class="shtl" role="table" aria-label="{label}"><div class="shtl__head" role="row">',
                f'<div role="columnheader">{lanes}</div><div class="shtl__scale" role="columnheader">{self._scale()}</div></div>',
                f"{rows}</div>",
            ]
        )

    def window(self) -> tuple[date, date]:
        """Whole quarters, from this one to the last that a bar reaches; at least a year, at most two and a half."""
        first = following = capping.first_of(self.today, capping.QUARTER)
        ends = max((card["last"] for _lane, _column, card in self.roadmap.cards if "last" in card), default=first)
        for count in range(MOST):
            if count >= FEWEST and following > ends:
                break
            following = capping.following(following, capping.QUARTER)
        return first, following - timedelta(days=1)

    def place(self, first: date, last: date) -> tuple[float, float]:
        """From where, and how wide, in per cent of the window."""
        start, end = max(first, self.first), min(last, self.last)
        return (start - self.first).days / self.days * 100, ((end - start).days + 1) / self.days * 100

    def _scale(self) -> str:
        parts, first = [], self.first
        while first <= self.last:
            last = capping.last_of(first, capping.QUARTER)
            x, width = self.place(first, last)
            parts.append(
                f'<b style="--x:{x:.3f};--w:{width:.3f}">{escape(capping.said(first, capping.QUARTER, first))}</b>'
            )
            first = last + timedelta(days=1)
        if self.roadmap.precision == capping.DAY:
            x, _width = self.place(self.today, self.today)
            parts.append(f'<i class="shtl__now" style="--x:{x:.3f}"><span class="sr">{escape(_("Today"))}</span></i>')
        return "".join(parts)

    def _row(self, row: SharedRow) -> str:
        taken: list[list[tuple[float, float]]] = []
        dated = [card for card in row.cards if "last" in card and card["first"] <= self.last]
        bars = "".join(self._bar(card, taken) for card in sorted(dated, key=lambda card: (card["first"], card["last"])))
        others = "".join(f"<li>{self.card(card)}</li>" for card in row.cards if card not in dated)
        undated = f'<ul class="shtl__undated" aria-label="{escape(_("No dates"))}">{others}</ul>' if others else ""
        return (
            f'<div class="shtl__row" role="row" data-stage="{self.stage_of(row)}"><div class="mm__prod" role="rowheader">{self.name_of(row)}'
            f'</div><div class="shtl__cell" role="cell"><ul class="shtl__area" style="--rows:{len(taken)}">{bars}</ul>{undated}</div></div>\n'
        )

    def _bar(self, card: dict[str, Any], taken: list[list[tuple[float, float]]]) -> str:
        x, width = self.place(card["first"], card["last"])
        words = (len(card["title"]) + len(card["when"]) + 6) * LETTER
        row = free_row(taken, (x, x + max(width, min(words, 100 - x))))
        told = " · ".join(filter(None, [*self.told(card), facts.health_of(card), card.get("need", "")]))
        return (
            f'<li class="shtl__bar" data-state="{escape(card.get("category", ""))}" style="--x:{x:.3f};--w:{width:.3f};--row:{row}"'
            f' title="{escape(told)}"><span class="shtl__words">{self.glyph(card)}<b>{escape(card["title"])}</b>{self.when(card)}</span></li>'
        )
