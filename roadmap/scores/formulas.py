"""How scores are computed: pure functions from what is known of an item to a number, its explanation, and what would change it.

The formulas and where they come from (those that every workspace begins with are in ready_made.py, their factors in factors.py):

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
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from roadmap.scores.factors import Factor, Kind, Role, plain
from ui import formats

CENT = Decimal("0.01")
LARGEST_SCORE = Decimal(10) ** 17
Inputs = Mapping[str, Any]


class How(StrEnum):
    """How a formula joins its factors."""

    MULTIPLY = "multiply"
    ADD = "add"
    WEIGH = "weigh"
    CLASS = "class"


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


def each_factor(formulas: Iterable[Formula]) -> Iterator[Factor]:
    """Every factor once."""
    seen = set()
    for formula in formulas:
        for factor in formula.factors:
            if factor.key not in seen:
                seen.add(factor.key)
                yield factor


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
