from roadmap.items.moving import move
from roadmap.models import Item
from tests.access.roadmap import mona
from tests.access.world import World
from tests.factories import make_item


def contribute(world: World) -> None:
    item = make_item(world.cast.secret, f"To be moved {world.canary}")
    world.arguments["item-move", "key"] = item.key
    world.controls["item-move"] = ("post", {"product": "DSP"}, {})
    world.controls["item-bulk"] = ("post", {"keys": [item.key], "set": {"horizon": "now"}}, {})
    world.controls["item-bulk-undo"] = ("post", {"version": 1}, {})
    world.controls["roadmap:items_product"] = ("post", {"numbers": item.number, "to": "DSP", "as": "mona"}, {})
    world.foreign["to"] = world.cast.secret.key
    world.foreign["numbers"] = an_item_that_went_there(world).number


def an_item_that_went_there(world: World) -> Item:
    """Its old address, in a product that others see, leads nobody to it who does not see it."""
    item = make_item(world.cast.product, "Once open to all")
    rows = Item.objects.filter(pk=item.pk)
    move(rows, world.cast.product, world.cast.secret, along=True, by=mona(world))
    Item.objects.get(pk=item.pk).edit(by=mona(world), title=f"Moved {world.canary}")
    return item
