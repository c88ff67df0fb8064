from accounts.actors import Actor
from roadmap.models import Iteration, ParkedItem, Release, ReleaseNotes, ScopeReason
from tests.access.world import World
from tests.factories import make_item


def contribute(world: World) -> None:
    cast = world.cast
    mona = Actor.of(cast.mona)
    release = Release.plan(cast.secret, f"Frozen {world.canary}", by=mona, lead=cast.mona)
    release.set_health("at_risk", world.canary, by=mona)
    release.freeze(by=mona)
    late = make_item(cast.secret, f"Late {world.canary}", by=mona)
    late.edit(by=mona, release=release)
    ScopeReason.give(release, late.change_id, world.canary, by=mona)
    parked = ParkedItem.park(release, make_item(cast.secret, f"Parked {world.canary}"), world.canary, by=mona)
    iteration = Iteration.add(
        cast.workspace, by=mona, product=cast.secret, release=release, name=world.canary, goal=world.canary
    )
    iteration.review(world.canary, world.canary, by=mona)
    late.edit(by=mona, iteration=iteration)
    notes = ReleaseNotes.write(release, by=mona, title=world.canary, text=world.canary)
    notes.publish(by=mona)
    names = (
        "release",
        "release_notes",
        "release_notes_lines",
        "release_notes_unpublish",
        "release_health",
        "release_freeze",
        "release_unfreeze",
        "release_park",
        "scope_why",
    )
    names = (*names, *(f"iteration_{name}" for name in ("add", "edit", "review", "fill", "delete")))
    world.arguments["iteration"] = iteration.public_id
    for name in (*names, "parked_take_in", "parked_let_go"):
        world.arguments[f"roadmap:{name}", "public_id"] = release.public_id
    for name in ("detail", "publish", "unpublish"):
        world.arguments[f"release-notes-{name}", "public_id"] = notes.public_id
    world.controls["release-notes-list"] = (
        "post", {"release": Release.plan(cast.secret, f"Bare {world.canary}", by=mona).public_id, "text": "control"}, {},
    )  # fmt: skip
    world.controls["release-notes-detail"] = ("patch", {"title": "control"}, {"If-Match": "*"})
    world.controls["release-notes-publish"] = world.controls["release-notes-unpublish"] = ("post", {}, {})
    body = {"title": "control", "text": "control", "do": "keep"}
    world.controls["roadmap:release_notes"] = ("post", body, {})
    world.arguments["roadmap:scope_why", "change_id"] = ScopeReason.objects.get(release=release).about_id
    world.arguments["parked"] = parked.public_id
    for name in ("freeze", "unfreeze", "scope-changes"):
        world.arguments[f"release-{name}", "public_id"] = release.public_id
    for name in ("detail", "take-in"):
        world.arguments[f"parked-item-{name}", "public_id"] = parked.public_id
    world.arguments["iteration-detail", "public_id"] = iteration.public_id
    world.foreign["iteration"] = iteration.public_id
    world.controls["iteration-list"] = ("post", {"release": release.public_id, "name": "control"}, {})
    world.controls["iteration-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    other = make_item(cast.secret, f"Another {world.canary}")
    world.controls["parked-item-list"] = ("post", {"release": release.public_id, "item": other.key}, {})
    world.controls["parked-item-take-in"] = world.controls["release-freeze"] = ("post", {}, {})
    world.controls["release-unfreeze"] = ("post", {"reason": "control"}, {})
