"""What the command palette finds of the plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Case, F, Q, Value, When
from django.http import HttpRequest
from django.urls import reverse

from roadmap.backlog.searching import words_in
from roadmap.items.picking import of_key
from roadmap.models import Item
from roadmap.models.item_columns import DONE
from ui.palette import MOST, Found

KEY = re.compile(r"([a-z][a-z0-9]{1,9})-(\d{1,9})", re.IGNORECASE)


def find_items(request: HttpRequest, words: str) -> Sequence[Found]:
    """Items whose key is typed, or which hold every word: in their titles before elsewhere, what is to be done before what is over, and
    of these the highest scores first."""
    items = Item.objects.visible_to(request.member).select_related("product", "its_type")
    key = KEY.fullmatch(words)
    if key:
        named = of_key(items, key[1], int(key[2]), request.member)
        return [_found(named, request.workspace.slug)] if named is not None else []
    slug = request.workspace.slug
    found = items.filter(words_in(words)).order_by(
        _first(Q(title__iregex=rf"\m{re.escape(words)}")),
        _first(~Q(status__category__in=DONE)),
        F("score").desc(nulls_last=True),
        "-pk",
    )
    return [_found(item, slug) for item in found[:MOST]]


def _first(condition: Q) -> Case:
    return Case(When(condition, then=Value(0)), default=Value(1))


def _found(item: Item, slug: str) -> Found:
    address = reverse("roadmap:item", args=[slug, item.product.key, item.number])
    return Found(item.title, address, item.its_type.icon, item.key)
