"""What the command palette finds of the plans."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Case, F, Q, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse

from roadmap.backlog.searching import words_in
from roadmap.items.alike import SHORTEST, titles_like
from roadmap.items.picking import of_key
from roadmap.models import Item
from roadmap.models.item_columns import DONE
from ui.palette import MOST, Found

KEY = re.compile(r"([a-z][a-z0-9]{1,9})-(\d{1,9})", re.IGNORECASE)
#: A word from its first letter on.
BEGINNING = re.compile(r"\w\S*")
#: Titles are not looked through for more words than these.
MOST_WORDS = 8
#: What is to be done before what is over, and of these the highest scores first.
ORDER = (Case(When(status__category__in=DONE, then=1), default=0), F("score").desc(nulls_last=True), "-pk")


def find_items(request: HttpRequest, words: str) -> Sequence[Found]:
    """The item whose key is typed; or those with this number, whose titles begin with what is typed, or have all of it as beginnings of words;
    then those that have it in their texts; where nothing has it, those whose titles are like it."""
    items = Item.objects.visible_to(request.member).select_related("product", "its_type")
    key = KEY.fullmatch(words)
    if key:
        named = of_key(items, key[1], int(key[2]), request.member)
        return [_found(named, request.workspace.slug)] if named is not None else []
    found, told = _called(items, words), words_in(words)
    if told and len(found) < MOST:
        others = items.filter(told).exclude(pk__in=[item.pk for item in found])
        found += others.order_by(*ORDER)[: MOST - len(found)]
    if not found and len(words) >= SHORTEST:
        found = list(titles_like(items, words).order_by("-likeness", *ORDER)[:MOST])
    return [_found(item, request.workspace.slug) for item in found]


def _called(items: QuerySet[Item], words: str) -> list[Item]:
    """By number or title. One statement, by the index of trigrams."""
    begun = BEGINNING.findall(words)
    titled = Q(*(Q(title__iregex=rf"\m{re.escape(letters)}") for letters in begun)) if len(begun) <= MOST_WORDS else Q()
    order = [When(title__istartswith=words, then=1)]
    if words.isascii() and words.isdigit() and len(words) < 10:  # noqa: PLR2004 - what an integer holds
        numbered = Q(number=int(words))
        titled, order = titled | numbered, [When(numbered, then=0), *order]
    if not titled:
        return []
    return list(items.filter(titled).annotate(place=Case(*order, default=2)).order_by("place", *ORDER)[:MOST])


def _found(item: Item, slug: str) -> Found:
    address = reverse("roadmap:item", args=[slug, item.product.key, item.number])
    return Found(item.title, address, item.its_type.icon, item.key)
