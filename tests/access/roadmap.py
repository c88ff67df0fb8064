from datetime import date

from accounts.actors import Actor
from roadmap.models import (
    BacklogImport,
    CustomField,
    Item,
    ItemLink,
    ItemTemplate,
    Milestone,
    Release,
    Requirement,
    SavedView,
    ShareLink,
    TypeKind,
)
from tests.access.world import World
from tests.factories import make_item

#: Given another name, whatever version was seen.
RENAMED = ("patch", {"name": "control"}, {"If-Match": "*"})


def contribute(world: World) -> None:
    item = an_item(world)
    a_release(world)
    a_milestone(world)
    a_saved_view(world)
    a_share_link(world)
    an_import(world)
    a_link_of(item, world)
    a_requirement_of(item, world)
    own_fields_of(item, world)
    a_template(world)
    an_item_in_the_bin(world)
    an_epic_above(item, world)
    the_status_of(item, world)


def mona(world: World) -> Actor:
    return Actor.of(world.cast.mona)


def anton(world: World) -> Actor:
    return Actor.of(world.cast.anton)


def an_item(world: World) -> Item:
    """The item that addresses without a place of their own lead to."""
    item = make_item(world.cast.secret, f"Item {world.canary}", description=world.canary, tags=[world.canary])
    item.edit(by=mona(world), reach=7)
    world.arguments.update(number=item.number, change_id=item.change_id)
    world.arguments["item-list", "key"] = world.arguments["item-detail", "key"] = item.key
    world.arguments["roadmap:item_field", "name"] = "title"
    world.arguments["roadmap:bulk_choices", "field"] = "status"
    world.arguments["roadmap:bulk_value", "field"] = "tags"
    world.foreign.update(product=world.cast.secret.key, parent=item.number, item=item.key, after=item.number)
    world.foreign.update(lead=world.cast.mona.public_id)
    world.controls["changes:undo"] = ("post", {}, {"as": "mona"})
    world.controls["item-list"] = ("post", {"product": "SEC", "title": "control"}, {})
    world.controls["item-detail"] = ("patch", {"title": "control"}, {"If-Match": "*"})
    return item


def a_release(world: World) -> None:
    release = Release.plan(world.cast.secret, f"Release {world.canary}", by=mona(world))
    for name in ("edit", "ship", "delete"):
        world.arguments[f"roadmap:release_{name}", "public_id"] = release.public_id
    world.arguments["release-detail", "public_id"] = release.public_id
    world.foreign.update(release=release.public_id, list=release.public_id, public_id=release.public_id)
    world.controls["release-list"] = ("post", {"product": "SEC", "name": "control"}, {})
    world.controls["release-detail"] = RENAMED


def a_milestone(world: World) -> None:
    milestone = Milestone.add(
        world.cast.workspace, by=mona(world), product=world.cast.secret, name=f"Day {world.canary}",
        day=date(2026, 11, 30),
    )  # fmt: skip
    for name in ("roadmap:milestone_edit", "roadmap:milestone_delete", "milestone-detail"):
        world.arguments[name, "public_id"] = milestone.public_id
    world.controls["milestone-list"] = ("post", {"product": "SEC", "name": "control", "day": "2026-11-30"}, {})
    world.controls["milestone-detail"] = RENAMED


def a_saved_view(world: World) -> None:
    view = SavedView.add(
        world.cast.workspace, by=mona(world), product=world.cast.secret, owner=world.cast.mona, is_shared=True,
        name=world.canary, query="horizon=now",
    )  # fmt: skip
    world.arguments["roadmap:saved_view_delete", "public_id"] = view.public_id


def a_share_link(world: World) -> None:
    link = ShareLink.open_to(world.cast.secret, f"Audience {world.canary}", by=mona(world), fields=[])
    world.arguments["roadmap:share_revoke", "public_id"] = link.public_id
    world.arguments["share-link-detail", "public_id"] = link.public_id
    world.foreign.update(audience="x", fields_allowed=[])
    world.controls["share-link-list"] = ("post", {"product": "SEC", "audience": "control"}, {})


def an_import(world: World) -> None:
    csv = f"Title,Notes\n{world.canary},{world.canary}\n".encode()
    batch = BacklogImport.prepare(world.cast.secret, csv, f"{world.canary}.csv", by=mona(world))
    for name in ("map", "rejects", "undo"):
        world.arguments[f"roadmap:import_{name}", "public_id"] = batch.public_id


def a_link_of(item: Item, world: World) -> None:
    link = ItemLink.add(item, "needs", make_item(world.cast.secret), by=mona(world))
    world.arguments["item-link-detail", "public_id"] = link.public_id
    world.arguments["roadmap:link_remove", "public_id"] = link.public_id
    world.foreign.update(needs=item.key, other=item.key, kind="relates")


def a_requirement_of(item: Item, world: World) -> None:
    requirement = Requirement.add_to(
        item, f"Requirement {world.canary}", by=mona(world), criteria=[{"text": world.canary, "met": False}]
    )
    for name in ("edit", "tick", "move", "delete"):
        world.arguments[f"roadmap:requirement_{name}", "public_id"] = requirement.public_id
    world.arguments["requirement-detail", "public_id"] = requirement.public_id
    world.controls["requirement-list"] = ("post", {"item": item.key, "text": "control"}, {})
    world.controls["requirement-detail"] = ("patch", {"text": "control"}, {"If-Match": "*"})


def own_fields_of(item: Item, world: World) -> None:
    """One to choose from, whose options have addresses too, and one of text, which holds the canary."""
    segment = CustomField.define(world.cast.workspace, "Segment", "select", by=anton(world), options=["Large", "Small"])
    item.edit(by=mona(world), custom={segment.key: segment.stored("Large")})
    note = CustomField.define(world.cast.workspace, "Note", "text", by=anton(world))
    item.edit(by=mona(world), custom={note.key: world.canary})
    for name in ("", "_delete", "_option_add", "_option"):
        world.arguments[f"roadmap:custom_field{name}", "public_id"] = segment.public_id
    world.arguments["option"] = segment.options[0]["key"]
    world.arguments["field"] = note.key
    world.arguments["custom-field-detail", "public_id"] = note.public_id
    world.controls["custom-field-list"] = ("post", {"name": "control", "kind": "text"}, {})
    world.controls["custom-field-detail"] = RENAMED


def a_template(world: World) -> None:
    ItemTemplate.keep(world.cast.workspace, {"feature": "Who: {title}"}, by=anton(world))
    template = ItemTemplate.objects.get(workspace=world.cast.workspace)
    world.arguments["item-template-detail", "public_id"] = template.public_id
    world.controls["item-template-list"] = ("post", {"type": "bug", "text": "control"}, {})
    world.controls["item-template-detail"] = ("patch", {"text": "control"}, {"If-Match": "*"})


def an_item_in_the_bin(world: World) -> None:
    thrown = make_item(world.cast.secret, f"Deleted {world.canary}")
    thrown.delete_softly(by=mona(world))
    world.arguments["roadmap:item_restore", "number"] = thrown.number
    world.arguments["item-restore", "key"] = thrown.key
    world.controls["item-restore"] = ("post", {}, {})


def an_epic_above(item: Item, world: World) -> None:
    epic = make_item(world.cast.secret, f"Epic {world.canary}", type=TypeKind.EPIC)
    world.arguments["roadmap:item_child_add", "number"] = epic.number
    item.edit(by=mona(world), parent=epic)
    world.controls["roadmap:item_place"] = ("post", {"parent": epic.key}, {})


def the_status_of(item: Item, world: World) -> None:
    for name in ("edit", "move", "remove"):
        world.arguments[f"roadmap:status_{name}", "public_id"] = item.status.public_id
    world.arguments["status-detail", "public_id"] = item.status.public_id
    world.foreign.update(status=item.status.public_id)
    new = {"name": "control", "public_name": "control", "category": "ready"}
    world.controls["status-list"] = world.controls["roadmap:status_add"] = ("post", new, {})
    world.controls["status-detail"] = RENAMED
