"""A sheet of the table of items: the rows of a page, or the one that answers an edit, as they are drawn for one member.

A page of 50 rows was 550 cells of a Django template, which took three quarters of the whole answer (43 of 58 ms of CPU). So rows are
tuples read in one statement, and cells are drawn in Python, the only place that knows their markup: the first page, the pages
that follow, and the one row that answers an edit are the same function. Every text from the database goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from html import escape
from typing import Any, Protocol

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.together import Together
from products.models import Product
from roadmap.backlog.cells import TEXT_BUTTON
from roadmap.backlog.kept_rows import kept
from roadmap.backlog.looks import Look
from roadmap.backlog.rows import BELOW, NEEDED, ONE, PATHS
from roadmap.backlog.table import Column, columns_of, facts_of, more_of, own_named
from roadmap.models import ItemType, scoring_of
from roadmap.models.known_types import TYPES
from roadmap.scores.disagreeing import disagreements
from ui import pieces


class Heads(Protocol):
    """Draws what stands between rows: the heads of groups."""

    def before(self, row: Any) -> Iterable[str]: ...


@dataclass
class Sheet:
    """One drawing of the table, for one member at one product. `highest` is the score that fills its bar, `types` are the workspace's by key;
    what other apps know of its rows came with them (`besides`), or comes with what `together` is to answer anyway."""

    member: Member
    product: Product
    may_edit: bool
    columns: list[Column]
    highest: Decimal = Decimal(100)
    problem: Mapping[str, Any] = field(default_factory=dict)
    heads: Heads | None = None
    facts: dict[str, Mapping[int, str]] = field(default_factory=dict)
    by_rank: bool = False
    odd: Mapping[int, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    types: Mapping[str, ItemType] = field(default_factory=dict)
    together: Together | None = None
    besides: Mapping[str, Mapping[int, Any]] = field(default_factory=dict)

    def draw(self, rows: Iterable[Any]) -> SafeString:
        """The rows of the table, from `<tr` to `</tr>`."""
        rows = list(rows)
        self.facts = facts_of(self.columns, [row.pk for row in rows], self.member, self.together, self.besides)
        self.odd = disagreements(rows, self.product) if self.by_rank else {}
        if self.heads is None:
            return pieces.joined(map(self._kept_row, rows))
        return pieces.joined(part for row in rows for part in (*self.heads.before(row), self._kept_row(row)))

    def draw_one(self, number: int, pk: int) -> SafeString:
        """The row of one item, read together with what other apps know of it."""
        together = Together()
        more = (*more_of(self.columns), *(NEEDED if self.by_rank else ()))
        later = together.ask(ONE, self.member, self.product, number, variant=more)
        below = together.ask(BELOW, self.member, self.product, number) if self.by_rank else None
        if self.shows_types:
            types = together.ask(TYPES, self.member.workspace_id)
            self.facts = facts_of(self.columns, [pk], self.member, together)
            self.types = {one.key: one for one in types()}
        else:
            self.facts = facts_of(self.columns, [pk], self.member, together)
        if below is not None:
            self.odd = disagreements([*later(), *below()], self.product)
        return pieces.joined(map(self._row, later()))

    @cached_property
    def today(self) -> date:
        return self.product.workspace.today()

    @cached_property
    def item(self) -> str:
        """The pattern of the addresses of this product's items."""
        return pieces.address("roadmap:item", self.member.workspace.slug, self.product.key)

    @property
    def items(self) -> str:
        """What the addresses of this product's items begin with."""
        return self.item.removesuffix("%s/")

    @cached_property
    def words(self) -> dict[str, str]:
        """What cells say, looked up once."""
        texts = {
            "move": _("Move %(key)s"),
            "select": _("Select %(key)s"),
            "place": _("Move %(key)s to another place"),
            "unset": _("not set"),
            "unscored": _("not scored"),
        }
        return {name: escape(text) for name, text in texts.items()}

    def said(self, name: str, text: Any) -> str:
        """A text in the person's language, which rows repeat, looked up once."""
        if name not in self.texts:
            self.texts[name] = str(text)
        return self.texts[name]

    @property
    def shows_types(self) -> bool:
        return any(column.name == "type" for column in self.columns)

    @cached_property
    def made_of(self) -> tuple[Any, ...] | None:
        """What decides about each row's markup beside its values; None where that is too much to tell."""
        if self.problem or any(column.own is not None for column in self.columns):
            return None
        names = tuple(column.name for column in self.columns)
        scoring = scoring_of(self.product).told
        types = tuple((one.key, one.name, one.icon, one.tone) for one in self.types.values() if self.shows_types)
        return (
            get_language(),
            self.item,
            self.product.key,
            self.may_edit,
            self.highest,
            self.today,
            names,
            scoring,
            types,
        )

    def key(self, row: Any) -> str:
        return f"{self.product.key}-{row.number}"

    def _kept_row(self, row: Any) -> str:
        if self.made_of is None:
            return self._row(row)
        values = row if len(row) == len(PATHS) else (*row[: len(PATHS)], *map(repr, row[len(PATHS) :]))
        facts = tuple([texts.get(row.pk) for texts in self.facts.values()])
        return kept((self.made_of, values, facts, self.odd.get(row.pk)), self._row, row)

    def _row(self, row: Any) -> str:
        return (
            f'<tr id="item-{row.number}" data-row data-id="{row.number}" data-name="{escape(row.title)}"'
            f' data-seen="{row.change_id}"{self._problem()}>{self._handle(row)}'
            f"{self._place(row)}{''.join([column.cell(row, self) for column in self.columns])}</tr>"
        )

    def _handle(self, row: Any) -> str:
        if not self.may_edit:
            return '<td class="col-grab"></td>'
        key = self.key(row)
        move, select = self.words["move"] % {"key": key}, self.words["select"] % {"key": key}
        return (
            f'<td class="col-grab"><button class="grab" data-grab aria-label="{move}">{pieces.icon("grip-vertical", "icon--14")}</button></td>'
            '<td class="col-check"><label class="check check--only"><input type="checkbox" data-tick form="bulk"'
            f' name="numbers" value="{row.number}" aria-label="{select}"></label></td>'
        )

    def _place(self, row: Any) -> str:
        """The row's place, which the stylesheet counts; a press offers others."""
        if not self.may_edit:
            return '<td class="num faint place"></td>'
        label = self.words["place"] % {"key": self.key(row)}
        return (
            '<td class="num faint place"><button class="place__button" data-place popovertarget="places"'
            f' aria-label="{label}"></button></td>'
        )

    def _problem(self) -> str:
        if not self.problem:
            return ""
        name, typed, sentence = (escape(str(self.problem[part])) for part in ("field", "typed", "sentence"))
        return f' data-problem="{name}" data-typed="{typed}" data-sentence="{sentence}"'

    def editable(self, name: str, css: str, value: Any, shown: str, label: str = "", button: str = "cell-edit") -> str:
        """A cell that becomes an editor; `value` is what the editor begins with, `shown` is HTML."""
        if not self.may_edit:
            return f'<td class="{css}">{shown}</td>'
        said = f' aria-label="{label}"' if label else ""
        return (
            f'<td class="{css}" data-cell="{name}" data-value="{escape(str(value))}">'
            f'<button class="{button}"{said}>{shown}</button></td>'
        )

    def text(self, name: str, css: str, value: Any, text: str, label: Any) -> str:
        """A cell of words that becomes an editor. Where it is empty, its button says what it is."""
        shown = escape(text)
        return self.editable(
            name,
            css,
            value,
            shown,
            "" if text else f"{escape(self.said(name, label))} {self.words['unset']}",
            TEXT_BUTTON,
        )


def sheet_of_row(
    member: Member, product: Product, named: str, problem: Mapping[str, Any] | None = None, *, by_rank: bool = False
) -> Sheet:
    """The sheet on which one row is drawn that answers an edit; `named` are the columns that its table has, `by_rank` whether
    that is in the order of rank."""
    look = Look.named(named)
    shown = columns_of(look, product, own_named(member.workspace_id, look.columns))
    return Sheet(member, product, True, shown, problem=problem or {}, by_rank=by_rank)
