"""No duplicate is a duplicate of a duplicate. What came back from the bin, or a link that did, may close such a chain: it is made flat then."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from accounts.models import Workspace
from changes.models import Change
from roadmap.models.item import Item
from roadmap.models.item_following import on_return
from roadmap.models.item_links import ItemLink, LinkKind


def flatten(ids: Iterable[int], change: Change) -> int:
    """Of these items (ids) and what is linked to them: all duplicates lead to the last original, and pass on what hangs on them; of a circle the
    oldest link goes. Returns how many links now lead elsewhere. One statement where there are no chains."""
    seen = ItemLink.objects.filter(
        kind=LinkKind.DUPLICATES, workspace=change.workspace_id, item__deleted_at=None, other__deleted_at=None
    )
    ids = list(ids)
    chained = seen.filter(
        Q(item__among=ids) | Q(other__among=ids) | Q(other__links__other__among=ids),
        other__links__kind=LinkKind.DUPLICATES,
        other__links__other__deleted_at=None,
    )
    if not chained.exists():
        return 0
    Workspace.objects.select_for_update(no_key=True).get(pk=change.workspace_id)
    changed = 0
    for link in chained.select_related("item__product", "item__workspace").order_by("pk").distinct():
        changed += _lead_on(link, seen, change)
    return changed


def _lead_on(link: ItemLink, seen: Any, change: Change) -> int:
    """Let one link lead to where its chain ends."""
    path = [link]
    while True:
        following = seen.filter(item=path[-1].other_id).select_related("item__product", "item__workspace").first()
        if following is None:
            break
        if following.pk in [one.pk for one in path]:  # a circle
            oldest = min(path[path.index(following) :], key=lambda one: one.pk)
            oldest.delete()
            return 1
        path.append(following)
    if len(path) == 1 or not ItemLink.objects.filter(pk=link.pk).exists():
        return 0
    original = Item.objects.select_related("product", "workspace").get(pk=path[-1].other_id)
    ItemLink.objects.filter(pk=link.pk).update(other=original)
    for pass_on in ItemLink.passing_on:
        for one in path:
            pass_on(one.item, original, change)
    for item in (link.item, original):
        change.tell("item", item.number, product_id=item.product_id)
    return 1


on_return.append(flatten)
