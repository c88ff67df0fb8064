from accounts.actors import Actor
from roadmap.models import ShareLink
from tests.access.world import World


def contribute(world: World) -> None:
    """Links have a URL of their own for each thing that is done to them."""
    link = ShareLink.open_to(world.cast.secret, f"Shared with {world.canary}", by=Actor.of(world.cast.mona), fields=[])
    for name in ("edit", "rotate"):
        world.arguments[f"roadmap:share_{name}", "public_id"] = link.public_id
