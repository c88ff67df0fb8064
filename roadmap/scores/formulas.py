"""How scores are computed: pure functions from what is known of an item to a number, its explanation, and what would change it.

The formulas and where they come from:

- RICE: reach × impact × confidence ÷ effort. Sean McBride at Intercom, "RICE: Simple prioritization for product managers" (2018).
- ICE: impact × confidence × ease, each 1 to 10. Sean Ellis, "Hacking Growth" (2017).
- WSJF: cost of delay (business value + time criticality + risk reduction or opportunity enablement) ÷ job size, each of
  1, 2, 3, 5, 8, 13, 20. Don Reinertsen, "The Principles of Product Development Flow" (2009), in the form that SAFe gave it.
- Value ÷ effort: the plain quotient behind the 2 × 2 matrix.
- MoSCoW: must, should, could, won't. Dai Clegg at Oracle (1994), kept in DSDM.
- Kano: basic, performance, delighter, indifferent, reverse. Noriaki Kano, "Attractive quality and must-be quality" (1984).
- Weighted: own factors, each brought to 0…1 by its stated range. What adds is the mean by weight, as 0…100; a cost that subtracts takes
  its weighted part off; a cost that divides does so by 1 + weight × cost: with weight 1 the highest cost halves the score.

An input that is missing, or no value of its factor, makes the score None: "not scored". So does a divisor of nought. The same is said in SQL
by `cradle_score` (migration 0015), which the trigger on items and the recomputation of many use; a property test holds them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _L

from accounts.refusals import Refused
from roadmap.items.answers import yes_or_no
from ui import formats

CENT = Decimal("0.01")
LARGEST_SCORE = Decimal(10) ** 17
LARGEST_NUMBER = Decimal(10) ** 12
Inputs = Mapping[str, Any]


class How(StrEnum):
    """How a formula joins its factors."""

    MULTIPLY = "multiply"
    ADD = "add"
    WEIGH = "weigh"
    CLASS = "class"


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


@dataclass(frozen=True)
class Formula:
    """`source` says where it comes from, for people."""

    method: str
    name: Any
    how: str
    factors: tuple[Factor, ...]
    words: Any = ""
    source: Any = ""

    def factor(self, key: str) -> Factor | None:
        return next((one for one in self.factors if one.key == key), None)

    def missing(self, inputs: Inputs) -> list[Factor]:
        return [one for one in self.factors if one.value(inputs.get(one.key)) is None]

    def shown(self, score: Decimal | None) -> str:
        """A score in words: a class by its name, a number short."""
        if score is None:
            return formats.NOT_SET
        if self.how == How.CLASS:
            return next((str(one.name) for one in self.factors[0].levels if one.value == score), formats.NOT_SET)
        places = 0 if abs(score) >= 10 else 1
        return formats.number(score.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP), places)


def score(formula: Formula, inputs: Inputs) -> Decimal | None:
    """The score of an item by what is known of it, or None: see above."""
    values = [(one, one.value(inputs.get(one.key))) for one in formula.factors]
    if not values or any(value is None for _factor, value in values):
        return None
    known = [(factor, value) for factor, value in values if value is not None]
    found = _JOINED[How(formula.how)](known)
    if found is None or abs(found) >= LARGEST_SCORE:
        return None
    return found.quantize(CENT, ROUND_HALF_UP)


def _multiplied(values: list[tuple[Factor, Decimal]]) -> Decimal | None:
    above, below = Decimal(1), Decimal(1)
    for factor, value in values:
        if factor.role == Role.GAIN:
            above *= value
        else:
            below *= value
        if factor.kind == Kind.PERCENT:
            below *= 100
    return above / below if below > 0 else None


def _added(values: list[tuple[Factor, Decimal]]) -> Decimal | None:
    above, below = Decimal(0), Decimal(1)
    for factor, value in values:
        if factor.role == Role.GAIN:
            above += value
        elif factor.role == Role.SUBTRACT:
            above -= value
        else:
            below *= value
    return above / below if below > 0 else None


def _weighed(values: list[tuple[Factor, Decimal]]) -> Decimal | None:
    above, weights, below = Decimal(0), Decimal(0), Decimal(1)
    for factor, value in values:
        share = factor.share(value)
        if factor.role == Role.GAIN:
            above, weights = above + factor.weight * share, weights + factor.weight
        elif factor.role == Role.SUBTRACT:
            above -= factor.weight * share
        else:
            below *= 1 + factor.weight * share
    return 100 * above / (weights * below) if weights > 0 else None


_JOINED = {
    How.MULTIPLY: _multiplied,
    How.ADD: _added,
    How.WEIGH: _weighed,
    How.CLASS: lambda values: values[0][1],
}


# ---- The formulas that every workspace begins with


def _levels(*levels: tuple[str, Any, int]) -> tuple[Level, ...]:
    return tuple(Level(key, name, Decimal(value)) for key, name, value in levels)


def _points(*values: str) -> tuple[Level, ...]:
    return tuple(Level(value, value, Decimal(value)) for value in values)


FIBONACCI = _points("1", "2", "3", "5", "8", "13", "20")
SIZES = _levels(("xs", "XS", 1), ("s", "S", 2), ("m", "M", 3), ("l", "L", 4), ("xl", "XL", 5))

REACH = Factor("reach", _L("Reach"), high=None, unit="")
IMPACT = Factor(
    "impact",
    _L("Impact"),
    Kind.POINTS,
    low=Decimal("0.25"),
    high=Decimal(3),
    levels=_points("0.25", "0.5", "1", "2", "3"),
)
CONFIDENCE = Factor("confidence", _L("Confidence"), Kind.PERCENT, high=Decimal(100))
EFFORT = Factor(
    "effort", _L("Effort"), role=Role.DIVIDE, low=Decimal("0.01"), step=Decimal("0.5"), unit=_L("person-weeks")
)
SHARED = {one.key: one for one in (REACH, IMPACT, CONFIDENCE, EFFORT)}


def _one_to_ten(key: str, name: Any) -> Factor:
    return Factor(key, name, Kind.NUMBER, low=Decimal(1), high=Decimal(10))


def _of_fibonacci(key: str, name: Any, role: str = Role.GAIN) -> Factor:
    return Factor(key, name, Kind.POINTS, role, low=Decimal(1), high=Decimal(20), levels=FIBONACCI)


BUILT_IN: dict[str, Formula] = {
    one.method: one
    for one in (
        Formula(
            "rice", "RICE", How.MULTIPLY, (REACH, IMPACT, CONFIDENCE, EFFORT), _L("Reach × impact × confidence ÷ effort"),
            "Sean McBride, Intercom, 2018",
        ),
        Formula(
            "ice", "ICE", How.MULTIPLY,
            (
                _one_to_ten("ice_impact", _L("Impact")), _one_to_ten("ice_confidence", _L("Confidence")),
                _one_to_ten("ice_ease", _L("Ease")),
            ),
            _L("Impact × confidence × ease, each 1 to 10"), "Sean Ellis, 2017",
        ),
        Formula(
            "wsjf", "WSJF", How.ADD,
            (
                _of_fibonacci("business_value", _L("Business value")),
                _of_fibonacci("time_criticality", _L("Time criticality")),
                _of_fibonacci("risk_reduction", _L("Risk reduction or opportunity")),
                _of_fibonacci("job_size", _L("Job size"), Role.DIVIDE),
            ),
            _L("(Business value + time criticality + risk reduction or opportunity) ÷ job size"),
            "Don Reinertsen, 2009; SAFe",
        ),
        Formula(
            "value_effort", _L("Value ÷ effort"), How.MULTIPLY,
            (Factor("value", _L("Value"), Kind.NUMBER, high=Decimal(100)), EFFORT),
            _L("Value, 0 to 100, ÷ effort in person-weeks"), "",
        ),
        Formula(
            "moscow", "MoSCoW", How.CLASS,
            (
                Factor("moscow", "MoSCoW", Kind.CLASS, low=Decimal(1), high=Decimal(4), levels=_levels(
                    ("must", _L("Must have"), 4), ("should", _L("Should have"), 3), ("could", _L("Could have"), 2),
                    ("wont", _L("Won't have this time"), 1),
                )),
            ),
            _L("Must, should, could, won't have this time"), "Dai Clegg, 1994; DSDM",
        ),
        Formula(
            "kano", "Kano", How.CLASS,
            (
                Factor("kano", "Kano", Kind.CLASS, low=Decimal(0), high=Decimal(4), levels=_levels(
                    ("basic", _L("Basic need"), 4), ("performance", _L("Performance"), 3), ("delighter", _L("Delighter"), 2),
                    ("indifferent", _L("Indifferent"), 1), ("reverse", _L("Reverse"), 0),
                )),
            ),
            _L("Basic need, performance, delighter, indifferent, reverse"), "Noriaki Kano, 1984",
        ),
    )
}  # fmt: skip
RICE = BUILT_IN["rice"]


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
    points = _points(*(str(one) for one in told.get("points", ())))
    levels = tuple(Level(one["key"], one["name"], Decimal(str(one["value"]))) for one in told.get("levels", ()))
    low, high = Decimal(str(told["low"])), told["high"]
    high = None if high is None else Decimal(str(high))
    return Factor(
        key=told["key"], name=told["name"], kind=Kind(told["kind"]), role=Role(told["role"]),
        weight=Decimal(str(told["weight"])), low=low, high=high, step=step_of(told["kind"], low, high),
        levels=points or levels, unit=told.get("unit", ""), live=told.get("live", ""),
    )  # fmt: skip


def step_of(kind: str, low: Decimal, high: Decimal | None) -> Decimal:
    """What one press of an arrow key moves: 1, or less where the range is small, a hundredth of it where it is wide."""
    if kind in (Kind.SCALE, Kind.PERCENT) or high is None:
        return Decimal(1)
    span = high - low
    if span <= 2:
        return Decimal("0.05")
    return Decimal(1) if span <= 200 else Decimal(10) ** (len(str(int(span))) - 3)


def sample(formula: Formula) -> dict[str, Any]:
    """Believable inputs, for an example."""
    return {one.key: _sample_of(one) for one in formula.factors}


def _sample_of(factor: Factor) -> Any:
    chosen = factor.candidates()
    if chosen is not None:
        return chosen[-1] if factor.kind == Kind.YESNO else chosen[len(chosen) // 2]
    if factor.high is None:
        return {"reach": 640, "effort": 5}.get(factor.key, 10)
    middle = factor.low + (factor.high - factor.low) * (Decimal("0.3") if factor.is_cost else Decimal("0.7"))
    return plain(middle.quantize(factor.step if factor.step < 1 else Decimal(1)))


def replace_live(factor: Factor) -> Factor:
    """The same as if people typed it, for an example."""
    return replace(factor, live="")


def each_factor(formulas: Iterable[Formula]) -> Iterator[Factor]:
    """Every factor once."""
    seen = set()
    for formula in formulas:
        for factor in formula.factors:
            if factor.key not in seen:
                seen.add(factor.key)
                yield factor


def decimal_of(raw: Any) -> Decimal | None:
    try:
        number = Decimal(str(raw).strip().replace(" ", "").replace(",", ".").removesuffix("%"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def places_of(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return min(4, max(0, -exponent)) if isinstance(exponent, int) else 0
