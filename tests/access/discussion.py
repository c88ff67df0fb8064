import io

from accounts.actors import Actor
from discussion.models import Attachment, Comment, Notification
from tests.access.world import World
from tests.factories import make_item


def contribute(world: World) -> None:
    cast = world.cast
    item = make_item(cast.secret, f"Discussed {world.canary}", lead=cast.mona, by=Actor.of(cast.alice))
    comment = Comment.post(item.thread, f"@Mona {world.canary}", by=Actor.of(cast.bob))
    notification = Notification.objects.filter(member=cast.mona).first()
    world.arguments.update(thread=item.thread.public_id, comment=comment.public_id, notification=notification.public_id)
    world.foreign.update(thread=item.thread.public_id, comment=comment.public_id, notification=notification.public_id)
    bytes_of_it = world.canary.encode()
    file = Attachment.attach(
        item.thread, f"{world.canary}.txt", io.BytesIO(bytes_of_it), len(bytes_of_it), by=Actor.of(cast.bob)
    )
    world.arguments["attachment"] = file.public_id
    world.foreign["attachment"] = file.public_id
    for name in ("detail", "content"):
        world.arguments[f"attachment-{name}", "public_id"] = file.public_id
    world.controls["attachment-list"] = (
        "post", {"thread": item.thread.public_id, "name": "control.txt", "content": "Y29udHJvbA=="}, {},
    )  # fmt: skip
    world.controls["discussion:comment_edit"] = ("post", {"body": "control"}, {"as": "bob"})
    world.controls["discussion:comment_delete"] = ("post", {}, {"as": "bob"})
    for name in ("open", "read"):
        world.controls[f"discussion:{name}"] = ("post", {}, {"as": "mona"})
    world.arguments["comment-detail", "public_id"] = comment.public_id
    world.arguments["comment-edits", "public_id"] = comment.public_id
    world.controls["comment-list"] = ("post", {"thread": item.thread.public_id, "body": "control"}, {})
    world.controls["comment-detail"] = ("delete", {}, {})
    world.controls["discussion:preview"] = ("post", {"body": "control"}, {"as": "bob"})
