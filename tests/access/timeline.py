"""What the moves of a timeline add to the walk."""

from __future__ import annotations

from datetime import date, timedelta

from accounts.actors import Actor
from roadmap.models import ItemLink
from tests.access.world import World
from tests.factories import make_item

DAY = date(2026, 11, 19)


def contribute(world: World) -> None:
    mona = Actor.of(world.cast.mona)
    first, second = (
        make_item(world.cast.secret, f"Bar {n} {world.canary}", starts_on=DAY, ends_on=DAY + timedelta(days=9))
        for n in range(2)
    )
    ItemLink.add(second, "needs", first, by=mona)
    for name in ("arrow", "arrow_remove", "follow"):
        world.arguments[f"roadmap:item_{name}", "number"] = first.number
    world.foreign.update(moves=f"{first.number},2026-11-19,2026-11-28,", needs=first.key)
    world.controls["roadmap:items_schedule"] = ("post", {"moves": f"{first.number},2026-11-20,2026-11-28,"}, {})
