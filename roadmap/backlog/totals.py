"""How many items a filter leaves, and how much effort they are."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import Member
from products.models import Product
from roadmap.models import Item


def of(member: Member, product: Product, condition: Q) -> dict[str, Any]:
    """`count` and `effort` (None where nothing is estimated). One statement."""
    rows = Item.objects.visible_to(member).of(product).filter(condition)
    found: dict[str, Any] = rows.aggregate(count=Count("pk"), effort=Sum("effort"))
    return found
