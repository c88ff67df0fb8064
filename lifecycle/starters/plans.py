"""What a starter template or a sample is made of: plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from feedback.models import Importance, Source
from products.models.problem import ProblemState
from roadmap.models import Category, TypeKind


@dataclass(frozen=True)
class Result:
    name: Any
    unit: str
    start: Decimal | int
    now: Decimal | int
    target: Decimal | int


@dataclass(frozen=True)
class Goal:
    name: Any
    results: tuple[Result, ...] = ()


@dataclass(frozen=True)
class Trouble:
    statement: Any
    who: Any = ""
    state: str = ProblemState.OPEN


@dataclass(frozen=True)
class Ship:
    """A release that starts this week and ends on the Friday before week `weeks`."""

    name: Any
    weeks: int


@dataclass(frozen=True)
class Bet:
    """An item. `goal` and `problem` are places in the plan; `weeks` are first and last week from now."""

    title: Any
    type: str = TypeKind.FEATURE
    category: str = Category.PROPOSED
    rice: tuple[int, Decimal, int, Decimal] | None = None
    goal: int | None = None
    problem: int | None = None
    weeks: tuple[int, int] | None = None
    released: bool = False


@dataclass(frozen=True)
class Plan:
    goals: tuple[Goal, ...]
    problems: tuple[Trouble, ...]
    bets: tuple[Bet, ...]
    release: Ship | None = None


@dataclass(frozen=True)
class Starter:
    """A template: `name` and `key` are taken where the person gave none."""

    slug: str
    label: Any
    about: Any
    icon: str
    kind: str
    name: Any
    key: str
    plan: Plan


@dataclass(frozen=True)
class Voice:
    """A conversation. `passage` is linked to the item at place `about`."""

    customer: Any
    subject: Any
    text: Any
    source: str = Source.OTHER
    about: int | None = None
    passage: Any = ""
    importance: int = Importance.IMPORTANT
    revenue: int = 0


@dataclass(frozen=True)
class Sample:
    key: str
    name: Any
    kind: str
    stage: str
    tagline: Any
    vision: Any
    plan: Plan
    health: str = ""
    health_reason: Any = ""
    voices: tuple[Voice, ...] = field(default=())


def rice(reach: int, impact: str, confidence: int, effort: str) -> tuple[int, Decimal, int, Decimal]:
    return reach, Decimal(impact), confidence, Decimal(effort)
