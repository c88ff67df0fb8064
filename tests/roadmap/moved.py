"""What tests of moves to another product ask of items."""

from __future__ import annotations

from roadmap.models import Item


def rows(*items):
    return Item.objects.filter(pk__in=[item.pk for item in items])


def state(item):
    found = Item.objects.with_deleted().get(pk=item.pk)
    names = (
        "product_id", "number", "rank", "release_id", "component_id", "objective_id", "parent_id", "thread_id", "title",
        "score", "source_id",
    )  # fmt: skip
    return {name: getattr(found, name) for name in names}


def titles(product):
    return list(Item.objects.of(product).ranked().values_list("title", flat=True))
