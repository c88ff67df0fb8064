"""A product with a large backlog, written through the verbs: releases, items, comments and members of the demo's workspace."""

from __future__ import annotations

import time
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import django

django.setup()

from django.db import connection  # noqa: E402 - needs django.setup()

from accounts.actors import Actor  # noqa: E402
from accounts.models import Member, User, Workspace  # noqa: E402
from accounts.roles import Role  # noqa: E402
from changes.models import Change  # noqa: E402
from discussion.models import Comment  # noqa: E402
from products.models import Product  # noqa: E402
from roadmap.backlog import bulk  # noqa: E402
from roadmap.models import Horizon, Item, Release, Status  # noqa: E402

MEMBERS, RELEASES = 20, 200
USUAL = 10_000
COMMENTS_EACH, CHUNK = 5, 1000
WORDS = [
    "live",
    "arrival",
    "time",
    "route",
    "depot",
    "driver",
    "customs",
    "pallet",
    "scan",
    "refund",
    "invoice",
    "export",
    "import",
    "webhook",
    "calendar",
    "stop",
    "reefer",
    "sensor",
    "alarm",
    "template",
    "bulk",
    "edit",
    "search",
    "filter",
    "audit",
    "role",
    "team",
    "password",
    "invite",
    "photo",
    "signature",
    "map",
    "traffic",
    "window",
    "slot",
    "dock",
]


def build(count: int) -> Product:
    """The product for that many items, with `count` of them; what is there already stays."""
    workspace, key = Workspace.objects.get(slug="polarline"), key_for(count)
    product = Product.objects.filter(workspace=workspace, key=key).first()
    if product is None:
        product = Product.introduce(workspace, key, f"Backlog of {count}", by=Actor.system())
        _members(workspace)
        _releases(product)
    there = Item.objects.of(product).count()
    random = Random(there)
    while there < count:
        _items(product, min(CHUNK, count - there), random)
        there += min(CHUNK, count - there)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")  # as the server does by itself within minutes
    return product


def key_for(count: int) -> str:
    """Each size has its own product: neither makes the other one larger."""
    return "BIG" if count <= USUAL else "HUGE"


def _members(workspace: Workspace) -> None:
    if User.objects.filter(email="bench0@example.com").exists():
        return
    for n in range(MEMBERS):
        user = User.objects.create_user(f"bench{n}@example.com", None, name=f"Bench Person {n}")
        Member.admit(user, workspace, Role.MANAGER, by=Actor.system())


def _releases(product: Product) -> None:
    first = date(2024, 1, 1)
    for n in range(RELEASES):
        days = {"starts_on": first + timedelta(days=7 * n), "ends_on": first + timedelta(days=7 * n + 20)}
        Release.plan(product, f"Release {n}", by=Actor.system(), **days)


def change_many(product: Product, count: int, email: str) -> tuple[int, float]:
    """Give the first `count` items another horizon, as the job does it for a person: how many had another one, and seconds."""
    member = Member.objects.current().select_related("user").get(workspace=product.workspace_id, user__email=email)
    rows = Item.objects.visible_to(member).of(product).filter(number__lte=count)
    other = Horizon.LATER if rows.order_by("number")[0].horizon == Horizon.NOW else Horizon.NOW
    began = time.monotonic()
    outcome = bulk.set_for_many(rows, product, "horizon", other, by=Actor.of(member))
    return outcome.changed, time.monotonic() - began


def _items(product: Product, count: int, random: Random) -> None:
    statuses = list(Status.objects.filter(workspace=product.workspace_id))
    members = list(Member.objects.filter(workspace=product.workspace_id))
    releases = list(Release.objects.of(product))
    rows = [_item(random, statuses, members, releases) for _ in range(count)]
    with Change.open("item.added", by=Actor.system(), workspace=product.workspace) as change:
        items = Item.add_many(product, rows, by=change)
        Comment.objects.bulk_create(
            Comment(
                workspace_id=product.workspace_id,
                product_id=product.pk,
                thread=item.thread,
                author=random.choice(members),
                body=_text(random, 12),
            )
            for item in items
            for _ in range(COMMENTS_EACH)
        )


def _item(random: Random, statuses: list[Status], members: list[Member], releases: list[Release]) -> dict[str, object]:
    scored = random.random() < 0.8
    return {
        "title": _text(random, 6).capitalize(),
        "description": _text(random, 60),
        "status": random.choice(statuses),
        "lead": random.choice(members),
        "release": random.choice([None, *releases]),
        "tags": random.sample(WORDS, 2),
        "reach": random.randrange(1, 5000) if scored else None,
        "impact": Decimal(random.choice(["0.25", "0.50", "1.00", "2.00", "3.00"])),
        "confidence": random.randrange(20, 101, 10),
        "effort": Decimal(random.randrange(1, 80)) / 4,
    }


def _text(random: Random, words: int) -> str:
    return " ".join(random.choice(WORDS) for _ in range(words))
