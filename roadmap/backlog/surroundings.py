"""What stands around the rows of a backlog, read in one statement: views, statuses, the workspace's own fields, what the member chose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import OuterRef

from accounts.models import Member, Team, TeamMember
from accounts.prepared import Prepared
from products.models import Product
from roadmap.backlog.looks import Look
from roadmap.models import CustomField, ItemType, SavedView, Status, TableChoice
from roadmap.models.product_scoring import adopt_scoring, told_scoring
from ui.shell import Shell

VIEW = ("pk", "public_id", "name", "query", "is_shared", "owner_id", "team_id", "team__name")
TYPE = ("key", "name", "kind", "icon", "tone")
FIELD = ("key", "name", "kind", "options")
_parts = {
    "views": Prepared(lambda member, product: SavedView.objects.visible_to(member).of(product).values(*VIEW)),
    "statuses": Prepared(lambda member, product: Status.objects.visible_to(member).values("public_id", "name")),
    "types": Prepared(lambda member, product: ItemType.objects.visible_to(member).values(*TYPE)),
    "fields": Prepared(lambda member, product: CustomField.objects.visible_to(member).values(*FIELD)),
    "teams": Prepared(
        lambda member, product: (
            Team.objects.visible_to(member)
            .filter(pk__in=TeamMember.objects.filter(member=member).values("team"))
            .values("public_id", "name")
        )
    ),
    "scoring": Prepared(
        lambda member, product: Product.objects.filter(pk=product.pk).values(told=told_scoring(OuterRef("pk")))
    ),
    "choice": Prepared(
        lambda member, product: TableChoice.objects.filter(member=member, product=product).values(
            "columns", "density", "first_view"
        )
    ),
}


@dataclass(frozen=True)
class Surroundings:
    member: Member
    product: Product
    views: list[dict[str, Any]]
    statuses: list[tuple[str, str]]
    types: list[ItemType]
    fields: dict[str, CustomField]
    teams: list[tuple[str, str]]
    choice: dict[str, Any]

    def look(self, query: Any) -> Look:
        return Look.of(query, self.choice.get("columns", ""), self.choice.get("density", ""))

    @cached_property
    def first_view(self) -> dict[str, Any] | None:
        """The view that opens before any is asked for."""
        wanted = self.choice.get("first_view")
        return next((view for view in self.views if view["pk"] == wanted), None) if wanted else None


def around(member: Member, product: Product, frame: Shell | None = None) -> Surroundings:
    """Read in one statement, with the numbers of the page's `frame` where it has one."""
    numbers = Beside()
    if frame is not None:
        frame.ask_along(numbers)
    sql, values = [], []
    for part in _parts.values():
        text, given = part.statement(member, product)
        sql.append(f"(SELECT json_agg(one) FROM ({text}) one)")  # noqa: S608 - composed by Django
        values += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([*sql, numbers.sql])}", [*values, *numbers.values])
        *found, numbers.found = cursor.fetchone()
    views, statuses, types, fields, teams, scoring, choice = map(_rows, found)
    adopt_scoring(product, next(scoring)["told"])
    own = {row["key"]: CustomField(workspace_id=member.workspace_id, **row) for row in fields}
    kept = next(choice, {})
    its_types = [ItemType(workspace_id=member.workspace_id, **row) for row in types]
    return Surroundings(member, product, list(views), _pairs(statuses), its_types, own, _pairs(teams), kept)


class Beside:
    """Numbers that come with the surroundings (see ui.counts.Asks)."""

    def __init__(self) -> None:
        self.sql = "NULL"
        self.values: list[Any] = []
        self.found: list[int] = []

    def ask_sql(self, sql: str, values: Sequence[Any], *kinds: str) -> Callable[[], list[Any]]:
        numbers = ", ".join(f"n{place}" for place in range(len(kinds)))
        self.sql = f"(SELECT ARRAY[{numbers}] FROM ({sql}) numbers ({numbers}))"  # noqa: S608 - composed by Django
        self.values = list(values)
        return lambda: [self.found]


def _rows(value: Any) -> Iterator[dict[str, Any]]:
    return iter(json.loads(value) if isinstance(value, str) else value or [])


def _pairs(rows: Iterator[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(row["public_id"], row["name"]) for row in rows]
