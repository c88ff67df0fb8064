"""The table as CSV: the columns that are shown, in their order, of all rows that the filter leaves, in the order on the screen.

Written page by page while it is sent, so that ten thousand rows take the memory of five hundred. Texts that a spreadsheet would
run as a formula are guarded; numbers and days are written as programs read them.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from products.models import Product
from roadmap.backlog.asked import Asked
from roadmap.backlog.cells import INTERNAL, plain
from roadmap.backlog.table import Column, facts_of
from roadmap.importing.text import guard
from roadmap.models import FieldKind, Horizon, scoring_of, types_of
from roadmap.models.custom_values import people_in
from roadmap.models.dates import Certainty
from roadmap.scores.formulas import How

SIZE = 500
Text = Callable[[Any], str]
#: The columns of the product's scorecards, the first and the one beside it.
SCORES = ("score", "second_score")


def lines(asked: Asked, condition: Q) -> Iterator[str]:
    """The file, in pieces. In the language of whoever asked, also where the middleware is done with the request."""
    member, product, columns = asked.member, asked.product, asked.columns
    with override(get_language()):
        texts = texts_of(product, columns)
        yield "\ufeff" + _line([_("Key"), *(guard(str(column.label)) for column in columns)])
        after = ""
        while True:
            page = asked.page_of_file(condition, after, SIZE)
            facts = facts_of(columns, [row.pk for row in page.rows], member)
            written = [
                _line(
                    [f"{product.key}-{row.number}", *(guard_text(text(row), facts, name, row) for name, text in texts)]
                )
                for row in page.rows
            ]
            yield "".join(written)
            if not page.next:
                return
            after = page.next


def guard_text(cell: str | None, facts: Mapping[str, Mapping[int, str]], name: str, row: Any) -> str:
    """A cell; None stands for what another app knows of the row."""
    return guard(facts.get(name, {}).get(row.pk, "")) if cell is None else cell


def texts_of(product: Product, columns: Sequence[Column]) -> list[tuple[str, Callable[[Any], str | None]]]:
    """Each column's name, and what it says of a row as text."""
    people = people_in([column.own for column in columns if column.own is not None], product.workspace_id)
    return [(column.name, _text(column, people, product)) for column in columns]


def _text(column: Column, people: Mapping[str, str], product: Product) -> Callable[[Any], str | None]:
    if column.own is not None:
        return _own(column, people)
    if column.factor is not None:
        return _factor(column)
    if column.provide is not None:
        return lambda row: None
    if column.name == "type":
        return _type(product)
    if column.name in WORDS:
        return lambda row: guard(str(WORDS[column.name](row) or ""))
    if column.name in SCORES:
        return _score(column.name, product)
    path = {"start": "starts_on", "end": "ends_on"}.get(column.name, column.name)
    return lambda row: _number_or_day(getattr(row, path))


WORDS: dict[str, Callable[[Any], Any]] = {
    "title": lambda row: row.title,
    "status": lambda row: row.status__name,
    "lead": lambda row: row.lead__user__name,
    "objective": lambda row: row.objective__name,
    "component": lambda row: row.component__name,
    "release": lambda row: row.release__name,
    "certainty": lambda row: dict(Certainty.choices).get(row.certainty, ""),
    "is_internal": lambda row: INTERNAL if row.is_internal else "",
    "horizon": lambda row: dict(Horizon.choices[1:]).get(row.horizon, ""),
}


def _score(name: str, product: Product) -> Text:
    """A number as it is; a class by its name, as the table shows it."""
    formula = dict(zip(SCORES, scoring_of(product).formulas, strict=False)).get(name)
    if formula is None or formula.how != How.CLASS:
        return lambda row: plain(getattr(row, name))
    return lambda row: guard(formula.shown(getattr(row, name))) if getattr(row, name) is not None else ""


def _type(product: Product) -> Text:
    names = {one.key: guard(one.name) for one in types_of(product.workspace_id)}
    return lambda row: names.get(row.type, "")


def _own(column: Column, people: Mapping[str, str]) -> Text:
    own = column.own
    assert own is not None
    if own.kind == FieldKind.NUMBER:
        return lambda row: "" if row.custom.get(own.key) is None else str(row.custom[own.key])
    return lambda row: guard(own.shown(row.custom.get(own.key), dict(people)))


def _factor(column: Column) -> Text:
    factor = column.factor
    assert factor is not None

    def text(row: Any) -> str:
        raw = (row.measured if factor.live else row.factors).get(factor.key)
        return guard(factor.shown(raw)) if raw is not None else ""

    return text


def _number_or_day(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else plain(value)


class _Piece:
    """What csv writes to: keeps the one line."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def _line(cells: Sequence[str]) -> str:
    piece = _Piece()
    csv.writer(piece).writerow(cells)
    return piece.text
