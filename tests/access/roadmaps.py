"""What kept roadmaps and the portfolio roadmap add to the walk."""

from accounts.actors import Actor
from roadmap.models import Roadmap
from tests.access.world import World

NAMES = ("kept_lately", "kept", "edit", "duplicate", "delete", "limit", "kept_filters", "kept_display", "move_in")


def contribute(world: World) -> None:
    mona = Actor.of(world.cast.mona)
    roadmap = Roadmap.keep(
        world.cast.workspace, f"Roadmap {world.canary}", [world.cast.secret], by=mona, owner=world.cast.mona,
        is_shared=True, query=f"q={world.canary}",
    )  # fmt: skip
    for name in NAMES:
        world.arguments[f"roadmap:roadmap_{name}", "public_id"] = roadmap.public_id
    world.arguments["roadmap:roadmap_limit", "column"] = "now"
    for name in ("detail", "comparison"):
        world.arguments[f"roadmap-{name}", "public_id"] = roadmap.public_id
    world.foreign.update(products=[world.cast.secret.key])
    world.controls["roadmap-list"] = ("post", {"name": "control", "products": ["SEC"]}, {})
    world.controls["roadmap-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
