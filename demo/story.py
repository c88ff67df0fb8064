"""What the chapters of the demo share: its day, its people, and how something is done on a day in the past."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.utils.dateparse import parse_time

from accounts.actors import Actor
from accounts.models import Member, Workspace
from changes.models import Change
from demo.shift import workday
from demo.source import portfolio
from products.models import Product
from roadmap.models import Item, Status

MORNING = time(9, 30)


class Story:
    """Each chapter is a function of it and leaves here what later ones need."""

    workspace: Workspace

    def __init__(self, today: date) -> None:
        self.today = today
        self.source = portfolio()
        self.products: dict[str, Product] = {}
        self.items: dict[tuple[str, str], Item] = {}
        #: Rows with what is told of their health, and whose lead says it.
        self.healths: list[tuple[Any, dict[str, Any], str]] = []

    def day(self, offset: int | None) -> date | None:
        return None if offset is None else workday(self.today, offset)

    def instant(self, offset: int, clock_time: str = "") -> datetime:
        at = parse_time(clock_time) if clock_time else MORNING
        return datetime.combine(self.today + timedelta(days=offset), at or MORNING, self.workspace.zone)

    @contextmanager
    def as_of(self, verb: str, offset: int, by: str = "", clock_time: str = "") -> Iterator[Change]:
        """A Change in the past, by one of the people; verbs called with it join it."""
        actor = Actor.of(self.members[by]) if by else Actor.system()
        at = self.instant(offset, clock_time)
        with Change.open(verb, by=actor, workspace=self.workspace, at=at) as change:
            yield change

    # --- people

    @cached_property
    def members(self) -> dict[str, Member]:
        rows = Member.objects.filter(workspace=self.workspace).select_related("user", "workspace")
        return {member.user.email: member for member in rows}

    @cached_property
    def statuses(self) -> dict[str, Status]:
        return {status.name: status for status in Status.objects.filter(workspace=self.workspace)}

    @property
    def owner(self) -> str:
        return next(one["email"] for one in self.source["members"] if one["role"] == "owner")

    def lead(self, row: dict[str, Any]) -> Member | None:
        return self.members.get(row.get("lead") or "")

    def lead_of(self, told: dict[str, Any]) -> str:
        return str(told["lead"] or self.owner)

    def told_products(self) -> Iterator[tuple[dict[str, Any], Product]]:
        for told in self.source["products"]:
            yield told, self.products[told["key"]]
