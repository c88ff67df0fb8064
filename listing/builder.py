"""The filter builder: conditions as lines of a form, in one level of groups, so that a filter is put together without its language.

The form holds all of itself (`l0.field`, `l0.op`, `l0.value`, `l0.group`, `join.0`), so each press of a button is a request that
answers with the form as it is then, and what is wrong stands beside the line that has it. What is deeper than one level of groups
came from an address or the API: it is kept as it is, and shown as a sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.refusals import Refused
from listing.conditions import BARE, IN_DAYS, LABELS, OPERATORS, PERIODS, SEVERAL, Field
from listing.filters import MOST, Language, decoded

NAME = re.compile(r"l(\d{1,3})\.(field|op|value|group|was)")
GROUPS = 12


@dataclass
class Line:
    """One condition as it is being written. `values` are what was typed or ticked; `problem` is why it cannot be used."""

    place: int
    group: int
    field: Field
    op: str
    values: list[str] = field(default_factory=list)
    problem: str = ""

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def operators(self) -> list[tuple[str, Any]]:
        return [(op, LABELS[op]) for op in OPERATORS[self.field.kind]]

    @property
    def editor(self) -> str:
        """What the value is edited with: none, choices, days, number, day, text."""
        if self.op in BARE:
            return "none"
        if self.op in SEVERAL and self.field.values is not None:
            return "choices"
        if self.op in IN_DAYS:
            return "days"
        return {"number": "number", "date": "day", "moment": "day"}.get(self.field.kind, "text")

    @property
    def choices(self) -> list[tuple[str, Any, bool]]:
        """Value, label, and whether it is ticked; a ticked one that is gone is kept."""
        listed = [(str(value), label) for value, label in (self.field.values() if self.field.values else []) if value]
        gone = [(value, _("gone")) for value in self.values if value not in dict(listed)]
        return [(value, label, value in self.values) for value, label in [*listed, *gone]]

    @property
    def chosen(self) -> str:
        return ", ".join(str(label) for _value, label, ticked in self.choices if ticked)

    def expression(self) -> dict[str, Any]:
        value: Any = self.value
        if self.op in BARE:
            value = "1"
        elif self.op in SEVERAL:
            value = self.values
            if self.field.values is None:
                value = [part.strip() for part in self.value.split(",") if part.strip()]
        return {"field": self.field.name, "op": self.op, "value": value}


@dataclass
class Builder:
    """`joins`: group → "all" or "any"; group 0 is the whole. `kept`: parts that the form cannot show, as JSON."""

    language: Language
    lines: list[Line] = field(default_factory=list)
    joins: dict[int, str] = field(default_factory=lambda: {0: "all"})
    kept: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, language: Language, expression: dict[str, Any]) -> Builder:
        """As an expression says (see Language.from_query)."""
        builder = cls(language)
        parts = expression["all"]
        if len(parts) == 1 and isinstance(parts[0], dict) and isinstance(parts[0].get("any"), list):
            builder.joins[0], parts = "any", parts[0]["any"]
        for part in parts:
            word = next(
                (word for word in ("all", "any") if isinstance(part, dict) and isinstance(part.get(word), list)), ""
            )
            inner = part[word] if word else [part]
            if not all(builder._is_line(one) for one in inner) or (word and len(builder.joins) > GROUPS):
                builder.kept.append(json.dumps(part))
                continue
            group = len(builder.joins) if word else 0
            if word:
                builder.joins[group] = word
            for one in inner:
                builder._add(group, one["field"], one["op"], one.get("value"))
        return builder

    @classmethod
    def read(cls, language: Language, form: QueryDict) -> Builder:
        """As the form was sent."""
        builder = cls(language, kept=form.getlist("kept")[:GROUPS])
        for number in range(GROUPS + 1):
            if (join := form.get(f"join.{number}")) in ("all", "any"):
                builder.joins[number] = join
        found: dict[int, dict[str, list[str]]] = {}
        for name in form:
            if match := NAME.fullmatch(name):
                found.setdefault(int(match[1]), {})[match[2]] = form.getlist(name)
        for place in sorted(found)[:MOST]:
            part = found[place]
            group = part.get("group", ["0"])[0]
            number = int(group) if group.isascii() and group.isdigit() and int(group[:3]) in builder.joins else 0
            name = part.get("field", [""])[0]
            is_other = part.get("was", [name])[0] != name
            builder._add(number, name, part.get("op", [""])[0], [] if is_other else part.get("value", []))
        return builder

    def act(self, press: str) -> None:
        """What a button of the form does: `add:0` adds a line to a group, `group` a group with one, `drop:3` takes a line out."""
        what, _colon, where = press.partition(":")
        number = int(where) if where.isascii() and where.isdigit() and len(where) < 4 else -1
        if what == "add" and number in self.joins:
            self._add(number, "", "", [])
        elif what == "group" and len(self.joins) <= GROUPS:
            group = max(self.joins) + 1
            self.joins[group] = "all" if self.joins[0] == "any" else "any"
            self._add(group, "", "", [])
            self._add(group, "", "", [])
        elif what == "drop":
            self.lines = [line for line in self.lines if line.place != number]
        elif what == "forget" and 0 <= number < len(self.kept):
            del self.kept[number]
        for group in [one for one in self.joins if one and not any(line.group == one for line in self.lines)]:
            del self.joins[group]

    def is_right(self) -> bool:
        """Whether each line is a condition; those that are none know why from now on."""
        for line in self.lines:
            expression = line.expression()
            if expression["value"] in ("", []):
                line.problem = _("Say what “%(field)s” is compared with, or remove this line.") % {
                    "field": line.field.label
                }
                continue
            try:
                self.language.parse(expression)
            except Refused as refusal:
                line.problem = str(refusal)
        return not any(line.problem for line in self.lines) and all(map(self._is_readable, self.kept))

    def expression(self) -> dict[str, Any]:
        """What `Language.parse` reads."""
        parts: list[Any] = []
        for group, join in self.joins.items():
            own = [line.expression() for line in self.lines if line.group == group]
            if group == 0 or len(own) == 1:
                parts += own
            elif own:
                parts.append({join: own})
        parts += [decoded(one) for one in self.kept]
        return {"all": [{"any": parts}] if self.joins[0] == "any" and len(parts) > 1 else parts}

    def sentence(self) -> str:
        """The whole in words; empty while a line is not a condition yet."""
        if any(line.expression()["value"] in ("", []) for line in self.lines):
            return ""
        try:
            parsed = self.language.parse(self.expression())
        except (Refused, ValueError):
            return ""
        return parsed.sentence(self.language.names(parsed))

    @property
    def groups(self) -> list[dict[str, Any]]:
        return [
            {"number": number, "join": join, "lines": [line for line in self.lines if line.group == number]}
            for number, join in sorted(self.joins.items())
        ]

    @property
    def kept_in_words(self) -> list[tuple[str, str]]:
        return [(text, self._words(text) or _("A condition that cannot be read")) for text in self.kept]

    def _is_readable(self, text: str) -> bool:
        return bool(self._words(text))

    def _words(self, text: str) -> str:
        """What was kept as a sentence; empty where it is no condition."""
        try:
            parsed = self.language.parse(decoded(text))
        except (Refused, ValueError):
            return ""
        return parsed.sentence(self.language.names(parsed))

    @property
    def fields(self) -> Iterable[Field]:
        return list(self.language.fields.values())

    @property
    def periods(self) -> list[tuple[str, Any]]:
        return PERIODS

    def _is_line(self, part: Any) -> bool:
        if not isinstance(part, dict) or not isinstance(part.get("field"), str):
            return False
        chosen = self.language.fields.get(part["field"])
        return chosen is not None and part.get("op") in OPERATORS[chosen.kind]

    def _add(self, group: int, name: str, op: str, value: Any) -> None:
        """A line; without a name, of the first field that is not used."""
        used = {line.field.name for line in self.lines}
        chosen = self.language.fields.get(name) if name else None
        if chosen is None:
            free = (one for one in self.fields if one.name not in used and one.kind not in ("search", "row"))
            chosen = next(free, next(iter(self.fields)))
        if op not in OPERATORS[chosen.kind]:
            op = OPERATORS[chosen.kind][0]
        values = [str(one) for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]
        if op in SEVERAL and chosen.values is None:
            values = [", ".join(values)] if values else []
        place = max((line.place for line in self.lines), default=-1) + 1
        self.lines.append(Line(place, group, chosen, op, values))
