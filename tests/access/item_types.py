from accounts.actors import Actor
from roadmap.models import ItemType
from tests.access.world import World
from tests.factories import make_item


def contribute(world: World) -> None:
    cast = world.cast
    row = ItemType.add(cast.workspace, by=Actor.of(cast.anton), name="Tech debt", kind="improvement")
    make_item(cast.secret, f"Of a type {world.canary}", type=row.key)
    for name in ("edit", "move", "remove"):
        world.arguments[f"roadmap:item_type_{name}", "public_id"] = row.public_id
    world.arguments["item-type-detail", "public_id"] = row.public_id
    new = {"name": "control", "kind": "bug", "icon": "bug", "tone": "bad"}
    world.controls["roadmap:item_type_add"] = world.controls["item-type-list"] = ("post", new, {})
    world.controls["item-type-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
