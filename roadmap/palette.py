"""What the command palette finds of the plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from roadmap.backlog.searching import words_in
from roadmap.models import Item
from ui.palette import MOST, Found

KEY = re.compile(r"([a-z][a-z0-9]{1,9})-(\d{1,9})", re.IGNORECASE)


def find_items(request: HttpRequest, words: str) -> Sequence[Found]:
    """Items whose key is typed, or which hold every word, newest first."""
    items = Item.objects.visible_to(request.member).select_related("product", "its_type")
    key = KEY.fullmatch(words)
    if key:
        items = items.filter(product__key=key[1].upper(), number=int(key[2]))
    else:
        items = items.filter(words_in(words))
    slug = request.workspace.slug
    return [
        Found(
            item.title,
            reverse("roadmap:item", args=[slug, item.product.key, item.number]),
            item.its_type.icon,
            item.key,
        )
        for item in items.order_by("-pk")[:MOST]
    ]
