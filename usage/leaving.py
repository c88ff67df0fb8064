"""An item that goes to another product is no longer measured by the usage keys of the one that it leaves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from changes.models import Change
from usage.models import UsageKeyItem


def let_go(items: list[int], by: Change) -> None:
    """An undo of the move brings the links back."""
    UsageKeyItem.objects.filter(item__among=items).delete()


def foresee(items: Any) -> tuple[str, int]:
    return _("Measured usage"), UsageKeyItem.objects.filter(item__in=items.values("pk")).count()
