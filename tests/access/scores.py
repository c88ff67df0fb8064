from accounts.actors import Actor
from roadmap.models import ProductScoring, Scorecard
from tests.access.world import World


def contribute(world: World) -> None:
    anton, mona = Actor.of(world.cast.anton), Actor.of(world.cast.mona)
    card = Scorecard.add(
        world.cast.workspace, by=anton, name="Scored by us", factors=[{"name": "Fit", "kind": "scale"}]
    )
    spare = Scorecard.add(world.cast.workspace, by=anton, name="Spare", factors=[{"name": "Fit", "kind": "scale"}])
    row = ProductScoring.choose(world.cast.secret, card, by=mona)
    for name in ("roadmap:scorecard", "roadmap:scorecard_delete", "scorecard-detail"):
        world.arguments[name, "public_id"] = spare.public_id
    world.arguments["scoring-detail", "public_id"] = row.public_id
    world.foreign.update(scorecard=card.public_id, second=card.public_id)
    world.controls["scorecard-list"] = ("post", {"name": "control", "factors": [{"name": "Fit"}]}, {})
    world.controls["scorecard-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    world.controls["scoring-list"] = ("post", {"product": "SEC", "scorecard": card.public_id}, {})
