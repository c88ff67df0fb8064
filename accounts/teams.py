"""The teams of a workspace as lists show them: name, size and the first faces, in one statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf

from accounts.models import Member, Team, TeamMember
from accounts.prepared import Prepared
from accounts.together import Together

FACES = 3


class ListedTeam(NamedTuple):
    public_id: str
    name: str
    size: int
    faces: list[str]


def listed(member: Member) -> list[ListedTeam]:
    """By name, each with the names of its first members."""
    return listed_later(member, Together())()


def listed_later(member: Member, together: Together) -> Callable[[], list[ListedTeam]]:
    """The same, when it is wanted: asked together with the rest of a page."""
    found = together.ask(TEAMS, member)
    return lambda: [ListedTeam._make(row) for row in found()]


def _teams(member: Member) -> QuerySet[Any]:
    shown = Coalesce(NullIf("member__user__name", Value("")), "member__user__email", output_field=TextField())
    seats = TeamMember.objects.filter(team=OuterRef("pk")).order_by("pk").annotate(shown=shown)
    counted = Team.objects.visible_to(member).annotate(
        size=Count("memberships"), faces=ArraySubquery(seats.values("shown")[:FACES])
    )
    return counted.order_by("name").values_list("public_id", "name", "size", "faces")


TEAMS = Prepared(_teams)
