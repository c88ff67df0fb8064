"""What the bench of timelines needs: 1 000 items with days around today and 300 dependencies between them, goals as lanes."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import django

django.setup()

from accounts.actors import Actor  # noqa: E402 - needs django.setup()
from accounts.models import Member  # noqa: E402
from changes.models import Change  # noqa: E402
from products.models import Objective, Product  # noqa: E402
from roadmap.models import Item, ItemLink, LinkKind  # noqa: E402
from roadmap.scheduling import MOST, Step, reschedule  # noqa: E402

BARS, LINKS, GOALS = 1000, 300, 12
BEFORE, AFTER = 40, 200  # days around today in which bars begin: within the usual view


def schedule(product: Product, email: str) -> int:
    """How many items have days; what has some already stays."""
    there = Item.objects.of(product).filter(starts_on__isnull=False).count()
    if there < BARS:
        _write(product, Member.objects.get(workspace=product.workspace_id, user__email=email))
    return Item.objects.of(product).filter(starts_on__isnull=False).count()


def _write(product: Product, member: Member) -> None:
    random, today = Random(7), product.workspace.today()
    goals = [
        Objective.add(product.workspace, product=product, name=f"Goal {n}", by=Actor.system()) for n in range(GOALS)
    ]
    for first in range(1, BARS + 1, MOST // 4):
        steps = []
        for number in range(first, min(first + MOST // 4, BARS + 1)):
            start = today + timedelta(days=random.randrange(-BEFORE, AFTER))
            steps.append(Step(number, start, start + timedelta(days=random.randrange(5, 45))))
        lane = {"objective": random.choice(goals)}
        reschedule(product, steps, member, lane, by=Actor.system())
    items = list(Item.objects.of(product).filter(number__lte=BARS).order_by("starts_on", "number"))
    with Change.open("link.added", by=Actor.system(), workspace=product.workspace):
        ItemLink.objects.bulk_create(
            ItemLink(
                workspace=product.workspace, product=product, item=items[n + 300], other=items[n], kind=LinkKind.NEEDS
            )
            for n in range(LINKS)
        )
