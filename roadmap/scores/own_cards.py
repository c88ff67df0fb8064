"""Scorecards that a workspace makes itself: what their factors may be, and the formula that follows."""

from __future__ import annotations

import secrets
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.refusals import Refused
from listing import figures
from roadmap.scores.factors import LARGEST_NUMBER, Factor, Kind, Role, as_json, decimal_of, from_json, plain
from roadmap.scores.formulas import Formula, How
from roadmap.scores.ready_made import BUILT_IN, SHARED, SIZES

#: The method of scorecards that are no ready-made ones.
WEIGHTED = "weighted"
MOST_FACTORS = 12
LARGEST_WEIGHT = Decimal(100)
#: Ranges that follow from the kind alone.
RANGES: dict[str, tuple[Decimal, Decimal]] = {
    Kind.SCALE: (Decimal(0), Decimal(10)),
    Kind.PERCENT: (Decimal(0), Decimal(100)),
    Kind.SIZE: (Decimal(0), Decimal(5)),
    Kind.YESNO: (Decimal(0), Decimal(1)),
}
OWN_KINDS = (*RANGES, Kind.NUMBER, Kind.MONEY)
#: What can be said of one.
KNOWN = {"key", "name", "kind", "role", "weight", "low", "high", "levels", "unit", "live", "points"}


def formula_of(method: str, name: str, factors: list[dict[str, Any]]) -> Formula:
    """Of a scorecard, ready-made or own."""
    if method in BUILT_IN:
        return BUILT_IN[method]
    own = tuple(_as_typed(from_json(one)) for one in factors)
    words = " + ".join(f"{one.name} × {plain(one.weight)}" for one in own if not one.is_cost)
    for one in own:
        if one.role == Role.SUBTRACT:
            words += f" − {one.name} × {plain(one.weight)}"
    divisors = [f"(1 + {one.name} × {plain(one.weight)})" for one in own if one.role == Role.DIVIDE]
    if divisors:
        words = f"({words}) ÷ {' ÷ '.join(divisors)}"
    return Formula(WEIGHTED, name, How.WEIGH, own, words)


def _as_typed(factor: Factor) -> Factor:
    """Columns of items and figures keep their own manners; the scorecard gives them range, weight and role."""
    shared = SHARED.get(factor.key)
    if shared is None:
        return factor
    return Factor(
        factor.key, shared.name, shared.kind, factor.role, factor.weight, factor.low, factor.high, shared.step,
        shared.levels, shared.unit,
    )  # fmt: skip


def checked(factors: Any) -> list[dict[str, Any]]:
    """Factors as a form or program gave them, complete and in order. Raises Refused with a sentence."""
    if not isinstance(factors, list) or not all(isinstance(one, dict) for one in factors):
        raise Refused(_("Factors are a list of objects."))
    if not 1 <= len(factors) <= MOST_FACTORS:
        raise Refused(_("A scorecard has 1 to %(most)d factors.") % {"most": MOST_FACTORS})
    kept = [_checked(one) for one in factors]
    keys = [one["key"] for one in kept]
    names = [one["name"].casefold() for one in kept]
    if len(set(keys)) < len(keys) or len(set(names)) < len(names):
        raise Refused(_("Each factor needs a name of its own, and each figure counts once."))
    if not any(one["role"] == Role.GAIN for one in kept):
        raise Refused(_("At least one factor must add to the score."))
    return kept


def _checked(given: dict[str, Any]) -> dict[str, Any]:
    unknown = set(given) - KNOWN
    if unknown:
        raise Refused(_("A factor has no “%(name)s”.") % {"name": str(sorted(unknown)[0])[:40]})
    live = str(given.get("live") or "")
    key, name, kind, unit = _of_a_figure(live) if live else _named(given)
    if not name or "\0" in name:
        raise Refused(_("Give each factor a name."))
    role = str(given.get("role") or Role.GAIN)
    if role not in set(Role):
        raise Refused(_("A factor adds, subtracts or divides."))
    weight = _number(given.get("weight", 1), name)
    if not 0 < weight <= LARGEST_WEIGHT:
        raise Refused(_("“%(name)s”: a weight is above 0 and at most 100.") % {"name": name})
    low, high = RANGES[kind] if kind in RANGES else _range(given, name)
    levels = SIZES if kind == Kind.SIZE else ()
    if key in SHARED and SHARED[key].levels:
        levels = SHARED[key].levels
    return as_json(Factor(key, name, kind, role, weight, low, high, levels=levels, live=live, unit=unit))


def _of_a_figure(live: str) -> tuple[str, str, str, str]:
    """Key, name, kind and unit of a factor that is measured."""
    source = figures.sources.get(live)
    if source is None or source.of != "item":
        raise Refused(_("There is no figure “%(name)s”.") % {"name": live[:40]})
    return f"live_{live}", str(source.label), Kind.NUMBER, str(source.unit)


def _named(given: dict[str, Any]) -> tuple[str, str, str, str]:
    """Key, name, kind and unit of a factor that people fill in: a column that all scorecards share, or one of its own."""
    key, unit = str(given.get("key") or ""), str(given.get("unit") or "")[:20]
    if key in SHARED:
        return key, str(SHARED[key].name), SHARED[key].kind, unit
    name, kind = " ".join(str(given.get("name") or "").split())[:60], str(given.get("kind") or Kind.SCALE)
    if kind not in OWN_KINDS:
        raise Refused(_("There is no kind of factor “%(kind)s”.") % {"kind": kind[:20]})
    is_own = key.startswith("x") and key[1:].isalnum() and len(key) <= 12
    return key if is_own else new_factor_key(), name, kind, unit


def _range(given: dict[str, Any], name: str) -> tuple[Decimal, Decimal]:
    low, high = _number(given.get("low", 0), name), _number(given.get("high"), name)
    if low >= high:
        raise Refused(_("“%(name)s” needs a range: from a smaller number to a larger one.") % {"name": name})
    return low, high


def _number(raw: Any, name: str) -> Decimal:
    number = None if isinstance(raw, bool) else decimal_of(raw)
    if number is None or abs(number) >= LARGEST_NUMBER:
        raise Refused(_("“%(name)s” needs numbers for weight and range.") % {"name": name})
    return round(number, 4)


def new_factor_key() -> str:
    return f"x{secrets.token_hex(4)}"
