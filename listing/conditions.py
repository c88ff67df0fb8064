"""What the filter language is made of: fields, and conditions on them whose values were read, each of which compiles to Q.

A condition is two-valued: an empty field is not above 10, and it is “not above 10”. So `not` around a condition, or the
operators `not`, `hasnt` and `isnt`, find the rows that it does not find, the empty ones too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from django.db.models import CharField, DateTimeField, DecimalField, Q, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Workspace
from accounts.refusals import Refused

_L = gettext_lazy
OPERATORS = {
    "text": ["has", "hasnt", "is", "empty", "set"],
    "number": ["is", "isnt", "gt", "gte", "lt", "lte", "empty", "set"],
    "date": ["within", "is", "before", "after", "from", "until", "older", "recent", "ahead", "empty", "set"],
    "moment": ["older", "recent", "within", "is", "before", "after", "from", "until", "empty", "set"],
    "choice": ["in", "not", "empty", "set"],
    "many": ["in", "not", "empty", "set"],
    "search": ["has"],
    "row": ["is", "empty", "set"],
}
LABELS = {
    "has": _L("contains"), "hasnt": _L("does not contain"), "is": _L("is"), "isnt": _L("is not"), "gt": _L("above"),
    "gte": _L("at least"), "lt": _L("below"), "lte": _L("at most"), "before": _L("before"), "after": _L("after"),
    "from": _L("from"), "until": _L("until"), "within": _L("in"), "older": _L("more days ago than"),
    "recent": _L("in the last days"), "ahead": _L("in the next days"), "in": _L("is any of"), "not": _L("is none of"),
    "empty": _L("is empty"), "set": _L("is set"),
}  # fmt: skip
#: What a field's short form without operator means.
USUAL = {"text": "has", "number": "is", "date": "is", "moment": "is", "search": "has", "row": "is"}
#: Operators that take no value, a number of days, and several values.
BARE, IN_DAYS, SEVERAL = ("empty", "set"), ("older", "recent", "ahead"), ("in", "not")
LOOKUPS = {"gt": "gt", "gte": "gte", "lt": "lt", "lte": "lte"}
MOST_DAYS = 36_600


@dataclass(frozen=True)
class Field:
    """What can be filtered by. `path` is the ORM's; `values` gives (value, label) for choices, asked when needed.

    `blank`: a choice that is empty as "". Where `values` are a queryset's, names of a few are asked alone.
    """

    name: str
    label: Any
    kind: str
    path: str
    values: Callable[[], Iterable[tuple[str, Any]]] | None = None
    search: Callable[[str], Q] | None = None
    #: The key in a JSON column, where the value is kept in one; `path` is then the column's name, two underscores, the key.
    inside: str = ""
    blank: bool = False
    #: Turns a condition on `path` of other rows into one on these.
    through: Callable[[Q], Q] | None = None

    @property
    def column(self) -> str:
        return self.path.partition("__")[0]

    @property
    def there(self) -> Q:
        """The JSON column has the key; of a value in another row, that there is one. Said beside a condition, it keeps that
        two-valued under `not`: Django says it by itself only in some orders of conditions that share a join."""
        if self.inside:
            return Q(**{f"{self.column}__has_key": self.inside})
        return Q(**{f"{self.path}__isnull": False}) if "__" in self.path else Q()

    def among(self, values: Iterable[str]) -> Q:
        """The JSON column holds one of the values under the key; containment, so that its index serves."""
        held = []
        for value in values:
            kept = {"true": True, "false": False}.get(value, value) if self.kind == "choice" else [value]
            held.append(Q(**{f"{self.column}__contains": {self.inside: kept}}))
        return Q(*held, _connector=Q.OR) if held else Q(pk__in=[])


class Days(NamedTuple):
    """From `first` to `last`, both included; None is open."""

    first: date | None
    last: date | None

    def hold(self, day: date | None) -> bool:
        return day is not None and (self.first is None or day >= self.first) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Condition:
    """One field, one operator and, read from what was `given`: a text, a number, values, days, or None."""

    field: Field
    op: str
    value: Any
    given: Any
    workspace: Workspace

    def compile(self) -> Q:
        if self.op in BARE:
            return self._bare()
        compiled: Q = getattr(self, f"_{self.field.kind}")()
        return self.field.through(compiled) if self.field.through is not None else compiled

    def words(self, names: Mapping[str, Mapping[str, Any]]) -> tuple[str, str, str]:
        """Field, operator and value as they are read; `names` are of the choices' values, by field."""
        label, operator, given = str(self.field.label), str(LABELS[self.op]), self.given
        if self.op in BARE:
            return label, operator, ""
        if self.op in SEVERAL:
            known = names.get(self.field.name, {})
            given = ", ".join(str(known.get(one, _("gone") if self.field.values else one)) for one in self.value)
        elif self.op in IN_DAYS:
            return label, *_days_in_words(self.op, int(given))
        elif self.field.kind in ("date", "moment"):
            given = _day_in_words(str(given))
        return label, operator, str(given)

    def sentence(self, names: Mapping[str, Mapping[str, Any]]) -> str:
        return " ".join(filter(None, self.words(names)))

    def _bare(self) -> Q:
        field = self.field
        if field.through is not None:  # worked out of other rows: there is always an answer
            return Q(pk__in=[]) if self.op == "empty" else ~Q(pk__in=[])
        if field.inside:
            return field.there if self.op == "set" else ~field.there
        if field.kind == "many":
            empty = Q(**{f"{field.path}__len": 0})
        else:
            empty = Q(**{f"{field.path}__isnull": True})
            if field.kind == "text" or field.blank:
                empty |= Q(**{field.path: ""})
        return empty if self.op == "empty" else ~empty

    def _text(self) -> Q:
        found = Q(**{f"{self.field.path}__{'iexact' if self.op == 'is' else 'icontains'}": self.value})
        found &= self.field.there
        return ~found if self.op == "hasnt" else found

    def _search(self) -> Q:
        assert self.field.search is not None
        return self.field.search(self.value)

    #: A row that is named, by key; `search` says which rows stand in that relation to it.
    _row = _search

    def _number(self) -> Q:
        # As an expression: a plain number would be cut to a whole one where the column holds such.
        number = float(self.value) if self.field.inside else Value(self.value, output_field=DecimalField())
        found = Q(**{f"{self.field.path}__{LOOKUPS[self.op]}" if self.op in LOOKUPS else self.field.path: number})
        found &= self.field.there
        return ~found if self.op == "isnt" else found

    def _choice(self) -> Q:
        field = self.field
        found = field.among(self.value) if field.inside else Q(**{f"{field.path}__in": list(self.value)}) & field.there
        return ~found if self.op == "not" else found

    def _many(self) -> Q:
        field = self.field
        found = field.among(self.value) if field.inside else Q(**{f"{field.path}__overlap": list(self.value)})
        return ~found if self.op == "not" else found

    def _date(self) -> Q:
        path, found = self.field.path, self.field.there if self.field.inside else Q()
        for lookup, day in (("gte", self.value.first), ("lte", self.value.last)):
            if day is not None:  # days in JSON are texts that sort as days do
                found &= Q(**{f"{path}__{lookup}": day.isoformat() if self.field.inside else day})
        return found

    def _moment(self) -> Q:
        """Days of the workspace. The moments are handed over as texts: a statement that is kept (accounts/prepared.py) takes
        no moment that it could not replace, and this one is a part of what it is kept by."""
        found = Q()
        for lookup, day in (("gte", self.value.first), ("lt", _next(self.value.last))):
            if day is not None:
                begins = datetime.combine(day, time(), self.workspace.zone).isoformat()
                moment = Cast(Value(begins, output_field=CharField()), DateTimeField())
                found &= Q(**{f"{self.field.path}__{lookup}": moment})
        return found


@dataclass(frozen=True)
class Group:
    """All of the parts hold, or any."""

    parts: tuple[Any, ...]
    any: bool = False

    def compile(self) -> Q:
        joined = Q()
        for part in self.parts:
            joined = joined._combine(part.compile(), Q.OR if self.any else Q.AND)
        return joined

    def sentence(self, names: Mapping[str, Mapping[str, Any]]) -> str:
        if len(self.parts) == 1:
            only: str = self.parts[0].sentence(names)
            return only
        word = _(" or ") if self.any else _(" and ")
        return word.join(_inner(part, names) for part in self.parts)


@dataclass(frozen=True)
class Otherwise:
    """The part does not hold."""

    part: Any

    def compile(self) -> Q:
        return ~self.part.compile()

    def sentence(self, names: Mapping[str, Mapping[str, Any]]) -> str:
        return _("not (%(condition)s)") % {"condition": self.part.sentence(names)}


def _inner(part: Any, names: Mapping[str, Mapping[str, Any]]) -> str:
    text: str = part.sentence(names)
    return f"({text})" if isinstance(part, Group) and len(part.parts) > 1 else text


def conditions_in(node: Any) -> list[Condition]:
    """All conditions of a filter, in order."""
    if isinstance(node, Condition):
        return [node]
    parts = node.parts if isinstance(node, Group) else [node.part]
    return [one for part in parts for one in conditions_in(part)]


# ---- Reading values --------------------------------------------------------------------------------------------


def read(field: Field, op: Any, given: Any, workspace: Workspace) -> Condition:
    """The condition, with its value read. Raises Refused with a sentence that names the field."""
    if op not in OPERATORS[field.kind]:
        raise Refused(_("“%(field)s” cannot be filtered with “%(op)s”.") % {"field": field.label, "op": str(op)[:30]})
    value: Any = None
    if op in BARE:
        pass
    elif op in SEVERAL:
        value = tuple(clean(one) for one in (given if isinstance(given, list | tuple) else [given]))
    elif op in IN_DAYS:
        value = _counted_days(op, clean(given), workspace.today(), field)
    elif field.kind == "number":
        value = _number(given)
    elif field.kind in ("date", "moment"):
        value = _days(op, *period(clean(given), workspace))
    else:
        value = clean(given)
    return Condition(field, op, value, given, workspace)


def clean(value: Any) -> str:
    """Text as PostgreSQL can compare it."""
    return str(value)[:400].replace("\0", "")


def _number(given: Any) -> Decimal:
    try:
        number = Decimal(str(given).strip())
    except InvalidOperation as error:
        raise Refused(_("“%(value)s” is not a number.") % {"value": str(given)[:60]}) from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise Refused(_("“%(value)s” is not a number.") % {"value": str(given)[:60]})
    return round(number, 9)  # PostgreSQL takes no number with thousands of places


def _days(op: str, first: date, last: date) -> Days:
    day = timedelta(days=1)
    return {
        "is": Days(first, last), "within": Days(first, last), "from": Days(first, None), "until": Days(None, last),
        "before": Days(None, first - day if first > date.min else first), "after": Days(last + day if last < date.max else last, None),
    }[op]  # fmt: skip


def _counted_days(op: str, given: str, today: date, field: Field) -> Days:
    if not (given.isascii() and given.isdigit() and len(given) < 6 and int(given) <= MOST_DAYS):
        raise Refused(_("“%(field)s” takes a number of days here, such as 60.") % {"field": field.label})
    days = timedelta(days=int(given))
    if op == "older":
        return Days(None, today - days - timedelta(days=1))
    return Days(today - days, today) if op == "recent" else Days(today, today + days)


def _next(day: date | None) -> date | None:
    return day + timedelta(days=1) if day is not None and day < date.max else day


def period(text: str, workspace: Workspace) -> tuple[date, date]:
    """First and last day of `2026-11-22`, `2026-11`, `2026`, `Q4 2026`, `today`, `this quarter`, `next month`, `last week`, `-60d` or `+14d`."""
    today, text = workspace.today(), text.strip().lower()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text), date.fromisoformat(text)
        except ValueError as error:
            raise Refused(_("“%(value)s” is not a day of the calendar.") % {"value": text}) from error
    if text in NEAR_DAYS:
        day = today + timedelta(days=NEAR_DAYS[text])
        return day, day
    if match := re.fullmatch(r"([+-])(\d{1,4})d", text):
        other = today + timedelta(days=int(match[2])) * (1 if match[1] == "+" else -1)
        return min(today, other), max(today, other)
    if (months := _months(text)) is not None:
        return _month(months[0]), _month(months[1]) - timedelta(days=1)
    if match := re.fullmatch(r"(last|this|next) (week|month|quarter|year)", text):
        return _calendar(today, match[2], {"last": -1, "this": 0, "next": 1}[match[1]], workspace.week_start)
    raise Refused(
        _("“%(value)s” is not a day. Write it as 2026-11-22, “next quarter” or “Q1 2027”.") % {"value": text[:60]}
    )


NEAR_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
#: What a person may mean by a day, as it is written and as it is read.
PERIODS = [
    ("today", _L("today")), ("tomorrow", _L("tomorrow")), ("yesterday", _L("yesterday")),
    ("this week", _L("this week")), ("next week", _L("next week")), ("last week", _L("last week")),
    ("this month", _L("this month")), ("next month", _L("next month")), ("last month", _L("last month")),
    ("this quarter", _L("this quarter")), ("next quarter", _L("next quarter")), ("last quarter", _L("last quarter")),
    ("this year", _L("this year")), ("next year", _L("next year")), ("last year", _L("last year")),
]  # fmt: skip


def _day_in_words(given: str) -> str:
    return str(dict(PERIODS).get(given.strip().lower(), given))


def _days_in_words(op: str, days: int) -> tuple[str, str]:
    """Operator and value for a number of days."""
    words = {"older": _("more than"), "recent": _("in the last"), "ahead": _("in the next")}[op]
    ending = _("%(n)d days ago") if op == "older" else _("%(n)d days")
    return words, ending % {"n": days}


def _calendar(today: date, unit: str, step: int, week_start: int) -> tuple[date, date]:
    if unit == "week":
        first = today - timedelta(days=(today.isoweekday() - week_start) % 7) + timedelta(weeks=step)
        return first, first + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    index = (today.year * 12 + today.month - 1) // months * months + step * months
    return _month(index), _month(index + months) - timedelta(days=1)


def _months(text: str) -> tuple[int, int] | None:
    """A year, a quarter or a month of the calendar, as the first month and the one after the last."""
    match = re.fullmatch(
        r"(?P<year>[12]\d{3})(-(?P<month>0[1-9]|1[0-2])|[ -]?q(?P<quarter>[1-4]))?|q(?P<first>[1-4])[ -]?(?P<of>[12]\d{3})",
        text,
    )
    if match is None:
        return None
    start, quarter = int(match["year"] or match["of"]) * 12, match["quarter"] or match["first"]
    if quarter:
        return start + 3 * int(quarter) - 3, start + 3 * int(quarter)
    return (start + int(match["month"]) - 1, start + int(match["month"])) if match["month"] else (start, start + 12)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)
