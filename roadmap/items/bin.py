"""The bin: what was deleted can be brought back for thirty days; then a job empties it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.actors import Actor
from accounts.models import Member, Workspace
from changes.models import Change
from config import clock
from discussion.models import Attachment, Thread
from products.models import Product
from roadmap.models import Item, Requirement

KEPT = timedelta(days=30)
CHUNK = 200


def binned(member: Member, product: Product) -> Any:
    """Deleted items of a product that the member sees, to be shown newest first."""
    rows = Item.objects.with_deleted().visible_to(member).of(product).exclude(deleted_at=None)
    return rows.select_related("status")


def say_by_whom(items: list[Item]) -> None:
    """Set `deleted_by` and `goes_at` on each item of a bin. One statement."""
    changes = Change.objects.select_related("member__user").in_bulk([item.change_id for item in items])
    for item in items:
        change = changes.get(item.change_id)
        item.deleted_by = (change.member.name if change.member else change.actor_label) if change else ""
        item.goes_at = item.deleted_at + KEPT


def empty(now: datetime | None = None) -> int:
    """Remove for good what has been in a bin for thirty days, with what hangs on it and its files. Keys stay taken, and
    history keeps what was. Returns how many items went. Doing it twice does no harm."""
    before = (now or clock.now()) - KEPT
    return sum(_empty_of(workspace, before) for workspace in Workspace.objects.all())


def _empty_of(workspace: Workspace, before: datetime) -> int:
    _throw_away_parts(workspace, before)
    count = 0
    while True:
        rows = Item.objects.with_deleted().filter(workspace=workspace, deleted_at__lt=before)
        chunk = list(rows.order_by("pk").values_list("pk", "thread_id")[:CHUNK])
        if not chunk:
            return count
        ids, threads = [pk for pk, _thread in chunk], [thread for _pk, thread in chunk if thread is not None]
        with Change.open("item.purged", by=Actor.system(), workspace=workspace, quiet=True) as change:
            Attachment.throw_away(Attachment.objects.with_deleted().filter(thread__among=threads), by=change)
            Item.objects.with_deleted().filter(pk__among=ids).delete()
            Thread.objects.filter(pk__among=threads).delete()
        count += len(ids)


def _throw_away_parts(workspace: Workspace, before: datetime) -> None:
    """Requirements and files that were deleted by themselves."""
    requirements = Requirement.objects.with_deleted().filter(workspace=workspace, deleted_at__lt=before)
    files = Attachment.objects.with_deleted().filter(workspace=workspace, deleted_at__lt=before)
    if not requirements.exists() and not files.exists():
        return
    with Change.open("item.purged", by=Actor.system(), workspace=workspace, quiet=True) as change:
        requirements.delete()
        Attachment.throw_away(files, by=change)
