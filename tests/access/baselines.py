from accounts.actors import Actor
from roadmap.models import Baseline
from tests.access.world import World


def contribute(world: World) -> None:
    cast = world.cast
    row = Baseline.keep(cast.secret, f"Plan {world.canary}", by=Actor.of(cast.mona))
    for name in ("baseline", "baseline_remove"):
        world.arguments[f"roadmap:{name}", "public_id"] = row.public_id
    world.arguments["baseline-detail", "public_id"] = row.public_id
    world.foreign["baseline"] = row.public_id
    world.controls["roadmap:baseline_add"] = ("post", {"name": "control"}, {})
    world.controls["roadmap:comparison_export"] = ("get", {"compare": f"{row.public_id},"}, {})
    world.arguments["comparison-detail", "key"] = cast.secret.key
    for name in ("comparison-detail", "comparison-portfolio", "roadmap-comparison"):
        world.controls[name] = ("get", {"compare": f"{row.public_id},"}, {})
    world.controls["baseline-list"] = ("post", {"product": "SEC", "name": "control"}, {})
    world.controls["baseline-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
