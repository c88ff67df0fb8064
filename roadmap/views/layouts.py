"""One question, five pictures: what the pages of a product's roadmap and of the kept ones show, by their layout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString

from accounts.together import Together
from roadmap.backlog import table
from roadmap.boards.columns import MOST_CARDS, Column, board_of, counted_columns
from roadmap.boards.drawing import BoardDrawing
from roadmap.boards.head_drawing import Look, heads
from roadmap.boards.lane_drawing import NO_LANE, LaneDrawing
from roadmap.boards.reading import COLUMN
from roadmap.boards.swimlanes import LanedBoard, Swimlane, counted_board, laned_board, laned_cell
from roadmap.models.custom_values import people_in
from roadmap.plans.colouring import attributes, drawn_legend, legend_of
from roadmap.plans.designs import Layout
from roadmap.plans.folds import folded_at, folds_of
from roadmap.plans.list_drawing import ListDrawing
from roadmap.plans.lists import list_of
from roadmap.plans.questions import Question
from roadmap.plans.rows import Row
from roadmap.plans.shown import Facts
from roadmap.views import spans
from ui.pages import is_htmx

TEMPLATES = dict.fromkeys(Layout.values, "board") | {
    Layout.TIMELINE.value: "timeline",
    Layout.LIST.value: "list",
}
FARTHEST_PAGE = 100_000


class Picture:
    """One question, drawn. `query` is the address as it is; `movable` are the keys of products at which this person moves cards;
    with `together` a timeline is read."""

    def __init__(
        self, request: HttpRequest, question: Question, query: QueryDict, *, movable: frozenset[str],
        limits: dict[str, int] | None = None, limit_address: str = "", together: Together | None = None,
    ) -> None:  # fmt: skip
        self.request, self.question, self.query, self.movable = request, question, query, movable
        self.limits, self.limit_address, self.together = limits or {}, limit_address, together
        self.design = question.design

    def context(self) -> dict[str, Any]:
        """What the templates of its layout draw."""
        if self.design.layout == Layout.TIMELINE:
            return spans.timeline(self.request, self.question, self.query, movable=self.movable, together=self.together)
        return self._listed() if self.design.layout == Layout.LIST else self._board()

    def board_drawing(self, columns: Sequence[Column]) -> BoardDrawing:
        return BoardDrawing(*self._drawn_by([card for column in columns for card in column.cards]))

    def lane_drawing(self, board: LanedBoard) -> LaneDrawing:
        return LaneDrawing(*self._drawn_by(board.cards), folded_at=partial(folded_at, self.query))

    def _drawn_by(self, cards: list[Row]) -> tuple[Any, ...]:
        """What a drawing of these cards takes."""
        facts = self._facts([card.pk for card in cards])
        self.legend = legend_of(cards, self.design.colours)
        return (
            self.design.layout, self.request.workspace.slug, facts, attributes(self.legend), self.movable, self.here,
            self.limit_address,
        )  # fmt: skip

    @property
    def here(self) -> str:
        """This address without what is said of one column or page."""
        rest = self.query.copy()
        for name in ("column", "lane", "after"):
            rest.pop(name, None)
        return f"{self.request.path}?{rest.urlencode()}"

    def columns(self, only: Sequence[str] | None = None, most: int = MOST_CARDS) -> list[Column]:
        return board_of(self.question, self.limits, only, most, self.together)

    def heads(self, values: Sequence[Any]) -> SafeString:
        """Of the columns that hold these values, with what they count now."""
        columns = counted_columns(self.question, self.limits, values)
        return heads(Look.of(self.design.layout, self.here, self.limit_address, self.question.today), columns)

    def lane_heads(self, named: Mapping[str, str]) -> SafeString:
        """Of these lanes (key → name), with what they count now: one may have become empty."""
        board = counted_board(self.question, self.limits)
        folded = folds_of(self.query)
        lanes = [board.lane(key) or Swimlane(key, name, {}) for key, name in named.items()]
        for lane in lanes:
            lane.is_folded = lane.key in folded
        return self.lane_drawing(board).lane_heads(lanes)

    def _board(self) -> dict[str, Any]:
        if self.design.has_swimlanes:
            return self._laned()
        asked = self.query.get("column")
        columns = self.columns()
        if asked is not None:
            whole = {column.head.key: column for column in self.columns([_key(asked)])}
            columns = [whole.get(column.head.key, column) for column in columns]
        drawing = self.board_drawing(columns)
        return {
            "css": "nnl" if self.design.layout == Layout.HORIZONS else "board", "columns": columns,
            "drawn": drawing.columns(columns), "legend": drawn_legend(self.legend), "is_empty": not any(c.count for c in columns),
            "may_move": bool(self.movable),
        }  # fmt: skip

    def _laned(self) -> dict[str, Any]:
        board = laned_board(self.question, self.limits, folds_of(self.query), self.together)
        column, lane = _key(self.query.get("column", "")), board.lane(_lane_key(self.query))
        if "column" in self.query and lane is not None and column in lane.cells:
            whole = laned_cell(self.question, self.limits, column, lane.key).lane(lane.key)
            lane.cells[column] = whole.cells[column] if whole else lane.cells[column]
        drawing = self.lane_drawing(board)
        return {
            "css": "swim", "columns": board.columns, "lanes": board.lanes, "drawn": drawing.board(board),
            "legend": drawn_legend(self.legend), "is_empty": not board.lanes, "may_move": bool(self.movable),
        }  # fmt: skip

    def _cell(self) -> dict[str, Any] | None:
        board = laned_cell(self.question, self.limits, _key(self.query.get("column", "")), _lane_key(self.query))
        lane = board.lane(_lane_key(self.query))
        if not board.columns or lane is None:
            return None
        column, drawing = board.columns[0], self.lane_drawing(board)
        return {"inside": drawing.cell(lane.cells[column.head.key], column, lane), "head": drawing.heads([column])}

    def column(self) -> dict[str, Any] | None:
        """The inside of the column, or of its cell in a lane, that an address names, and its head; None where there is no such one."""
        if self.design.has_swimlanes:
            return self._cell()
        columns = self.columns([_key(self.query.get("column", ""))])
        if not columns:
            return None
        drawing = self.board_drawing(columns)
        return {"inside": drawing.cards(columns[0]), "head": drawing.heads(columns)}

    def _listed(self) -> dict[str, Any]:
        listed = list_of(self.question, _skipped(self.query.get("after", "")))
        self.legend = legend_of(listed.rows, self.design.colours)
        facts = self._facts([row.pk for row in listed.rows])
        drawing = ListDrawing(self.request.workspace.slug, facts, attributes(self.legend), self.design.lanes, self.here)
        return {
            "listed": listed, "head": drawing.head(), "drawn": drawing.rows(listed), "legend": drawn_legend(self.legend),
            "is_empty": not listed.rows,
        }  # fmt: skip

    def _facts(self, ids: list[int]) -> Facts:
        shown, workspace = self.design.shown, self.question.member.workspace_id
        own = table.own_named(workspace, shown)
        facts = Facts(shown, self.question.today, self.design.precision, own, people_in(own.values(), workspace))
        facts.ask(ids, self.question.member)
        return facts


def is_part(request: HttpRequest) -> bool:
    """Whether the cards of one column, the rows that follow or a span of a timeline are asked for."""
    return spans.is_part(request) or is_htmx(request) and ("column" in request.GET or "after" in request.GET)


def part_of(request: HttpRequest, picture: Picture) -> HttpResponse:
    if picture.design.layout == Layout.TIMELINE and spans.is_part(request):
        return spans.part_of(request, picture.question, picture.movable)
    if picture.design.layout == Layout.LIST:
        answer = HttpResponse(picture.context()["drawn"])
    else:
        part = picture.column() if picture.design.layout in COLUMN else None
        if part is None:
            raise Http404
        answer = HttpResponse(part["inside"] + part["head"])
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _key(asked: str) -> str:
    """A column's key in an address: nothing planned is “none” there."""
    return "" if asked == "none" else asked


def _lane_key(query: QueryDict) -> str:
    asked = query.get("lane", "")
    return "" if asked == NO_LANE else asked


def _skipped(text: str) -> int:
    return min(int(text), FARTHEST_PAGE) if text.isascii() and text.isdigit() and len(text) < 7 else 0
