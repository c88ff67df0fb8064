"""What the plans show on pages to their left: upcoming releases, days, how many items serve a goal, what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.lookups import given
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes import feed
from changes.feed import Place
from listing import panels
from products import agenda
from products.agenda import Entry
from products.models import Product
from roadmap.models import Category, Component, Item, Milestone, Release, Requirement
from roadmap.releases.upcoming import Upcoming, upcoming_rows
from ui import pieces

UPCOMING = 4


def register() -> None:
    panels.register(
        "product", "releases", order=10, template="roadmap/_upcoming.html", provide=upcoming, ask=upcoming_of_one
    )
    for name in ("objective", "initiative", "problem"):
        panels.register(name, "linked", order=10, template="roadmap/_linked.html", **_linked_to(name))
    panels.register(
        "initiative", "progress", order=5, template="roadmap/_progress.html", provide=progress_of_initiatives
    )
    agenda.register(days)
    feed.tell_about(Item, _("item"), name=_item_name, url=_item_url, order=30)
    feed.tell_about(Requirement, _("requirement"), name=lambda state: state["text"], order=40)
    feed.tell_about(Milestone, _("milestone"), name=lambda state: state["name"], url=_timeline_url, order=15)
    feed.tell_about(Component, _("component"), name=lambda state: state["name"], url=_components_url, order=35)
    feed.tell_about(Release, _("release"), name=lambda state: state["name"], url=_release_url, order=15)


THERE = Q(items__deleted_at=None) & ~Q(items__status__category=Category.DROPPED)
UNRELEASED = Prepared(
    lambda member, ids: (
        Release.objects.visible_to(member)
        .filter(product__among=ids, released_at=None)
        .annotate(
            all_items=Count("items", filter=THERE),
            done_items=Count("items", filter=THERE & Q(items__status__category=Category.SHIPPED)),
        )
        .order_by("ends_on", "pk")
        .values_list("product_id", "product__key", "name", "description", "ends_on", "all_items", "done_items")
    )
)


def _next_of_one(member: Member, product: int) -> Any:
    """Those that are shown; only their items are counted."""
    held = Item.objects.filter(release=OuterRef("pk")).exclude(status__category=Category.DROPPED)
    counts = [held, held.filter(status__category=Category.SHIPPED)]
    all_items, done_items = (
        Coalesce(Subquery(rows.order_by().values("release").annotate(size=Count("*")).values("size")), 0)
        for rows in counts
    )
    rows = Release.objects.visible_to(member).filter(product=given(product), released_at=None)
    return rows.order_by("ends_on", "pk").values_list(
        "product_id", "product__key", "name", "description", "ends_on", all_items, done_items
    )[:UPCOMING]


NEXT_OF_ONE = Prepared(_next_of_one)


def upcoming(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """The next releases of each product, by day, with how many of their items are shipped."""
    return _upcoming(UNRELEASED.rows(member, ids), ids, member)


def upcoming_of_one(together: Together, product_id: int, member: Member) -> Callable[[], dict[str, Any]]:
    """The same for the page of one product, asked together with the rest of it."""
    releases = together.ask(NEXT_OF_ONE, member, product_id)
    return lambda: _upcoming(releases(), [product_id], member)[product_id]


def _upcoming(rows: Iterable[Any], ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    found: dict[int, list[Upcoming]] = defaultdict(list)
    keys = {}
    for product_id, key, *columns in rows:
        keys[product_id] = key
        found[product_id].append(Upcoming(*columns))
    today, slug = member.workspace.today(), member.workspace.slug
    return {
        product_id: {"releases": upcoming_rows(found[product_id][:UPCOMING], slug, keys.get(product_id, ""), today)}
        for product_id in ids
    }


def days(
    member: Member, products: Sequence[Product], first: date, last: date, together: Together
) -> Callable[[], Iterable[Entry]]:
    """Releases that are not out yet, by their day."""
    by_id = {product.pk: product for product in products}
    address = pieces.address("roadmap:releases", member.workspace.slug)
    coming = together.ask(COMING, list(by_id), first, last)

    def entries() -> Iterable[Entry]:
        for product_id, name, ends_on in coming():
            product = by_id[product_id]
            yield Entry(ends_on, product, "release", "flag", f"{product.name} {name}", address % product.key)

    return entries


COMING = Prepared(
    lambda ids, first, last: (
        Release.objects.filter(product__among=ids, released_at=None, ends_on__gte=first, ends_on__lte=last)
        .order_by("ends_on", "pk")
        .values_list("product_id", "name", "ends_on")
    )
)


def _linked_to(name: str) -> dict[str, Any]:
    """Both ways in which a panel provides."""
    serving = Prepared(
        lambda member, ids: (
            Item.objects.visible_to(member)
            .filter(**{f"{name}__among": ids})
            .order_by(name)
            .values_list(name, f"{name}__public_id", "product__key")
            .annotate(size=Count("pk"))
        )
    )

    def linked(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
        return _counted(name, serving.rows(member, ids), member)

    def linked_later(together: Together, ids: list[int], member: Member) -> Callable[[], dict[int, dict[str, Any]]]:
        found = together.ask(serving, member, ids)
        return lambda: _counted(name, found(), member)

    return {"provide": linked, "ask_many": linked_later}


def _counted(name: str, rows: Iterable[Any], member: Member) -> dict[int, dict[str, Any]]:
    """How many items serve each goal, initiative or problem, and the backlog of one product filtered to them."""
    backlog = pieces.address("roadmap:backlog", member.workspace.slug)
    found: dict[int, dict[str, Any]] = {}
    for row_id, public_id, key, size in rows:
        one = found.setdefault(row_id, {"count": 0, "places": []})
        one["count"] += size
        url = f"{backlog % key}?{name}={public_id}"
        one["places"].append({"key": key, "size": size, "url": url})
        one["url"] = one["places"][0]["url"]
    return found


def progress_of_initiatives(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """Of all items that stand under each initiative, itself or through an epic: how many are shipped. Dropped ones and
    epics that have items under them do not count. Two statements."""
    items = Item.objects.visible_to(member).exclude(status__category=Category.DROPPED)
    found = {one: {"shipped": 0, "counted": 0, "percent": 0} for one in ids}
    shipped = Count("pk", filter=Q(status__category=Category.SHIPPED))
    with_children = Item.objects.filter(parent=OuterRef("pk"))
    direct = items.filter(initiative__in=ids, parent=None).exclude(Exists(with_children)).values("initiative")
    below = items.filter(parent__initiative__in=ids, parent__deleted_at=None).values("parent__initiative")
    for name, rows in (("initiative", direct), ("parent__initiative", below)):
        for row in rows.order_by().annotate(counted=Count("pk"), shipped=shipped):
            found[row[name]]["counted"] += row["counted"]
            found[row[name]]["shipped"] += row["shipped"]
    for one in found.values():
        one["percent"] = round(one["shipped"] / one["counted"] * 100) if one["counted"] else 0
    return {pk: one for pk, one in found.items() if one["counted"]}


def _item_name(state: dict[str, Any]) -> str:
    return state["title"]


def _item_url(place: Place, state: dict[str, Any]) -> str:
    if not place.product or state["deleted_at"]:
        return ""
    return reverse("roadmap:item", args=[place.workspace, place.product, state["number"]])


def _release_url(place: Place, state: dict[str, Any]) -> str:
    if not place.product or state["deleted_at"]:
        return reverse("roadmap:releases", args=[place.workspace, place.product]) if place.product else ""
    return reverse("roadmap:release", args=[place.workspace, place.product, state["public_id"]])


def _components_url(place: Place, state: dict[str, Any]) -> str:
    return reverse("roadmap:components", args=[place.workspace, place.product]) if place.product else ""


def _timeline_url(place: Place, state: dict[str, Any]) -> str:
    return reverse("roadmap:roadmap", args=[place.workspace, place.product]) if place.product else ""
