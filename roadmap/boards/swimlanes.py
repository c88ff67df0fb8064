"""A board with lanes: its columns over all lanes, and in each lane a cell for each column.

All cells are counted; those of the first columns in the first lanes hold their first cards, any other's come when it is scrolled to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet

from accounts.together import Together
from roadmap.boards import sums
from roadmap.boards.columns import FIRST_COLUMNS, MOST_CARDS, Column, heads_later, sums_of_columns
from roadmap.boards.lane_reading import CARDS, CELLS, FIRST_LANES, GROUPED
from roadmap.boards.reading import Part, parts_of
from roadmap.plans.laning import lanes_in_order
from roadmap.plans.questions import Question
from roadmap.plans.rows import Row, ask, rows_of

FIRST_IN_CELL = 6


class Counted(NamedTuple):
    """A cell as the database counts it; `first` is what its lane is ordered by."""

    lane: str
    column: Any
    lane_name: str | None
    count: int
    effort: Decimal | None
    first: Any


@dataclass
class Cell:
    """What is of a lane in a column: how many items, and those of their cards that are drawn; `is_loaded` once it was asked for them."""

    count: int = 0
    effort: Decimal = Decimal(0)
    cards: list[Row] = field(default_factory=list)
    is_loaded: bool = False

    @property
    def left_out(self) -> int:
        return self.count - len(self.cards)


@dataclass
class Swimlane:
    """`cells` by the keys of their columns; `sums` are what other apps sum up of it. Of one that is folded there is only the head."""

    key: str
    name: str
    cells: dict[str, Cell]
    sums: list[tuple[Any, str]] = field(default_factory=list)
    is_folded: bool = False

    @property
    def count(self) -> int:
        return sum(cell.count for cell in self.cells.values())

    @property
    def effort(self) -> Decimal:
        return sum((cell.effort for cell in self.cells.values()), Decimal(0))


@dataclass
class LanedBoard:
    columns: list[Column]
    lanes: list[Swimlane]

    @property
    def cards(self) -> list[Row]:
        return [card for lane in self.lanes for cell in lane.cells.values() for card in cell.cards]

    def lane(self, key: str) -> Swimlane | None:
        return next((lane for lane in self.lanes if lane.key == key), None)


def laned_board(
    question: Question, limits: dict[str, int], folded: Collection[str] = (), together: Together | None = None
) -> LanedBoard:
    """All of it, with the first cards. What was asked `together` before comes along."""
    board = counted_board(question, limits, together=together)
    for lane in board.lanes:
        lane.is_folded = lane.key in folded
    open_lanes = [lane for lane in board.lanes if not lane.is_folded][:FIRST_LANES]
    _load(question, open_lanes, board.columns[:FIRST_COLUMNS], FIRST_IN_CELL)
    return board


def laned_cell(question: Question, limits: dict[str, int], column: str, lane: str) -> LanedBoard:
    """Of this column, with all of a cell's cards; without columns where there is no such one."""
    board = counted_board(question, limits, [column])
    wanted = board.lane(lane)
    if wanted is not None:
        _load(question, [wanted], board.columns, MOST_CARDS)
    return board


def counted_board(
    question: Question, limits: dict[str, int], only: Sequence[str] | None = None, together: Together | None = None
) -> LanedBoard:
    """Its columns (those named `only`) and lanes with their sums, and no cards."""
    heads = heads_later(question, only, together or Together())()
    columns = [Column(head, limit=limits.get(head.key)) for head in heads if only is None or head.key in only]
    together = Together()
    parts = parts_of(question, [column.head.value for column in columns])
    counted = [ask(together, CELLS, *part.asked, variant=_variant(question, part)) for part in parts]
    of_columns = sums_of_columns(question, columns[:FIRST_COLUMNS], together)
    of_lanes = _sums_of_lanes(question, parts, together) if only is None else dict
    cells = [Counted._make(one) for one in chain.from_iterable(found() for found in counted)]
    of_columns()
    lanes = _lanes(question, columns, cells)
    texts = of_lanes()
    for lane in lanes:
        lane.sums = texts.get(lane.key, [])
    return LanedBoard(columns, lanes)


def _lanes(question: Question, columns: list[Column], cells: list[Counted]) -> list[Swimlane]:
    """In their order; the columns count what is in all of them."""
    by_value = {column.head.value: column for column in columns}
    cells = [one for one in cells if ("" if one.column is None else one.column) in by_value]
    cells.sort(key=lambda one: (one.first is None, one.first, (one.lane_name or "").casefold(), one.lane))
    lanes = []
    for key, name, held in lanes_in_order(cells, question.design.lanes, question.own):
        lane = Swimlane(key, name, {column.head.key: Cell() for column in columns})
        for one in held:
            column = by_value["" if one.column is None else one.column]
            lane.cells[column.head.key] = Cell(one.count, one.effort or Decimal(0))
            column.count += one.count
            column.effort += one.effort or Decimal(0)
        lanes.append(lane)
    return lanes


def _load(question: Question, lanes: Sequence[Swimlane], columns: list[Column], most: int) -> None:
    """Give the cells of these lanes in these columns their first cards. One statement, none where they are empty."""
    cells = {(key, lane.key): lane.cells[key] for lane in lanes for key in (column.head.key for column in columns)}
    for cell in cells.values():
        cell.is_loaded = True
    filled = [column for column in columns if any(lane.cells[column.head.key].count for lane in lanes)]
    if not filled:
        return
    design, together = question.design, Together()
    keys = [lane.key for lane in lanes]
    keys += keys[:1] * (FIRST_LANES - len(keys))
    asked = [
        ask(
            together, CARDS, *part.asked, *keys, variant=(*_variant(question, part), most, design.colours, design.shown)
        )
        for part in parts_of(question, [column.head.value for column in filled])
    ]
    for card in rows_of(chain.from_iterable(found() for found in asked), design):
        if (cell := cells.get((card.lane or "", card.lane_name or ""))) is not None:
            cell.cards.append(card)


def _variant(question: Question, part: Part) -> tuple[Any, ...]:
    options = tuple(one["key"] for one in question.own.options) if question.own else ()
    return (*part.shape, question.design.lanes, options)


def _sums_of_lanes(
    question: Question, parts: list[Part], together: Together
) -> Callable[[], dict[str, list[tuple[Any, str]]]]:
    """Of what is in all columns: a customer of a lane counts once, in whatever columns."""
    statements = []
    for part in parts:
        try:
            statements.append(GROUPED.statement(*part.asked, variant=_variant(question, part)))
        except (EmptyResultSet, TypeError):  # nothing to sum up, or a moment in the filter: see roadmap.plans.rows
            continue
    if not statements:
        return dict
    sql = " UNION ALL ".join(f"({one})" for one, _values in statements)
    values = [value for _one, values in statements for value in values]
    return sums.sums_later(sql, values, question.member, together)
