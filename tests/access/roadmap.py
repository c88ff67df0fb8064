from datetime import date

from accounts.actors import Actor
from roadmap.models import (
    BacklogImport,
    CustomField,
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


def contribute(world: World) -> None:
    mona = Actor.of(world.cast.mona)
    item = make_item(world.cast.secret, f"Item {world.canary}", description=world.canary, tags=[world.canary])
    item.edit(by=mona, reach=7)
    world.arguments.update(number=item.number, change_id=item.change_id)
    world.arguments["item-list", "key"] = world.arguments["item-detail", "key"] = item.key
    release = Release.plan(world.cast.secret, f"Release {world.canary}", by=mona)
    for name in ("edit", "ship", "delete"):
        world.arguments[f"roadmap:release_{name}", "public_id"] = release.public_id
    milestone = Milestone.add(
        world.cast.workspace, by=mona, product=world.cast.secret, name=f"Day {world.canary}", day=date(2026, 11, 30)
    )
    for name in ("roadmap:milestone_edit", "roadmap:milestone_delete", "milestone-detail"):
        world.arguments[name, "public_id"] = milestone.public_id
    world.controls["milestone-list"] = ("post", {"product": "SEC", "name": "control", "day": "2026-11-30"}, {})
    world.controls["milestone-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    view = SavedView.add(
        world.cast.workspace, by=mona, product=world.cast.secret, owner=world.cast.mona, is_shared=True,
        name=world.canary, query="horizon=now",
    )  # fmt: skip
    world.arguments["roadmap:saved_view_delete", "public_id"] = view.public_id
    world.arguments["roadmap:bulk_choices", "field"] = "status"
    link = ShareLink.open_to(world.cast.secret, f"Audience {world.canary}", by=mona, fields=[])
    world.arguments["roadmap:item_field", "name"] = "title"
    world.arguments["roadmap:share_revoke", "public_id"] = link.public_id
    csv = f"Title,Notes\n{world.canary},{world.canary}\n".encode()
    batch = BacklogImport.prepare(world.cast.secret, csv, f"{world.canary}.csv", by=mona)
    for name in ("map", "rejects", "undo"):
        world.arguments[f"roadmap:import_{name}", "public_id"] = batch.public_id
    world.foreign.update(release=release.public_id, list=release.public_id, public_id=release.public_id)
    world.foreign.update(product=world.cast.secret.key, parent=item.number, item=item.key, after=item.number)
    world.foreign.update(status=item.status.public_id, lead=world.cast.mona.public_id)
    world.controls["changes:undo"] = ("post", {}, {"as": "mona"})
    world.controls["item-list"] = ("post", {"product": "SEC", "title": "control"}, {})
    world.controls["item-detail"] = ("patch", {"title": "control"}, {"If-Match": "*"})
    link_of_item = ItemLink.add(item, "needs", make_item(world.cast.secret), by=mona)
    world.arguments["release-detail", "public_id"] = release.public_id
    world.arguments["status-detail", "public_id"] = item.status.public_id
    world.arguments["item-link-detail", "public_id"] = link_of_item.public_id
    world.arguments["roadmap:link_remove", "public_id"] = link_of_item.public_id
    world.arguments["share-link-detail", "public_id"] = link.public_id
    world.foreign.update(needs=item.key, other=item.key, kind="relates", audience="x", fields_allowed=[])
    world.controls["release-list"] = ("post", {"product": "SEC", "name": "control"}, {})
    world.controls["release-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    world.controls["share-link-list"] = ("post", {"product": "SEC", "audience": "control"}, {})
    requirement = Requirement.add_to(
        item, f"Requirement {world.canary}", by=mona, criteria=[{"text": world.canary, "met": False}]
    )
    for name in ("edit", "tick", "move", "delete"):
        world.arguments[f"roadmap:requirement_{name}", "public_id"] = requirement.public_id
    world.arguments["requirement-detail", "public_id"] = requirement.public_id
    segment = CustomField.define(
        world.cast.workspace, "Segment", "select", by=Actor.of(world.cast.anton), options=["Large", "Small"]
    )
    item.edit(by=mona, custom={segment.key: segment.stored("Large")})
    note = CustomField.define(world.cast.workspace, "Note", "text", by=Actor.of(world.cast.anton))
    item.edit(by=mona, custom={note.key: world.canary})
    for name in ("", "_delete", "_option_add", "_option"):
        world.arguments[f"roadmap:custom_field{name}", "public_id"] = segment.public_id
    world.arguments["option"] = segment.options[0]["key"]
    world.arguments["field"] = note.key
    world.arguments["custom-field-detail", "public_id"] = note.public_id
    world.controls["custom-field-list"] = ("post", {"name": "control", "kind": "text"}, {})
    world.controls["custom-field-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    ItemTemplate.keep(world.cast.workspace, {"feature": "Who: {title}"}, by=Actor.of(world.cast.anton))
    template = ItemTemplate.objects.get(workspace=world.cast.workspace)
    world.arguments["item-template-detail", "public_id"] = template.public_id
    world.controls["item-template-list"] = ("post", {"type": "bug", "text": "control"}, {})
    world.controls["item-template-detail"] = ("patch", {"text": "control"}, {"If-Match": "*"})
    thrown = make_item(world.cast.secret, f"Deleted {world.canary}")
    thrown.delete_softly(by=mona)
    world.arguments["roadmap:item_restore", "number"] = thrown.number
    world.arguments["item-restore", "key"] = thrown.key
    world.controls["item-restore"] = ("post", {}, {})
    epic = make_item(world.cast.secret, f"Epic {world.canary}", type=TypeKind.EPIC)
    world.arguments["roadmap:item_child_add", "number"] = epic.number
    item.edit(by=mona, parent=epic)
    world.controls["roadmap:item_place"] = ("post", {"parent": epic.key}, {})
    for name in ("edit", "move", "remove"):
        world.arguments[f"roadmap:status_{name}", "public_id"] = item.status.public_id
    new = {"name": "control", "public_name": "control", "category": "ready"}
    world.controls["status-list"] = world.controls["roadmap:status_add"] = ("post", new, {})
    world.controls["status-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    world.controls["requirement-list"] = ("post", {"item": item.key, "text": "control"}, {})
    world.controls["requirement-detail"] = ("patch", {"text": "control"}, {"If-Match": "*"})
