"""One question, five pictures: what the pages of a product's roadmap and of the kept ones show, by their layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString

from accounts.together import Together
from roadmap.backlog import table
from roadmap.boards.columns import MOST_CARDS, Column, board_of, counted_columns
from roadmap.boards.drawing import BoardDrawing
from roadmap.boards.head_drawing import Look, heads
from roadmap.boards.reading import COLUMN
from roadmap.models.custom_values import people_in
from roadmap.plans.colouring import attributes, drawn_legend, legend_of
from roadmap.plans.designs import Layout
from roadmap.plans.list_drawing import ListDrawing
from roadmap.plans.lists import list_of
from roadmap.plans.planning import Question
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
        cards = [card for column in columns for card in column.cards]
        facts = self._facts([card.pk for card in cards])
        self.legend = legend_of(cards, self.design.colours)
        return BoardDrawing(
            self.design.layout, self.request.workspace.slug, facts, attributes(self.legend), self.movable, self.here,
            self.limit_address,
        )  # fmt: skip

    @property
    def here(self) -> str:
        """This address without what is said of one column or page."""
        rest = self.query.copy()
        for name in ("column", "after"):
            rest.pop(name, None)
        return f"{self.request.path}?{rest.urlencode()}"

    def columns(self, only: Sequence[str] | None = None, most: int = MOST_CARDS) -> list[Column]:
        return board_of(self.question, self.limits, only, most, self.together)

    def heads(self, values: Sequence[Any]) -> SafeString:
        """Of the columns that hold these values, with what they count now."""
        columns = counted_columns(self.question, self.limits, values)
        return heads(Look.of(self.design.layout, self.here, self.limit_address, self.question.today), columns)

    def _board(self) -> dict[str, Any]:
        asked = self.query.get("column")
        columns = self.columns()
        if asked is not None:
            whole = {column.head.key: column for column in self.columns([_key(asked)])}
            columns = [whole.get(column.head.key, column) for column in columns]
        drawing = self.board_drawing(columns)
        return {
            "columns": columns, "drawn": drawing.columns(columns), "legend": drawn_legend(self.legend), "is_empty": not any(c.count for c in columns),
            "may_move": bool(self.movable),
        }  # fmt: skip

    def column(self) -> dict[str, Any] | None:
        """The inside of the column that an address names, and its head; None where there is no such column."""
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


def _skipped(text: str) -> int:
    return min(int(text), FARTHEST_PAGE) if text.isascii() and text.isdigit() and len(text) < 7 else 0
