"""The one filter language: for pages, the API, saved views, segments, bulk changes and exports.

An expression is JSON: a condition `{"field": "score", "op": "gte", "value": 10}`, or `{"all": [...]}`, `{"any": [...]}`,
`{"not": …}` over expressions. The short form in a query string is `score.gte=10&status=Ready,Idea`; all must hold, and a
field without operator means "is any of" its comma-separated values (a comma in a value is written `\\,`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Workspace
from accounts.refusals import Refused

DEEPEST = 6
MOST = 60

OPERATORS = {
    "text": ["has", "is", "empty", "set"],
    "number": ["is", "gt", "gte", "lt", "lte", "empty", "set"],
    "date": ["is", "before", "after", "from", "until", "within", "empty", "set"],
    "choice": ["in", "not", "empty", "set"],
    "many": ["in", "not", "empty", "set"],
    "search": ["has"],
    "row": ["is", "empty", "set"],
}
LABELS = {
    "has": gettext_lazy("contains"), "is": gettext_lazy("is"), "gt": gettext_lazy("above"),
    "gte": gettext_lazy("at least"), "lt": gettext_lazy("below"), "lte": gettext_lazy("at most"),
    "before": gettext_lazy("before"), "after": gettext_lazy("after"), "from": gettext_lazy("from"),
    "until": gettext_lazy("until"), "within": gettext_lazy("in"), "in": gettext_lazy("is any of"),
    "not": gettext_lazy("is none of"), "empty": gettext_lazy("is empty"), "set": gettext_lazy("is set"),
}  # fmt: skip
LOOKUPS = {
    "gt": "gt",
    "gte": "gte",
    "lt": "lt",
    "lte": "lte",
    "before": "lt",
    "after": "gt",
    "from": "gte",
    "until": "lte",
}


@dataclass(frozen=True)
class Field:
    """What can be filtered by. `path` is the ORM's; `values` lists (value, label) for choices, asked when needed."""

    name: str
    label: Any
    kind: str
    path: str
    values: Callable[[], Iterable[tuple[str, Any]]] | None = None
    search: Callable[[str], Q] | None = None
    #: The key in a JSON column, where the value is kept in one; `path` is then the column's name, two underscores, the key.
    inside: str = ""

    @property
    def column(self) -> str:
        return self.path.partition("__")[0]

    def among(self, values: list[str]) -> Q:
        """The JSON column holds one of the values under the key; containment, so that its index serves."""
        found = Q(pk__in=[])
        for value in values:
            kept = {"true": True, "false": False}.get(value, value) if self.kind == "choice" else [value]
            found |= Q(**{f"{self.column}__contains": {self.inside: kept}})
        return found


@dataclass
class Language:
    """The fields of one noun, for one workspace: relative dates are days of its calendar."""

    workspace: Workspace
    fields: dict[str, Field] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, *fields: Field) -> Language:
        return cls(workspace, {one.name: one for one in fields})

    def compile(self, expression: Any) -> Q:
        """The condition as Q. Raises Refused with a sentence on anything that is not an expression."""
        self._left = MOST
        return self._node(expression, 0)

    def from_query(self, query: QueryDict | Mapping[str, str], ignore: Iterable[str] = ()) -> dict[str, Any]:
        """The expression of a query string; names that are not fields of the noun are left to the page."""
        conditions = []
        for parameter in query:
            name, _dot, op = parameter.partition(".")
            if name not in self.fields or name in ignore:
                continue
            given = query.getlist(parameter) if isinstance(query, QueryDict) else [query[parameter]]
            if self.fields[name].kind in ("choice", "many"):  # ticked boxes repeat the name: any of them
                given = [",".join(given)]
            for raw in given:
                condition = self._short(self.fields[name], op, raw)
                if condition is not None:
                    conditions.append(condition)
        return {"all": conditions}

    def _short(self, chosen: Field, op: str, raw: str) -> dict[str, Any] | None:
        op = op or {"text": "has", "number": "is", "date": "is", "search": "has", "row": "is"}.get(chosen.kind, "in")
        if raw == "" and op not in ("empty", "set"):
            return None
        value: Any = raw
        if op in ("in", "not"):
            value = [part.replace("\\,", ",") for part in re.split(r"(?<!\\),", raw) if part]
        return {"field": chosen.name, "op": op, "value": value}

    def _node(self, node: Any, depth: int) -> Q:
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise Refused(_("This filter is too large. Use fewer conditions."))
        if not isinstance(node, dict):
            raise Refused(_("This filter cannot be read. Set it again."))
        for word, join in (("all", Q.AND), ("any", Q.OR)):
            if word in node and isinstance(node[word], list):
                parts = [self._node(part, depth + 1) for part in node[word]]
                joined = Q()
                for part in parts:
                    joined = joined._combine(part, join)
                return joined
        if "not" in node:
            return ~self._node(node["not"], depth + 1)
        return self._condition(node)

    def _condition(self, node: dict[str, Any]) -> Q:
        chosen = self.fields.get(str(node.get("field")))
        if chosen is None:
            raise Refused(_("There is no field “%(field)s” to filter by.") % {"field": node.get("field")})
        op, value = node.get("op"), node.get("value")
        if op not in OPERATORS[chosen.kind]:
            raise Refused(_("“%(field)s” cannot be filtered with “%(op)s”.") % {"field": chosen.label, "op": op})
        if op in ("empty", "set"):
            if chosen.inside:
                there = Q(**{f"{chosen.column}__has_key": chosen.inside})
                return there if op == "set" else ~there
            empty = Q(**{f"{chosen.path}__isnull": True}) if chosen.kind != "many" else Q(**{f"{chosen.path}__len": 0})
            if chosen.kind in ("text", "choice"):
                empty |= Q(**{chosen.path: ""}) if chosen.kind == "text" else Q()
            return empty if op == "empty" else ~empty
        return getattr(self, f"_{chosen.kind}")(chosen, op, value)

    def _text(self, chosen: Field, op: str, value: Any) -> Q:
        return Q(**{f"{chosen.path}__{'icontains' if op == 'has' else 'iexact'}": _clean(value)})

    def _search(self, chosen: Field, op: str, value: Any) -> Q:
        assert chosen.search is not None
        return chosen.search(_clean(value))

    def _row(self, chosen: Field, op: str, value: Any) -> Q:
        """A row that is named, by key; `search` says which rows stand in that relation to it."""
        return self._search(chosen, op, value)

    def _number(self, chosen: Field, op: str, value: Any) -> Q:
        try:
            number = Decimal(str(value))
        except InvalidOperation as error:
            raise Refused(_("“%(value)s” is not a number.") % {"value": str(value)[:60]}) from error
        if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
            raise Refused(_("“%(value)s” is not a number.") % {"value": str(value)[:60]})
        kept = float(number) if chosen.inside else number
        return Q(**{f"{chosen.path}__{LOOKUPS[op]}" if op != "is" else chosen.path: kept})

    def _choice(self, chosen: Field, op: str, value: Any) -> Q:
        values = [_clean(one) for one in (value if isinstance(value, list) else [value])]
        included = chosen.among(values) if chosen.inside else Q(**{f"{chosen.path}__in": values})
        return included if op == "in" else ~included

    def _many(self, chosen: Field, op: str, value: Any) -> Q:
        values = [_clean(one) for one in (value if isinstance(value, list) else [value])]
        included = chosen.among(values) if chosen.inside else Q(**{f"{chosen.path}__overlap": values})
        return included if op == "in" else ~included

    def _date(self, chosen: Field, op: str, value: Any) -> Q:
        first, last = period(_clean(value), self.workspace)
        if chosen.inside:  # days in JSON are texts that sort as days do
            first, last = first.isoformat(), last.isoformat()
        if op in ("is", "within"):
            return Q(**{f"{chosen.path}__gte": first, f"{chosen.path}__lte": last})
        edge = {"before": first, "after": last, "from": first, "until": last}[op]
        return Q(**{f"{chosen.path}__{LOOKUPS[op]}": edge})


def period(text: str, workspace: Workspace) -> tuple[date, date]:
    """First and last day of `2026-11-22`, `today`, `this quarter`, `next month`, `last week`, `-60d` or `+14d`."""
    today = workspace.today()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return date.fromisoformat(text), date.fromisoformat(text)
        except ValueError as error:
            raise Refused(_("“%(value)s” is not a day of the calendar.") % {"value": text}) from error
    if text == "today":
        return today, today
    if match := re.fullmatch(r"([+-])(\d{1,4})d", text):
        other = today + timedelta(days=int(match[2])) * (1 if match[1] == "+" else -1)
        return min(today, other), max(today, other)
    if match := re.fullmatch(r"(last|this|next) (week|month|quarter|year)", text):
        return _calendar(today, match[2], {"last": -1, "this": 0, "next": 1}[match[1]], workspace.week_start)
    raise Refused(_("“%(value)s” is not a day. Write it as 2026-11-22, or “next quarter”.") % {"value": text[:60]})


def _calendar(today: date, unit: str, step: int, week_start: int) -> tuple[date, date]:
    if unit == "week":
        first = today - timedelta(days=(today.isoweekday() - week_start) % 7) + timedelta(weeks=step)
        return first, first + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    index = (today.year * 12 + today.month - 1) // months * months + step * months
    return _month(index), _month(index + months) - timedelta(days=1)


def _month(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _clean(value: Any) -> str:
    """Text as PostgreSQL can compare it."""
    return str(value)[:400].replace("\0", "")
