"""Statements that go to the database as one give what each gives by itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from accounts.prepared import Prepared
from accounts.together import Together
from changes.models import Version
from roadmap.models import Item, Status
from tests.cast import Cast
from tests.factories import make_item

pytestmark = pytest.mark.django_db

WHOLE = Prepared(lambda member: Item.objects.visible_to(member).select_related("status", "lead__user").defer("search"))
STATUSES = Prepared(lambda workspace: Status.objects.filter(workspace=workspace).order_by("-position"))
NUMBERS = Prepared(lambda product: Item.objects.filter(product=product).values("status").annotate(n=Count("pk")))
FIELDS = [field.attname for field in Item._meta.concrete_fields if field.name != "search"]


@pytest.fixture
def items(cast: Cast) -> list[Item]:
    fields = {"starts_on": date(2026, 3, 1), "tags": ["a", "b'c"], "custom": {"n": [1, {"x": None}]}, "reach": 7}
    first = make_item(cast.product, 'Quotes " and \\ and ü', lead=cast.mona, effort=Decimal("0.30"), **fields)
    return [first, *(make_item(product, "Another") for product in (cast.product, cast.secret, cast.elsewhere))]


def test_instances_are_what_their_own_statement_gives(cast: Cast, items):
    together = Together()
    whole, statuses = together.ask(WHOLE, cast.mona), together.ask(STATUSES, cast.workspace)
    with CaptureQueriesContext(connection) as asked:
        found, stages = whole(), statuses()
    assert len(asked.captured_queries) == 1
    alone = {item.pk: item for item in WHOLE.rows(cast.mona)}
    assert {item.pk for item in found} == set(alone) != set()
    for item in found:
        for name in FIELDS:
            assert getattr(item, name) == getattr(alone[item.pk], name), name
            assert type(getattr(item, name)) is type(getattr(alone[item.pk], name)), name
        assert (item.status, item.lead) == (alone[item.pk].status, alone[item.pk].lead)
    assert stages == STATUSES.rows(cast.workspace)


def test_everybody_gets_their_own_rows(cast: Cast, items):
    for name in ("mona", "bob", "dave", "mallory"):
        member = getattr(cast, name)
        assert sorted(one.pk for one in Together().ask(WHOLE, member)()) == sorted(one.pk for one in WHOLE.rows(member))


def test_dictionaries_and_tuples_come_as_they_are(cast: Cast, items):
    together = Together()
    numbers = together.ask(NUMBERS, cast.product)
    by_hand = together.ask_sql("SELECT %s::numeric, %s::date", ["0.10", date(2026, 2, 1)], "numeric", "date")
    assert numbers() == [{"status": items[0].status_id, "n": 2}]
    assert by_hand() == [(Decimal("0.10"), date(2026, 2, 1))]


def test_rows_by_the_hundred_travel_by_columns_and_are_the_same(cast: Cast, items):
    names = ("pk", "title", "starts_on", "effort", "tags", "custom", "lead__user__name")
    build = lambda member: Item.objects.visible_to(member).order_by("pk").values_list(*names)  # noqa: E731
    many, few = Prepared(build, many=True), Prepared(build)
    together = Together()
    by_columns, by_rows, of_nobody = (
        together.ask(many, cast.mona), together.ask(few, cast.mona), together.ask(many, cast.mallory)
    )  # fmt: skip
    assert by_columns() == by_rows() == few.rows(cast.mona) != []
    assert by_columns()[0][2:4] == (date(2026, 3, 1), Decimal("0.30"))
    assert of_nobody() == few.rows(cast.mallory)
    nothing = Prepared(
        lambda member: Item.objects.visible_to(member).filter(title="None such").values_list("pk"), many=True
    )
    assert Together().ask(nothing, cast.mona)() == []


def test_what_was_answered_is_not_asked_again_and_more_can_be_asked(cast: Cast, items):
    together = Together()
    statuses = together.ask(STATUSES, cast.workspace)
    with CaptureQueriesContext(connection) as asked:
        assert statuses() == statuses()
        numbers = together.ask(NUMBERS, cast.product)
        assert numbers()
    assert len(asked.captured_queries) == 2


def test_a_column_that_json_does_not_carry_is_refused(cast: Cast):
    versions = Prepared(lambda row: Version.objects.filter(row_id=row))
    with pytest.raises(TypeError, match="tstzrange"):
        Together().ask(versions, 1)()
