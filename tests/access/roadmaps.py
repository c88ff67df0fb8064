"""What kept roadmaps and the portfolio roadmap add to the walk."""

from accounts.actors import Actor
from roadmap.models import Baseline, Roadmap
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
    baseline = Baseline.keep(roadmap, f"Plan {world.canary}", by=mona)
    for name in ("kept_baselines", "kept_baseline_add", "kept_baseline", "kept_baseline_remove"):
        world.arguments[f"roadmap:{name}", "public_id"] = roadmap.public_id
        world.arguments[f"roadmap:{name}", "baseline"] = baseline.public_id
    of_all = Baseline.keep(world.cast.workspace, "Portfolio plan", by=mona)
    for name in ("portfolio_baseline", "portfolio_baseline_remove"):
        world.arguments[f"roadmap:{name}", "public_id"] = of_all.public_id
    for name in ("kept_baseline_add", "portfolio_baseline_add"):
        world.controls[f"roadmap:{name}"] = ("post", {"name": "control"}, {})
    world.arguments["roadmap:roadmap_limit", "column"] = "now"
    for name in ("detail", "comparison"):
        world.arguments[f"roadmap-{name}", "public_id"] = roadmap.public_id
    world.foreign.update(products=[world.cast.secret.key])
    world.controls["roadmap-list"] = ("post", {"name": "control", "products": ["SEC"]}, {})
    world.controls["roadmap-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
