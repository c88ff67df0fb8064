from accounts.actors import Actor
from roadmap.models import Component
from tests.access.world import World
from tests.factories import make_item


def contribute(world: World) -> None:
    cast = world.cast
    mona = Actor.of(cast.mona)
    row = Component.add(cast.workspace, by=mona, product=cast.secret, name=f"Part {world.canary}", lead=cast.mona)
    make_item(cast.secret, f"In a part {world.canary}", component=row)
    for name in ("component", "component_remove", "component_restore"):
        world.arguments[f"roadmap:{name}", "public_id"] = row.public_id
    for name in ("detail", "restore"):
        world.arguments[f"component-{name}", "public_id"] = row.public_id
    world.foreign["component"] = row.public_id
    world.controls["roadmap:component_add"] = ("post", {"name": "control"}, {})
    world.controls["component-list"] = ("post", {"product": "SEC", "name": "control"}, {})
    world.controls["component-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    world.controls["component-restore"] = ("post", {}, {})
