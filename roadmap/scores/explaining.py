"""Why a score is what it is: what every factor does to it, and what would have to change to pass another score. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from roadmap.scores.factors import Factor, Role, plain
from roadmap.scores.formulas import Formula, How, Inputs, score


@dataclass(frozen=True)
class Part:
    """What one factor does to a score. `points` is what it adds or takes where the formula is a sum; `divisor` by what it
    divides; `share` is its place in the stated range, 0…100."""

    factor: Factor
    raw: Any
    sign: str
    points: Decimal | None = None
    divisor: Decimal | None = None
    share: int | None = None

    @property
    def shown(self) -> str:
        return self.factor.shown(self.raw)

    @property
    def is_missing(self) -> bool:
        return self.factor.value(self.raw) is None


def parts(formula: Formula, inputs: Inputs) -> list[Part]:
    """The contribution of every factor. The points of those that add and subtract, divided by the divisors of the others,
    are the score."""
    weights = sum((one.weight for one in formula.factors if one.role == Role.GAIN), Decimal(0))
    found = []
    for place, factor in enumerate(formula.factors):
        raw = inputs.get(factor.key)
        value = factor.value(raw)
        part = Part(factor, raw, _sign(formula, factor) if place else "")
        if value is not None:
            part = _with_numbers(part, formula, value, weights)
        found.append(part)
    return found


def _sign(formula: Formula, factor: Factor) -> str:
    if factor.role == Role.DIVIDE:
        return "÷"
    if factor.role == Role.SUBTRACT:
        return "−"
    return "×" if formula.how == How.MULTIPLY else "+"


def _with_numbers(part: Part, formula: Formula, value: Decimal, weights: Decimal) -> Part:
    factor = part.factor
    share = round(factor.share(value) * 100) if factor.high is not None else None
    if formula.how == How.ADD:
        if factor.role == Role.DIVIDE:
            return replace(part, divisor=value, share=share)
        return replace(part, points=-value if factor.role == Role.SUBTRACT else value, share=share)
    if formula.how == How.WEIGH:
        weighed = factor.weight * factor.share(value)
        if factor.role == Role.DIVIDE:
            return replace(part, divisor=1 + weighed, share=share)
        points = 100 * weighed / weights if weights else Decimal(0)
        return replace(part, points=-points if factor.role == Role.SUBTRACT else points, share=share)
    return replace(part, divisor=value if factor.role == Role.DIVIDE else None, share=share)


@dataclass(frozen=True)
class Way:
    """One factor changed alone: to what, and the score that gives."""

    factor: Factor
    now: Any
    to: Any
    score: Decimal

    @property
    def shown_now(self) -> str:
        return self.factor.shown(self.now)

    @property
    def shown_to(self) -> str:
        return self.factor.shown(self.to)


#: More than this many times what it is now is no advice.
FAR = 10


def ways_to_pass(formula: Formula, inputs: Inputs, target: Decimal) -> list[Way]:
    """For each factor that people set: the nearest allowed value with which the score is above `target`, if there is one.

    Empty where the item has no score, or has passed already.
    """
    present = score(formula, inputs)
    if present is None or present > target:
        return []
    found = []
    for factor in formula.factors:
        to = None if factor.live else _nearest(formula, inputs, factor, target)
        if to is not None:
            passed = score(formula, {**inputs, factor.key: to})
            assert passed is not None
            found.append(Way(factor, inputs.get(factor.key), to, passed))
    return found


def _nearest(formula: Formula, inputs: Inputs, factor: Factor, target: Decimal) -> Any:
    """The first of the allowed values, seen from the present one in the direction that helps, that passes. A score follows
    each factor in one direction, so where there are many the first is found by halving."""

    def passes(raw: Any) -> bool:
        found = score(formula, {**inputs, factor.key: raw})
        return found is not None and found > target

    chosen = factor.candidates()
    if chosen is not None:
        ordered = list(reversed(chosen)) if factor.is_cost else chosen
        try:
            rest = ordered[ordered.index(_as_candidate(inputs[factor.key], chosen)) + 1 :]
        except ValueError:
            return None
        return next((one for one in rest if passes(one)), None)
    value = factor.value(inputs[factor.key])
    assert value is not None
    lowest = factor.low if factor.low > 0 or factor.role != Role.DIVIDE or formula.how == How.WEIGH else factor.step
    end = lowest if factor.is_cost else (factor.high if factor.high is not None else max(value, factor.step) * FAR)
    steps = int(abs(end - value) / factor.step)
    towards = -factor.step if factor.is_cost else factor.step
    if (end - value) * towards <= 0 or steps < 1 or not passes(value + towards * steps):
        return None
    near, far = 0, steps
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if passes(value + towards * middle) else (middle, far)
    return plain(value + towards * far)


def _as_candidate(raw: Any, candidates: Iterable[Any]) -> Any:
    number = raw if isinstance(raw, bool | str) else plain(Decimal(str(raw)))
    return next((one for one in candidates if one == number), number)
