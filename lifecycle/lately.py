"""What a reader comes for: the products open to them, their roadmaps, and what others changed since the last visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.roles import JobTitle, Role
from accounts.together import Together
from changes import feed
from changes.feed import Activity
from config import clock
from lifecycle.models import Visit
from products.models import Product, Stage

#: Who reads more than they plan lands here; a title decides where somebody lands, never what they may.
READERS = {JobTitle.STAKEHOLDER, JobTitle.SALES, JobTitle.CUSTOMER_SUCCESS}
FIRST_TIME = timedelta(days=14)
MOST_AT_HOME = 6
MOST = 60


class Shared(NamedTuple):
    """A product that is open to the reader, and how many changes others made there."""

    pk: int
    key: str
    name: str
    stage: str
    lead: str
    changes: int

    @property
    def stage_name(self) -> str:
        return str(Stage(self.stage).label)


@dataclass(frozen=True)
class Lately:
    """`returning` is False on the first visit: then `since` is two weeks ago. Products with the most changes come first."""

    since: datetime
    returning: bool
    activity: list[Activity]
    products: list[Shared]


SHARED = Prepared(
    lambda member: (
        Product.objects.visible_to(member)
        .order_by("name", "pk")
        .values_list("pk", "key", "name", "stage", "lead__user__name", "lead__user__email")
    )
)


def lands_there(member: Member | None) -> bool:
    """Whether the home of the workspace leads with what changed: for readers, and for viewers without a title."""
    if member is None:
        return False
    return member.job_title in READERS or (not member.job_title and not member.may(Role.CONTRIBUTOR))


def lately_for(member: Member, *, limit: int = MOST) -> Lately:
    """Notes that the member looks now. The number of statements does not grow with the rows."""
    together = Together()
    shared = together.ask(SHARED, member)
    before = Visit.of(member, together).look()
    since, rows = before or clock.now() - FIRST_TIME, shared()
    keys, together = {row[0]: row[1] for row in rows}, Together()
    recent = feed.recent_later(member, keys, together, limit=limit, since=since, of_others=True)
    changes = feed.how_many_later(member, keys, together, since=since)()
    products = [
        Shared(pk, key, name, stage, lead or email or "", changes.get(pk, 0))
        for pk, key, name, stage, lead, email in rows
    ]
    Product.objects.remember_seen(member, products)
    return Lately(since, before is not None, recent(), sorted(products, key=lambda product: -product.changes))


def panel(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """A panel of the portfolio, which has the workspace's id."""
    if not lands_there(member):
        return {}
    return {id_: {"lately": lately_for(member, limit=MOST_AT_HOME)} for id_ in ids}
