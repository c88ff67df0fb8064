"""Is there such an item already? Asked while a title is being typed."""

from __future__ import annotations

import re

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, FloatField, Func, QuerySet, Value, When
from django.db.models.functions import Greatest

from accounts.models import Member
from accounts.prepared import Prepared
from products.models import Product
from roadmap.models import Category, Item

SHORTEST = 4
MOST = 5
#: Of a longer title so many neighbouring words are looked for together, in at most so many places.
RUN, MOST_RUNS = 3, 6
#: How much of the one title the other has at least, from 0 to 1.
LEAST = 0.4
#: What titles begin with and are held together by, and say nothing of what they are about.
SAID = (
    "a able add adding all allow also an and any are as at be been being but by can could do does for from give has "
    "have i if in into is it its let like make me more must my need needs new of on or our out please should show "
    "so some that the their them there they this to up us use user users want wants was we were when which who will "
    "with would you your"
)
FILLING = frozenset(SAID.split())


def alike(member: Member, product: Product, title: str) -> list[Item]:
    """Open and shipped items that the member sees whose titles have words like `title`, or like some that stand together in it, typing
    errors included: the most alike first, those of `product` before others. One statement, by the trigram index; none for a few letters."""
    title = " ".join(title.replace("\0", "").split())[:240]
    if len(title) < SHORTEST:
        return []
    words = telling(title)
    together = runs(words) or [title]
    return ALIKE.rows(member, product, " ".join(words) or title, *together, variant=(len(together),))


def telling(title: str) -> list[str]:
    """Its words without those that say nothing; all where none does."""
    words = re.findall(r"\w+", title.lower())
    return [word for word in words if word not in FILLING] or words


def runs(words: list[str]) -> list[str]:
    """What is looked for: all of them where they are few; else each three that stand together, spread over the whole where it is long."""
    places = range(max(1, len(words) - RUN + 1)) if words else range(0)
    step = -(-len(places) // MOST_RUNS) or 1
    return [" ".join(words[place : place + RUN]) for place in places[::step]]


def _alike(member: Member, product: Product, title: str, *rest: str | int) -> QuerySet[Item]:
    together = rest[:-1]  # the last one says how many
    rows = Item.objects.visible_to(member).exclude(status__category=Category.DROPPED)
    # Each run by itself: for several in one condition PostgreSQL goes through all titles, since it takes comparing them for cheap.
    having, *others = (Item.objects.filter(title__trigram_word_similar=run).order_by().values("pk") for run in together)
    rows = rows.filter(pk__in=having.union(*others) if others else having)
    within = Func(F("title"), Value(title), function="WORD_SIMILARITY", output_field=FloatField())
    rows = rows.annotate(likeness=Greatest(TrigramWordSimilarity(title, "title"), within)).filter(likeness__gte=LEAST)
    rows = rows.select_related("status", "product").defer("search")
    rows = rows.annotate(elsewhere=Case(When(product=product, then=0), default=1))
    return rows.order_by("-likeness", "elsewhere", "pk")[:MOST]


def titles_like(rows: QuerySet[Item], text: str) -> QuerySet[Item]:
    """Those whose titles have words like `text`, with their `likeness`."""
    return rows.filter(title__trigram_word_similar=text).annotate(likeness=TrigramWordSimilarity(text, "title"))


ALIKE = Prepared(_alike)
