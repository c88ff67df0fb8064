"""The one filter language: for pages, the API, saved views, segments, bulk changes and exports.

An expression is JSON: a condition `{"field": "score", "op": "gte", "value": 10}`, or `{"all": [...]}`, `{"any": [...]}`,
`{"not": …}` over expressions. The short form in a query string is `score.gte=10&status=Ready,Idea`; all must hold, and a
field without operator means "is any of" its comma-separated values (a comma in a value is written `\\,`). What the short form
cannot say goes into `filter=`, as JSON, beside it: all must hold again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Workspace
from accounts.refusals import Refused
from listing.conditions import BARE, SEVERAL, USUAL, Condition, Field, Group, Otherwise, conditions_in, read

DEEPEST = 6
MOST = 60
MOST_VALUES = 500
PARAMETER = "filter"


@dataclass
class Language:
    """The fields of one noun, for one workspace: relative dates are days of its calendar."""

    workspace: Workspace
    fields: dict[str, Field] = field(default_factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, *fields: Field) -> Language:
        return cls(workspace, {one.name: one for one in fields})

    # --- Expressions

    def compile(self, expression: Any) -> Q:
        """The condition as Q. Raises Refused with a sentence on anything that is not an expression."""
        return self.parse(expression).compile()

    def parse(self, expression: Any) -> Group:
        """The expression with every field known and every value read. Raises Refused with a sentence."""
        self._left = MOST
        node = self._node(expression, 0)
        if sum(len(one.value) for one in conditions_in(node) if one.op in SEVERAL) > MOST_VALUES:
            raise Refused(_("This filter is too large. Use fewer conditions."))
        return node if isinstance(node, Group) else Group((node,))

    def names(self, node: Group) -> dict[str, dict[str, Any]]:
        """Field → value → label of the choices that a filter names. One statement for all that are rows."""
        found: dict[str, dict[str, Any]] = {}
        rows: list[tuple[str, QuerySet[Any]]] = []
        for one in conditions_in(node):
            if one.op not in SEVERAL or one.field.values is None or one.field.name in found:
                continue
            listed = one.field.values()
            if isinstance(listed, QuerySet):
                rows.append((one.field.name, listed))
                found[one.field.name] = {}
            else:
                found[one.field.name] = {str(value): label for value, label in listed}
        if rows:
            wanted = {value for one in conditions_in(node) if one.op in SEVERAL for value in one.value}
            found |= _names_of_rows(rows, wanted)
        return found

    # --- Query strings

    def from_query(self, query: QueryDict | Mapping[str, str], ignore: Iterable[str] = ()) -> dict[str, Any]:
        """The expression of a query string; names that are not fields of the noun are left to the page."""
        conditions: list[Any] = []
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
        if query.get(PARAMETER) and PARAMETER not in ignore:
            whole = _decoded(query[PARAMETER])
            conditions += whole["all"] if isinstance(whole, dict) and isinstance(whole.get("all"), list) else [whole]
        return {"all": conditions}

    def to_query(self, expression: dict[str, Any]) -> list[tuple[str, str]]:
        """The parameters of an expression's address: what `from_query` reads back as the same filter."""
        pairs: list[tuple[str, str]] = []
        rest, used = [], set()
        for part in expression["all"]:
            short = self._shortened(part)
            if short is None or (short[0] in used and part["op"] in SEVERAL):
                rest.append(part)
                continue
            used.add(short[0])
            pairs.append(short)
        if rest:
            whole = rest[0] if len(rest) == 1 else {"all": rest}
            pairs.append((PARAMETER, json.dumps(whole, separators=(",", ":"), ensure_ascii=False)))
        return pairs

    def is_filter(self, parameter: str) -> bool:
        """Whether a parameter of a query string filters."""
        return parameter == PARAMETER or parameter.partition(".")[0] in self.fields

    def _short(self, chosen: Field, op: str, raw: str) -> dict[str, Any] | None:
        op = op or USUAL.get(chosen.kind, "in")
        if raw == "" and op not in BARE:
            return None
        value: Any = raw
        if op in SEVERAL:
            value = [part.replace("\\,", ",") for part in re.split(r"(?<!\\),", raw) if part]
        return {"field": chosen.name, "op": op, "value": value}

    def _shortened(self, part: Any) -> tuple[str, str] | None:
        """A condition as a parameter; None for a group, and for what is said in another way than conditions are."""
        is_plain = isinstance(part, dict) and part.keys() <= {"field", "op", "value"}
        if not is_plain or not isinstance(part.get("field"), str) or part["field"] not in self.fields:
            return None
        chosen, op, value = self.fields[part["field"]], part.get("op"), part.get("value")
        name = chosen.name if op == USUAL.get(chosen.kind, "in") else f"{chosen.name}.{op}"
        if op in BARE:
            return name, "1"
        if op in SEVERAL:
            values = value if isinstance(value, list) else [value]
            if any(str(one) == "" or "\\" in str(one) for one in values):
                return None  # what the short form leaves out, or reads otherwise
            value = ",".join(str(one).replace(",", "\\,") for one in values)
        return (name, str(value)) if str(value) else None

    # --- Parsing

    def _node(self, node: Any, depth: int) -> Any:
        self._left -= 1
        if depth > DEEPEST or self._left < 0:
            raise Refused(_("This filter is too large. Use fewer conditions."))
        if not isinstance(node, dict):
            raise Refused(_("This filter cannot be read. Set it again."))
        for word in ("all", "any"):
            if isinstance(node.get(word), list):
                return Group(tuple(self._node(part, depth + 1) for part in node[word]), any=word == "any")
        if "not" in node:
            return Otherwise(self._node(node["not"], depth + 1))
        return self._condition(node)

    def _condition(self, node: dict[str, Any]) -> Condition:
        if "field" not in node:
            raise Refused(_("This filter cannot be read. Set it again."))
        chosen = self.fields.get(str(node["field"]))
        if chosen is None:
            raise Refused(_("There is no field “%(field)s” to filter by.") % {"field": str(node["field"])[:60]})
        return read(chosen, node.get("op"), node.get("value"), self.workspace)


def decoded(text: str) -> Any:
    """What JSON says. Raises ValueError where it says nothing that could be stored or shown: halves of characters, or a thousand levels."""
    try:
        said = json.loads(text)
        json.dumps(said, ensure_ascii=False).encode()
    except RecursionError as error:
        raise ValueError("Too deep.") from error
    return said


def _decoded(text: str) -> Any:
    """JSON; what is none becomes a node that `parse` refuses."""
    try:
        return decoded(text)
    except ValueError:
        return {"unreadable": text}


def _names_of_rows(listed: list[tuple[str, QuerySet[Any]]], wanted: set[str]) -> dict[str, dict[str, Any]]:
    """The labels of these values, each field's from its own rows of (value, label): one statement."""
    found: dict[str, dict[str, Any]] = {name: {} for name, _rows in listed}
    parts = []
    for name, rows in listed:
        value, label = rows._fields
        named = rows.filter(**{f"{value}__in": wanted}).annotate(_of=Value(name))
        parts.append(named.order_by().values_list("_of", value, label))
    whole = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    for name, value, label in whole:
        found[name][value] = label
    return found


__all__ = ["Condition", "Field", "Language"]
