"""The table in groups: by which fields, in which order, how many items and how much effort each group has.

A group is named by its value as text, `~` where there is none. Rows come in the groups' order, page by page, as in any other
order; what a folded group holds is not among them. How many items a group has says a request of its own, for it looks at all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.db.models.functions import TruncMonth, TruncQuarter
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L
from django.utils.translation import ngettext

from accounts.models import Member
from accounts.prepared import Prepared
from listing.pages import Sort
from products.models import Product
from roadmap.backlog.cells import plain
from roadmap.backlog.orders import OrderedBy
from roadmap.backlog.rows import OwnSort, annotations_of
from roadmap.backlog.table import Column
from roadmap.models import CustomField, FieldKind, Horizon, Item
from roadmap.models.custom_values import people_in
from ui import formats, pieces

NONE = "~"
BEYOND = Decimal(2**31)  #: No number that rows are grouped by is so large.
Words = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Grouping:
    """`sorts` bring the rows into the groups' order; the last one is the value that names a group. `words` of a group are HTML."""

    name: str
    label: Any
    sorts: tuple[Sort, ...]
    words: Words
    shown: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        return self.sorts[-1].name

    def token(self, row: Any) -> str:
        value = row[self.path] if isinstance(row, dict) else getattr(row, self.path)
        return token_of(value)

    @property
    def is_named_by_text(self) -> bool:
        """Whether a group's name is the very value that its rows have."""
        return type(self.sorts[-1]) is Sort and ("__" in self.path or self.name in ("type", "horizon"))

    def called(self, row: Mapping[str, Any]) -> str:
        """The name of a row's group, as HTML."""
        return self.words(row) if self.token(row) != NONE else escape(_("None"))

    def outside(self, tokens: Iterable[str]) -> Q:
        """Rows of no group that is named. What cannot be a value names none."""
        return ~self.inside(tokens)

    def inside(self, tokens: Iterable[str]) -> Q:
        """Rows of the groups that are named."""
        values = [self._typed(one) for one in tokens if one != NONE]
        # Said twice, because what is annotated is not known to be empty at times: NULL is in no list and outside of none.
        inside = Q(**{f"{self.path}__in": [one for one in values if one is not None], f"{self.path}__isnull": False})
        if NONE in tokens:
            inside |= Q(**{self.path: ""}) if self.name == "horizon" else Q(**{f"{self.path}__isnull": True})
        return inside

    def _typed(self, token: str) -> Any:
        if isinstance(self.sorts[-1], OwnSort) or self.is_named_by_text:
            return token
        try:
            value = date.fromisoformat(token) if isinstance(self.sorts[-1], OrderedBy) else Decimal(token[:20])
        except (ValueError, ArithmeticError):
            return None
        beyond = isinstance(value, Decimal) and (not value.is_finite() or abs(value) >= BEYOND)
        return None if beyond else value


def token_of(value: Any) -> str:
    if value is None or value == "":
        return NONE
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _of_row(name: str, label: Any, order: str, key: str, shown: str) -> Grouping:
    sorts = (Sort(order, nullable=True), Sort(key, nullable=True))
    return Grouping(name, label, sorts, lambda group: escape(group[shown] or ""), (shown,))


def _of_number(name: str, label: Any, unit: str = "") -> Grouping:
    return Grouping(name, label, (Sort(name, True, True),), lambda group: escape(f"{plain(group[name])}{unit}"))


def _of_month(name: str, label: Any, path: str) -> Grouping:
    month = OrderedBy(f"{path}_month", nullable=True, expression=TruncMonth(path))
    return Grouping(name, label, (month,), lambda group: escape(month_words(group[month.name])))


def _of_quarter(name: str, label: Any, path: str) -> Grouping:
    quarter = OrderedBy(f"{path}_quarter", nullable=True, expression=TruncQuarter(path))
    return Grouping(name, label, (quarter,), lambda group: escape(quarter_words(group[quarter.name])))


def _month_of(text: str) -> str:
    """“November 2026” for “2026-11”."""
    return month_words(date.fromisoformat(f"{text}-01"))


def month_words(day: date) -> str:
    return date_format(day, "F Y")


def quarter_words(day: date) -> str:
    return _("Q%(n)d %(year)d") % {"n": (day.month + 2) // 3, "year": day.year}


def _of_choice(name: str, label: Any, labels: Mapping[str, Any], *, descending: bool = False) -> Grouping:
    return Grouping(
        name, label, (Sort(name, descending),), lambda group: escape(str(labels.get(group[name], group[name])))
    )


OF_TYPE = ("its_type__name", "its_type__icon", "its_type__tone")
_groupings = [
    Grouping(
        "status", _L("Status"), (Sort("status__position"), Sort("status__public_id")),
        lambda group: pieces.status(group["status__name"], group["status__category"]), ("status__name", "status__category"),
    ),
    Grouping(
        "type", _L("Type"), (Sort("its_type__position"), Sort("type")),
        lambda group: pieces.item_type(*(group[path] for path in OF_TYPE)), OF_TYPE,
    ),
    _of_row("lead", _L("Lead"), "lead__user__name", "lead__public_id", "lead__user__name"),
    _of_row("objective", _L("Goal"), "objective__name", "objective__public_id", "objective__name"),
    _of_row("component", _L("Component"), "component__name", "component__public_id", "component__name"),
    _of_row("release", _L("Release"), "release__ends_on", "release__public_id", "release__name"),
    # The other way round they stand in the order of time: now, next, later, none.
    _of_choice("horizon", _L("Horizon"), dict(Horizon.choices[1:]), descending=True),
    _of_month("start", _L("Start, by month"), "starts_on"),
    _of_quarter("start_quarter", _L("Start, by quarter"), "starts_on"),
    _of_month("end", _L("End, by month"), "ends_on"),
    _of_quarter("end_quarter", _L("End, by quarter"), "ends_on"),
    _of_number("reach", _L("Reach")),
    _of_number("impact", _L("Impact")),
    _of_number("confidence", _L("Confidence"), "%"),
    _of_number("effort", _L("Effort")),
]  # fmt: skip


def groupings(own: Mapping[str, CustomField]) -> dict[str, Any]:
    """What a table can be grouped by: name and label."""
    return {**{one.name: one.label for one in _groupings}, **{field.key: field.name for field in own.values()}}


def grouping_of(name: str, own: Mapping[str, CustomField]) -> Grouping | None:
    if name in own:
        return _of_own(own[name])
    return next((one for one in _groupings if one.name == name), None)


def _of_own(own: CustomField) -> Grouping:
    if own.kind == FieldKind.DATE:
        month = OwnSort(f"{own.key}_month", False, True, own, cut=len("2026-11"))
        return Grouping(own.key, own.name, (month,), lambda group: escape(_month_of(group[month.name])))
    people = people_in([own], own.workspace_id)
    text = f"{own.key}_text"
    sorts = (OwnSort(own.key, False, True, own), OwnSort(text, False, True, own, as_text=True))

    def words(group: Mapping[str, Any]) -> str:
        value: Any = group[text]
        if own.kind == "multi":
            names = {one["key"]: one["name"] for one in own.options}
            return escape(", ".join(names[key] for key in names if f'"{key}"' in value))
        return escape(own.shown(value == "true" if own.kind == "checkbox" else value, people))

    return Grouping(own.key, own.name, sorts, words)


# ---- Groups of a table ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """`sums` is HTML: how many items, how much effort, who asks for them."""

    token: str
    words: str
    sums: str


def groups_of(
    member: Member, product: Product, condition: Q, grouping: Grouping, columns: Sequence[Column] = ()
) -> list[Group]:
    """All groups of the rows that a filter leaves, in their order. One statement, and one for each column that sums up what
    another app knows: each goes through all of these rows."""
    asked = (condition, grouping.sorts, grouping.shown)
    kept = not annotations_of(grouping.sorts)  # what is annotated may be another thing tomorrow
    sums = [_sums(column.sums, member, product, condition, grouping) for column in columns if column.sums is not None]
    told = [{token_of(value): text for value, text in one.items()} for one in sums]
    found = []
    for row in COUNTED.rows(member, product, variant=asked) if kept else _counted(member, product, *asked):
        token = grouping.token(row)
        found.append(Group(token, grouping.called(row), _summed(row, _told(told, token))))
    return found


def _summed(row: Mapping[str, Any], asked: str) -> str:
    count = ngettext("%(n)s item", "%(n)s items", row["_count"]) % {"n": formats.number(row["_count"])}
    effort = ""
    if row["_effort"]:
        weeks = ngettext("%(n)s week", "%(n)s weeks", 1 if row["_effort"] == 1 else 2)  # half a week is of weeks, too
        effort = weeks % {"n": formats.number(row["_effort"])}
    demand = _("asked by %(demand)s") % {"demand": asked} if asked else ""
    return escape(" · ".join(part for part in (count, effort, demand) if part))


def _told(sums: Iterable[Mapping[str, str]], token: str) -> str:
    return " · ".join(one[token] for one in sums if one.get(token))


def _sums(of: Any, member: Member, product: Product, condition: Q, grouping: Grouping) -> Mapping[Any, str]:
    found: Mapping[Any, str] = of(_items(member, product, condition, grouping.sorts), grouping.path, member)
    return found


def _items(member: Member, product: Product, condition: Q, sorts: Sequence[Sort]) -> Any:
    return Item.objects.visible_to(member).of(product).annotate(**annotations_of(sorts[-1:])).filter(condition)


def _counted(member: Member, product: Product, condition: Q, sorts: tuple[Sort, ...], shown: tuple[str, ...]) -> Any:
    own = [sort for sort in sorts[:-1] if isinstance(sort, OwnSort)]
    names = [*(sort.name for sort in sorts if sort not in own), *shown]
    rows = _items(member, product, condition, sorts).order_by().values(*dict.fromkeys(names))
    rows = rows.annotate(_count=Count("pk"), _effort=Sum("effort"))
    rows = rows.annotate(**{sort.name: Min(sort.expression) for sort in own})
    return rows.order_by(*(sort.ordering() for sort in sorts))


COUNTED = Prepared(_counted)
