from accounts.actors import Actor
from feedback.models import Changelog
from tests.access.world import World


def contribute(world: World) -> None:
    """What is published of SEC is public on purpose; here its changelog stays closed."""
    Changelog.of(world.cast.secret).set_up(
        access="closed", title=world.canary, intro=world.canary, by=Actor.of(world.cast.mona)
    )
    body = {"access": "closed", "title": "control", "intro": ""}
    world.controls["feedback:changelog"] = ("post", body, {})
