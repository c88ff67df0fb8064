"""What the table of items adds to the walk: its looks, totals, editors and exports."""

from accounts.actors import Actor
from accounts.models import Team
from roadmap.models import SavedView, TableChoice
from tests.access.world import World


def contribute(world: World) -> None:
    world.arguments["roadmap:backlog_editor", "name"] = "release"
    view = SavedView.objects.get(name=world.canary)
    world.arguments["roadmap:saved_view_first", "public_id"] = view.public_id
    world.arguments["saved-view-detail", "public_id"] = view.public_id
    team = Team.form(world.cast.workspace, "Those with a table", [world.cast.mona], by=Actor.of(world.cast.anton))
    world.foreign.update(team=team.public_id, scope=team.public_id)
    world.controls["saved-view-list"] = ("post", {"product": "SEC", "name": "control", "query": "horizon=now"}, {})
    world.controls["saved-view-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    TableChoice.keep(world.cast.mona, world.cast.secret, columns="title,status,lead")
