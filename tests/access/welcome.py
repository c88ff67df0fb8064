from lifecycle.lately import lately_for
from lifecycle.models import Visit
from tests.access.world import World


def contribute(world: World) -> None:
    """The addresses take nothing but the workspace; Carol, who sees SEC, has been here before and put the steps away."""
    lately_for(world.cast.carol)
    Visit.of(world.cast.mona).hide_steps()
    world.controls["lifecycle:begin"] = ("post", {"name": "Control", "key": "CTRL", "kind": "software"}, {"as": "mona"})
