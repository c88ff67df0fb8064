"""Statements that are composed once give each person their own rows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.access import remember_while_reading
from accounts.models import Member
from accounts.prepared import Prepared
from config import clock
from products.models import Product
from roadmap.models import Item
from tests.cast import Cast
from tests.factories import make_item

pytestmark = pytest.mark.django_db

PEOPLE = ["alice", "anton", "mona", "bob", "carol", "dave", "mallory"]


@pytest.fixture
def items(cast: Cast) -> list[Item]:
    return [make_item(product, f"One of {product.key}") for product in (cast.product, cast.secret, cast.elsewhere)]


def test_everybody_gets_the_rows_that_the_queryset_itself_gives(cast: Cast, items):
    prepared = Prepared(lambda member: Item.objects.visible_to(member).select_related("status").order_by("pk"))
    for _again in range(2):
        for name in PEOPLE:
            member = getattr(cast, name)
            direct = list(Item.objects.visible_to(member).order_by("pk"))
            assert prepared.rows(member) == direct, name
    assert [item.title for item in prepared.rows(cast.dave)] == ["One of DSP"]


def test_related_rows_come_along(cast: Cast, items):
    found = Prepared(lambda member: Item.objects.visible_to(member).select_related("status").order_by("pk")).rows(
        cast.bob
    )
    with CaptureQueriesContext(connection) as asked:
        assert [item.status.name for item in found] == ["Idea", "Idea"]
    assert not asked.captured_queries


def test_products_texts_and_variants_are_arguments(cast: Cast, items):
    prepared = Prepared(
        lambda member, product, title, order: (
            Item.objects.visible_to(member).of(product).filter(title=title).order_by(order)
        )
    )
    assert prepared.rows(cast.bob, cast.product, "One of DSP", variant=("pk",)) == [items[0]]
    assert prepared.rows(cast.bob, cast.secret, "One of SEC", variant=("-pk",)) == [items[1]]
    assert prepared.first(cast.bob, cast.secret, "One of DSP", variant=("pk",)) is None
    assert prepared.first(cast.dave, cast.secret, "One of SEC", variant=("pk",)) is None


def test_lists_days_and_moments_are_arguments(cast: Cast, items):
    among = Prepared(lambda ids: Item.objects.filter(product__among=ids).order_by("pk"))
    assert among.rows([cast.product.pk]) == items[:1]
    assert among.rows([cast.product.pk, cast.secret.pk]) == items[:2]
    assert among.rows([]) == []
    today, now = cast.workspace.today(), clock.now()
    made = Prepared(lambda since: Item.objects.filter(created_at__gte=since).order_by("pk"))
    assert made.rows(now - timedelta(days=1)) == items
    assert made.rows(now + timedelta(days=1)) == []
    ends = Prepared(lambda first, last: Product.objects.filter(created_at__date__gte=first, created_at__date__lte=last))
    assert len(ends.rows(today - timedelta(days=9999), today + timedelta(days=1))) == Product.objects.count()
    assert ends.rows(today + timedelta(days=2), today + timedelta(days=3)) == []


def test_a_moment_is_refused(cast: Cast):
    prepared = Prepared(lambda member: Item.objects.visible_to(member).filter(created_at__lt=clock.now()))
    with pytest.raises(TypeError, match="moment"):
        prepared.rows(cast.bob)


def test_a_text_that_becomes_part_of_a_parameter_is_refused(cast: Cast):
    prepared = Prepared(lambda member, text: Item.objects.visible_to(member).filter(title__icontains=text))
    with pytest.raises(TypeError, match="variant"):
        prepared.rows(cast.bob, "One")


def test_a_queryset_may_not_depend_on_other_fields(cast: Cast):
    prepared = Prepared(lambda member, product: Item.objects.filter(title=product.name))
    with pytest.raises(ObjectDoesNotExist):
        prepared.rows(cast.bob, cast.product)


def test_what_is_seen_is_asked_once_while_reading_and_each_time_otherwise(cast: Cast):
    reading = Member.objects.get(pk=cast.dave.pk)
    reading.memory = {}
    assert [product.key for product in Product.objects.seen_by(reading)] == ["DSP"]
    cast.secret.limit_to([], by=cast.actor("alice"))
    assert [product.key for product in Product.objects.seen_by(reading)] == ["DSP"]
    assert [product.key for product in Product.objects.seen_by(cast.dave)] == ["DSP", "SEC"]


@pytest.mark.parametrize("name", PEOPLE)
def test_remembered_or_not_the_same_rows_are_seen(cast: Cast, items, name: str):
    member = Member.objects.get(pk=getattr(cast, name).pk)
    fresh = set(Item.objects.visible_to(member))
    member.memory = {}
    assert set(Item.objects.visible_to(member)) == fresh


@pytest.mark.parametrize(
    ("method", "memory"), [("GET", {}), ("HEAD", {}), ("POST", None), ("PATCH", None), ("DELETE", None)]
)
def test_only_a_request_that_reads_remembers(cast: Cast, method: str, memory: dict | None):
    member = Member.objects.get(pk=cast.mona.pk)
    remember_while_reading(RequestFactory().generic(method, "/"), member)
    assert member.memory == memory


def test_a_long_text_in_a_variant_is_answered_and_not_kept(cast: Cast, items):
    """Filters that somebody fills to the brim would take the memory of hundreds of others."""
    prepared = Prepared(lambda member, text: Item.objects.visible_to(member).exclude(title=text).order_by("pk"))
    for n in range(3):
        assert prepared.rows(cast.alice, variant=(f"{n}" * 5000,)) == items[:2]
    assert len(prepared._composed) == 0
    prepared.rows(cast.alice, variant=("short",))
    assert len(prepared._composed) == 1
