"""Rows of a statement that was composed once become what the queryset itself would give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Count, F, Prefetch, QuerySet
from django.db.models.signals import post_init

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from products.models import Product
from roadmap.models import Item
from tests.cast import Cast
from tests.factories import make_item

pytestmark = pytest.mark.django_db

QUERYSETS: dict[str, Callable[[Any], QuerySet[Any]]] = {
    "instances": lambda workspace: Item.objects.filter(workspace=workspace).defer("search").order_by("pk"),
    "with what they select along": lambda workspace: (
        Member.objects.filter(workspace=workspace).select_related("user__last_workspace", "workspace").order_by("pk")
    ),
    "without some fields": lambda workspace: (
        Item.objects.filter(workspace=workspace).select_related("lead__user", "parent").only("title", "lead__user__name", "parent__title")
    ).order_by("pk"),
    "with expressions": lambda workspace: (
        Product.objects.filter(workspace=workspace).annotate(size=Count("items"), called=F("name")).order_by("pk")
    ),
    "with the other end of one to one": lambda workspace: (
        Product.objects.filter(workspace=workspace).select_related("usage_stream").order_by("pk")
    ),
    "tuples": lambda workspace: Item.objects.filter(workspace=workspace).order_by("pk").values_list("title", "factors", "score"),
    "named tuples": lambda workspace: (
        Item.objects.filter(workspace=workspace).order_by("pk").values_list("title", "status__name", named=True)
    ),
    "values": lambda workspace: Item.objects.filter(workspace=workspace).order_by("pk").values_list("title", flat=True),
    "dicts": lambda workspace: Item.objects.filter(workspace=workspace).order_by("pk").values("title", "number"),
}  # fmt: skip


def told(one: Any) -> Any:
    """All that an instance holds, with what it brought along."""
    if not hasattr(one, "_meta"):
        return type(one).__name__, one
    held = {name: value for name, value in vars(one).items() if name != "_state"}
    beside = {name: told(other) for name, other in one._state.fields_cache.items()}
    return type(one), one._state.adding, one._state.db, held, beside


@pytest.fixture
def items(cast: Cast) -> list[Item]:
    epic = make_item(cast.product, "An epic", type="epic")
    return [epic, make_item(cast.product, "A part", parent=epic, lead=cast.mona), make_item(cast.secret, "Another")]


@pytest.mark.parametrize("name", QUERYSETS)
def test_the_same_is_given_as_by_the_queryset(cast: Cast, items: list[Item], name: str):
    build = QUERYSETS[name]
    direct = list(build(cast.workspace.pk))
    assert direct
    prepared = Prepared(build)
    for _again in range(2):
        assert list(map(told, prepared.rows(cast.workspace.pk))) == list(map(told, direct))


@pytest.mark.parametrize("name", [name for name in QUERYSETS if name != "dicts"])
def test_the_same_is_given_as_a_part_of_another_statement(cast: Cast, items: list[Item], name: str):
    build = QUERYSETS[name]
    later = Together().ask(Prepared(build), cast.workspace.pk)
    assert list(map(told, later())) == list(map(told, build(cast.workspace.pk)))


def test_what_is_fetched_beforehand_comes_along(cast: Cast, items: list[Item]):
    prepared = Prepared(
        lambda workspace: (
            Product.objects.filter(workspace=workspace)
            .prefetch_related(Prefetch("items", Item.objects.order_by("pk")))
            .order_by("pk")
        )
    )
    products = {product.pk: product for product in prepared.rows(cast.workspace.pk)}
    assert list(products[cast.product.pk].items.all()) == items[:2]


def test_a_deferred_field_is_read_when_it_is_wanted(cast: Cast, items: list[Item]):
    item = Prepared(lambda id: Item.objects.filter(pk=id).only("title")).first(items[0].pk)
    assert item.get_deferred_fields()
    assert item.number == items[0].number


def test_whoever_listens_to_new_instances_hears_of_them(cast: Cast, items: list[Item]):
    heard: list[str] = []

    def hear(sender: type[Item], instance: Item, **_more: Any) -> None:
        heard.append(instance.title)

    post_init.connect(hear, sender=Item)
    try:
        Prepared(lambda id: Item.objects.filter(pk=id)).first(items[0].pk)
    finally:
        post_init.disconnect(hear, sender=Item)
    assert heard == ["An epic"]
