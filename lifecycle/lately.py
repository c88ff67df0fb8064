"""What a reader comes for: the products open to them, their roadmaps, and what others changed since the last visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import Member
from accounts.roles import JobTitle, Role
from changes import feed
from changes.feed import Activity
from config import clock
from lifecycle.models import Visit
from products.models import Product

#: Who reads more than they plan lands here; a title decides where somebody lands, never what they may.
READERS = {JobTitle.STAKEHOLDER, JobTitle.SALES, JobTitle.CUSTOMER_SUCCESS}
FIRST_TIME = timedelta(days=14)
MOST_AT_HOME = 6
MOST = 60


@dataclass(frozen=True)
class Lately:
    """`returning` is False on the first visit: then `since` is two weeks ago. Products carry `changes`, newest news first."""

    since: datetime
    returning: bool
    activity: list[Activity]
    products: list[Product]


def lands_there(member: Member | None) -> bool:
    """Whether the home of the workspace leads with what changed: for readers, and for viewers without a title."""
    if member is None:
        return False
    return member.job_title in READERS or (not member.job_title and not member.may(Role.CONTRIBUTOR))


def lately_for(member: Member, *, limit: int = MOST) -> Lately:
    """Notes that the member looks now. The number of statements does not grow with the rows."""
    before = Visit.of(member).look()
    since = before or clock.now() - FIRST_TIME
    visible = Product.objects.visible_to(member)
    changes = feed.how_many(member, visible, since=since)
    products = list(visible.select_related("lead__user").order_by("name", "pk"))
    for product in products:
        product.changes = changes.get(product.pk, 0)
    products.sort(key=lambda product: -product.changes)
    activity = feed.recent(member, visible, limit=limit, since=since, of_others=True)
    return Lately(since, before is not None, activity, products)


def panel(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """A panel of the portfolio, which has the workspace's id."""
    if not lands_there(member):
        return {}
    return {id_: {"lately": lately_for(member, limit=MOST_AT_HOME)} for id_ in ids}
