"""A board with lanes, drawn in Python: the heads of its columns once, below them each lane with its sums and a list of cards in each column.

Every text is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from roadmap.boards.columns import Column
from roadmap.boards.drawing import BoardDrawing
from roadmap.boards.head_drawing import Told, head, summed
from roadmap.boards.swimlanes import Cell, LanedBoard, Swimlane
from ui import pieces
from ui.words import gettext as _

#: Of what has no lane, in addresses, where an empty text would be no lane at all.
NO_LANE = "-"


@dataclass
class LaneDrawing(BoardDrawing):
    """`folded_at` gives the address of the board with a lane, by its key, folded or unfolded."""

    folded_at: Callable[[str], str] = field(default=lambda key: "?")

    def board(self, board: LanedBoard) -> SafeString:
        heads = "".join(head(self.look, Told.of(column)) for column in board.columns)
        lanes = [self._lane(lane, board.columns) for lane in board.lanes]
        if not lanes:
            lanes = [f'<p class="faint fs-13 swim__none">{escape(_("Nothing here yet."))}</p>']
        css = "swim__grid is-horizons" if self.look.is_horizons else "swim__grid"
        opened = f'<div class="{css}" style="--cols: {len(board.columns)}"><div class="swim__heads">{heads}</div>\n'
        return pieces.joined([opened, *lanes, "</div>"])

    def cell(self, cell: Cell, column: Column, lane: Swimlane) -> SafeString:
        """The inside of a cell's list."""
        if not cell.is_loaded:
            words = ngettext("Show %(n)d card", "Show %(n)d cards", cell.count) % {"n": cell.count}
            return pieces.joined([self._more(column, lane, words, "intersect once")] if cell.count else [])
        rest = []
        if cell.left_out > 0:
            words = ngettext("%(n)d more", "%(n)d more", cell.left_out) % {"n": cell.left_out}
            rest = [self._more(column, lane, words, "click")]
        return pieces.joined([*map(self._card, cell.cards), *rest])

    def lane_heads(self, lanes: list[Swimlane]) -> SafeString:
        """The heads of lanes anew, for where they stand."""
        return pieces.joined(self._head(lane, ' hx-swap-oob="true"') for lane in lanes)

    def _lane(self, lane: Swimlane, columns: list[Column]) -> str:
        cells = "" if lane.is_folded else f'<div class="swim__cells">{self._cells(lane, columns)}</div>'
        return (
            f'<section class="swim__lane{" is-folded" if lane.is_folded else ""}" data-lane="{escape(lane.key)}"'
            f' aria-labelledby="{_id(lane)}-name">{self._head(lane)}{cells}</section>\n'
        )

    def _cells(self, lane: Swimlane, columns: list[Column]) -> str:
        css, name = "nnl__list" if self.look.is_horizons else "bcol__list", escape(lane.name)
        return "".join(
            f'<ul class="{css}" data-list="{escape(column.head.key)}" aria-label="{name}, {Told.of(column).name}">'
            f"{self.cell(lane.cells[column.head.key], column, lane)}</ul>"
            for column in columns
        )

    def _head(self, lane: Swimlane, attributes: str = "") -> str:
        words, name = _("Unfold %(lane)s") if lane.is_folded else _("Fold %(lane)s"), escape(lane.name)
        address, label = escape(self.folded_at(lane.key)), escape(words % {"lane": lane.name})
        sums = summed(lane.effort, lane.sums)
        return (
            f'<header class="swim__name" id="{_id(lane)}"{attributes}><a class="swim__fold" role="button" href="{address}"'
            f' hx-get="{address}" hx-target="#plan-board" hx-select="#plan-board" hx-swap="morph:outerHTML" hx-push-url="true"'
            f' aria-expanded="{"false" if lane.is_folded else "true"}" aria-label="{label}">{pieces.icon("chevron-down", "icon--14")}</a>'
            f'<h2 id="{_id(lane)}-name">{name}</h2><span class="num faint">{pieces.number(lane.count)}</span>'
            f'<span class="row row--wrap fs-12 faint bcol__sums">{sums}</span></header>'
        )

    def _more(self, column: Column, lane: Swimlane, words: str, trigger: str) -> str:
        address = escape(f"{self.look.here}&column={column.head.key or 'none'}&lane={lane.key or NO_LANE}")
        return (
            f'<li class="bcol__more"><a class="btn btn--ghost btn--sm" href="{address}" hx-get="{address}" hx-trigger="{trigger}"'
            f' hx-target="closest [data-list]" hx-swap="innerHTML" hx-push-url="false">{escape(words)}</a></li>'
        )


def _id(lane: Swimlane) -> str:
    return f"lane-{escape(lane.key) or 'none'}"
