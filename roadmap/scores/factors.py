"""The factors that scores are made of: which values each takes, how they read, and how a scorecard keeps them. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from accounts.refusals import Refused
from roadmap.items.answers import number_in, yes_or_no
from ui import formats

LARGEST_NUMBER = Decimal(10) ** 12


class Role(StrEnum):
    GAIN = "gain"
    SUBTRACT = "subtract"
    DIVIDE = "divide"


class Kind(StrEnum):
    SCALE = "scale"
    PERCENT = "percent"
    NUMBER = "number"
    SIZE = "size"
    YESNO = "yesno"
    MONEY = "money"
    POINTS = "points"
    CLASS = "class"


#: Columns of the item that are factors by themselves; all others are kept in `Item.factors`.
COLUMNS = ("reach", "impact", "confidence", "effort")


@dataclass(frozen=True)
class Level:
    key: str
    name: Any
    value: Decimal


@dataclass(frozen=True)
class Factor:
    """`low` and `high` are its allowed values; without `high` there is no upper end. `step` is what an arrow key moves.
    `levels` are the values of kinds that are chosen. `live` names the figure that it reads, and then nobody types it."""

    key: str
    name: Any
    kind: str = Kind.NUMBER
    role: str = Role.GAIN
    weight: Decimal = Decimal(1)
    low: Decimal = Decimal(0)
    high: Decimal | None = None
    step: Decimal = Decimal(1)
    levels: tuple[Level, ...] = ()
    unit: Any = ""
    live: str = ""

    @property
    def is_column(self) -> bool:
        return self.key in COLUMNS

    @property
    def field(self) -> str:
        """What forms and cells call it."""
        return self.key if self.is_column else f"factor_{self.key}"

    @property
    def is_cost(self) -> bool:
        return self.role != Role.GAIN

    def value(self, raw: Any) -> Decimal | None:
        """The number behind what is kept of an item; None for nothing and for what is no value of this factor."""
        if raw is None or raw == "":
            return None
        if self.levels and self.kind != Kind.POINTS:
            return next((level.value for level in self.levels if level.key == raw), None)
        if isinstance(raw, bool):
            return Decimal(raw) if self.kind == Kind.YESNO else None
        if not isinstance(raw, int | float | Decimal):
            return None
        number = raw if isinstance(raw, Decimal) else Decimal(str(raw))
        return number if number.is_finite() else None

    def share(self, value: Decimal) -> Decimal:
        """0…1 within the stated range; what lies outside counts as its end."""
        high = self.high if self.high is not None else self.low + 1
        if high <= self.low:
            return Decimal(0)
        return min(Decimal(1), max(Decimal(0), (value - self.low) / (high - self.low)))

    def read(self, raw: Any) -> Any:
        """What a person or program gave, as it is kept in JSON; None for nothing. Raises Refused with a sentence."""
        if self.live:
            raise Refused(_("“%(name)s” is measured, nobody types it.") % {"name": self.name})
        if raw is None or (isinstance(raw, str) and not raw.strip()):
            return None
        if self.kind == Kind.YESNO:
            return self._yes_or_no(raw)
        if self.levels:
            return self._level(raw)
        return self._number(raw)

    def shown(self, raw: Any) -> str:
        """A value in words."""
        value = self.value(raw)
        if value is None:
            return formats.NOT_SET
        if self.kind == Kind.YESNO:
            return _("yes") if value else _("no")
        if self.levels and self.kind != Kind.POINTS:
            return next(str(level.name) for level in self.levels if level.key == raw)
        number = formats.number(value, places_of(value))
        if self.kind == Kind.PERCENT:
            return f"{number} %"
        return f"{number} {self.unit}" if self.unit else number

    def candidates(self) -> list[Any] | None:
        """All values that can be chosen, from the lowest to the highest; None where they are numbers of a range."""
        if self.kind == Kind.YESNO:
            return [False, True]
        if self.kind == Kind.POINTS:
            return [plain(level.value) for level in self.levels]
        if self.levels:
            return [level.key for level in sorted(self.levels, key=lambda one: one.value)]
        return None

    def _yes_or_no(self, raw: Any) -> bool:
        answer = yes_or_no(raw)
        if answer is None:
            raise Refused(_("“%(name)s” takes yes or no.") % {"name": self.name})
        return answer

    def _level(self, raw: Any) -> Any:
        wanted = str(raw).strip()
        for level in self.levels:
            if self.kind == Kind.POINTS:
                if decimal_of(wanted) == level.value and not isinstance(raw, bool):
                    return plain(level.value)
            elif wanted == level.key or wanted.casefold() == str(level.name).casefold():
                return level.key
        choices = ", ".join(str(level.name) for level in self.levels)
        raise Refused(_("“%(name)s” is one of %(choices)s.") % {"name": self.name, "choices": choices})

    def _number(self, raw: Any) -> int | float:
        number = None if isinstance(raw, bool) else decimal_of(raw)
        if number is None or abs(number) >= LARGEST_NUMBER:
            raise Refused(_("“%(name)s” takes a number.") % {"name": self.name})
        number = round(number, 4)
        if number < self.low or (self.high is not None and number > self.high):
            raise Refused(self._range())
        return plain(number)

    def _range(self) -> str:
        words = {"name": self.name, "low": formats.number(self.low, places_of(self.low))}
        if self.high is None:
            return _("“%(name)s” takes a number from %(low)s.") % words
        words["high"] = formats.number(self.high, places_of(self.high))
        return _("“%(name)s” takes a number from %(low)s to %(high)s.") % words


def as_json(factor: Factor) -> dict[str, Any]:
    """As a scorecard keeps it, and as `cradle_score` reads it. Names of built-in ones are looked up, not kept."""
    told: dict[str, Any] = {
        "key": factor.key, "name": str(factor.name), "kind": str(factor.kind), "role": str(factor.role),
        "weight": plain(factor.weight), "low": plain(factor.low),
        "high": None if factor.high is None else plain(factor.high),
    }  # fmt: skip
    if factor.levels and factor.kind != Kind.POINTS:
        told["levels"] = [{"key": one.key, "name": str(one.name), "value": plain(one.value)} for one in factor.levels]
    if factor.kind == Kind.POINTS:
        told["points"] = [plain(one.value) for one in factor.levels]
    if factor.live:
        told["live"] = factor.live
    if factor.unit:
        told["unit"] = str(factor.unit)
    return told


def from_json(told: Mapping[str, Any]) -> Factor:
    """A factor as a scorecard keeps it."""
    points = points_of(*(str(one) for one in told.get("points", ())))
    levels = tuple(Level(one["key"], one["name"], Decimal(str(one["value"]))) for one in told.get("levels", ()))
    low, high = Decimal(str(told["low"])), told["high"]
    high = None if high is None else Decimal(str(high))
    return Factor(
        key=told["key"], name=told["name"], kind=Kind(told["kind"]), role=Role(told["role"]),
        weight=Decimal(str(told["weight"])), low=low, high=high, step=step_of(told["kind"], low, high),
        levels=points or levels, unit=told.get("unit", ""), live=told.get("live", ""),
    )  # fmt: skip


def points_of(*values: str) -> tuple[Level, ...]:
    return tuple(Level(value, value, Decimal(value)) for value in values)


def step_of(kind: str, low: Decimal, high: Decimal | None) -> Decimal:
    """What one press of an arrow key moves: 1, or less where the range is small, a hundredth of it where it is wide."""
    if kind in (Kind.SCALE, Kind.PERCENT) or high is None:
        return Decimal(1)
    span = high - low
    if span <= 2:
        return Decimal("0.05")
    return Decimal(1) if span <= 200 else Decimal(10) ** (len(str(int(span))) - 3)


def decimal_of(raw: Any) -> Decimal | None:
    return number_in(str(raw).strip().removesuffix("%"))


def plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def places_of(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return min(4, max(0, -exponent)) if isinstance(exponent, int) else 0
