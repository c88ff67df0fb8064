"""What the table of items adds to the walk: its looks, totals, editors and exports."""

from roadmap.models import TableChoice
from tests.access.world import World


def contribute(world: World) -> None:
    world.arguments["roadmap:backlog_editor", "name"] = "release"
    TableChoice.keep(world.cast.mona, world.cast.secret, columns="title,status,lead")
