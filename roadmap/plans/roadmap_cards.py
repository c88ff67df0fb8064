"""The kept roadmaps that a member sees, as rows of their list. One statement."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet

from accounts.models import Member
from accounts.prepared import Prepared
from listing.together import listed
from products.models import Product
from roadmap.models import Roadmap, RoadmapProduct
from roadmap.plans.designs import Layout


class RoadmapCard(NamedTuple):
    """`products`: name and stage of those that the member sees."""

    public_id: str
    name: str
    layout: str
    is_shared: bool
    team: str | None
    owner_id: int
    owner: str
    products: list[list[Any]]

    @property
    def label(self) -> str:
        return str(Layout(self.layout).label)


def _cards(member: Member) -> QuerySet[Roadmap]:
    links = RoadmapProduct.objects.filter(
        Product.objects.seen_through(member), roadmap=OuterRef("pk"), product__deleted_at=None
    )
    products = listed(links.order_by("product__name", "pk"), "product__name", "product__stage")
    rows = Roadmap.objects.visible_to(member).order_by("name", "pk")
    return rows.values_list(
        "public_id", "name", "layout", "is_shared", "team__name", "owner_id", "owner__user__name", products
    )


CARDS = Prepared(_cards)


def cards_of(member: Member) -> list[RoadmapCard]:
    return [RoadmapCard._make(row) for row in CARDS.rows(member)]
