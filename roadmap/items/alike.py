"""Is there such an item already? Asked while a title is being typed."""

from __future__ import annotations

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, QuerySet, When

from accounts.models import Member
from accounts.prepared import Prepared
from products.models import Product
from roadmap.models import Category, Item

SHORTEST = 4
MOST = 5


def alike(member: Member, product: Product, title: str) -> list[Item]:
    """Open and shipped items that the member sees whose titles have words like `title`, typing errors included: the most
    alike first, those of `product` before others. One statement, by the trigram index; none for a few letters."""
    title = " ".join(title.replace("\0", "").split())[:240]
    return ALIKE.rows(member, product, title) if len(title) >= SHORTEST else []


def _alike(member: Member, product: Product, title: str) -> QuerySet[Item]:
    rows = Item.objects.visible_to(member).exclude(status__category=Category.DROPPED)
    rows = titles_like(rows, title).select_related("status", "product").defer("search")
    rows = rows.annotate(elsewhere=Case(When(product=product, then=0), default=1))
    return rows.order_by("-likeness", "elsewhere", "pk")[:MOST]


def titles_like(rows: QuerySet[Item], text: str) -> QuerySet[Item]:
    """Those whose titles have words like `text`, with their `likeness`."""
    return rows.filter(title__trigram_word_similar=text).annotate(likeness=TrigramWordSimilarity(text, "title"))


ALIKE = Prepared(_alike)
