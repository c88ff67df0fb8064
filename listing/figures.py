"""Figures: numbers that apps to the right compute, used by key results, score factors and the portfolio.

    figures.register("demand", label=_("Demand"), unit="customers", compute=demand_of_items)

`compute(ids, member)` maps ids of rows to Figure: a value with its period and population, never bare. Figures of a
product are the same for all who see it: a key result reads them with no member (None).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`population` says of whom, `period` of when; both are shown wherever the value is."""

    value: Decimal | int | None
    period: str
    population: str


@dataclass(frozen=True)
class Source:
    name: str
    label: Any
    of: str
    unit: Any
    compute: Callable[[list[int], Any], dict[int, Figure]]


sources: dict[str, Source] = {}


def register(
    name: str, *, label: Any, of: str, compute: Callable[[list[int], Any], dict[int, Figure]], unit: Any = ""
) -> None:
    """`of` names the noun whose ids `compute` takes: item, product, objective."""
    sources[name] = Source(name, label, of, unit, compute)
