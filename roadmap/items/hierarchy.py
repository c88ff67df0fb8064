"""Initiative → epic → feature, improvement, bug or discovery: what may stand under what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.refusals import Refused

#: Higher than any true chain, so that a damaged one ends.
DEEPEST = 20


def refuse_wrong_level(item: Any) -> None:
    """Raise Refused when the item's parent is none for it. Asks once for each level above, and only with a parent."""
    parent = item.parent
    if parent is None:
        return
    if parent.product_id != item.product_id:
        raise Refused(_("“%(name)s” belongs to another product. Choose an epic of this product.") % {"name": parent})
    if parent.deleted_at is not None:
        raise Refused(_("“%(name)s” is in the bin. Restore it first, or choose another epic.") % {"name": parent})
    circle = _circle(item, parent)
    if circle:
        raise Refused(_("That would be a circle: %(path)s.") % {"path": " → ".join(circle)})
    if item.is_epic:
        raise Refused(_("An epic stands under an initiative, not under another item. Choose its initiative instead."))
    if not parent.is_epic:
        raise Refused(
            _("“%(name)s” is no epic. Only an epic has items under it; choose one, or make this one an epic first.")
            % {"name": parent}
        )


def refuse_orphaning(item: Any, count_children: Callable[[], int]) -> None:
    """Raise Refused when an item that has others under it would stop being an epic: nothing moves silently."""
    if item.is_epic:
        return
    count = count_children()
    if count:
        words = ngettext(
            "%(count)d item stands under this epic. Move it to another epic first.",
            "%(count)d items stand under this epic. Move them to another epic first.",
            count,
        )
        raise Refused(words % {"count": count})


def _circle(item: Any, parent: Any) -> list[str]:
    """Keys from the item up to itself, if its new parent stands under it."""
    path, at = [item.key], parent
    for _level in range(DEEPEST):
        path.append(at.key)
        if at.pk == item.pk:
            return path
        if at.parent is None:
            return []
        at = at.parent
    return path
