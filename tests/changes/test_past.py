"""Reading what was: the same queries, of a past day, from versions alone."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from accounts.prepared import Prepared
from accounts.together import Together
from changes.models import Change, Version
from changes.past import ReadOnly, as_of, end_of
from roadmap.models import Item, ItemLink, Milestone, Release, Status
from tests.factories import SYSTEM, make_item, make_product, status

MAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


@contextmanager
def on(workspace, moment):
    with Change.open("told", by=SYSTEM, workspace=workspace, at=moment) as change:
        yield change


@pytest.fixture
def moved(cast):
    """Planned in May, moved and renamed in June, deleted in July."""
    with on(cast.workspace, MAY) as change:
        item = make_item(
            cast.product, "Live ETA", by=change, starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30),
            effort=Decimal("2.5"), tags=["eta", "map"], status=status(cast.workspace, "In build"),
        )  # fmt: skip
    with on(cast.workspace, MAY + timedelta(days=30)) as change:
        item.edit(
            by=change, title="Live ETA link", ends_on=date(2026, 10, 15), status=status(cast.workspace, "Shipped")
        )
    with on(cast.workspace, MAY + timedelta(days=60)) as change:
        item.delete_softly(by=change)
    return item


def test_a_row_is_read_as_it_was(cast, moved):
    with as_of(MAY + timedelta(days=1), Item):
        then = Item.objects.visible_to(cast.mona).of(cast.product).select_related("status").get()
    assert (then.pk, then.title, then.ends_on) == (moved.pk, "Live ETA", date(2026, 9, 30))
    assert (then.effort, then.tags, then.status.name, then.shipped_at) == (
        Decimal("2.50"),
        ["eta", "map"],
        "In build",
        None,
    )
    assert then.custom == {}
    assert then.created_at == MAY
    with as_of(MAY + timedelta(days=31), Item):
        assert Item.objects.get().title == "Live ETA link"
    assert not Item.objects.exists()


def test_what_was_not_there_yet_or_not_any_more_is_not_there(cast, moved):
    with as_of(MAY - timedelta(days=1), Item):
        assert not Item.objects.exists()
    with as_of(MAY + timedelta(days=61), Item):
        assert not Item.objects.exists()
        assert Item.objects.with_deleted().count() == 1


def test_every_column_of_every_row_is_what_it_was(cast):
    """A column that the past gives another type or value than the table would be found here."""
    with on(cast.workspace, MAY) as change:
        release = Release.plan(cast.product, "5.2", by=change, ends_on=date(2026, 9, 30))
        make_item(cast.product, "Plain", by=change)
        make_item(
            cast.product, "Full", by=change, release=release, lead=cast.mona, reach=12, impact=Decimal("2.00"), confidence=80,
            effort=Decimal("1.25"), tags=["a,b", 'c"d'], starts_on=date(2026, 1, 2), ends_on=date(2026, 1, 3),
        )  # fmt: skip
    for model in (Item, Release):
        now = list(model.objects.order_by("pk").values())
        with as_of(MAY + timedelta(hours=1), model):
            then = list(model.objects.order_by("pk").values())
        assert then == now


def test_search_works_in_the_past(cast, moved):
    with as_of(MAY + timedelta(days=1), Item):
        assert Item.objects.filter(search="eta").count() == 1
        assert Item.objects.filter(search="link").count() == 0
        assert Item.objects.filter(tags__contains=["map"]).count() == 1


def test_joins_and_prepared_statements_look_back_too(cast, moved):
    with on(cast.workspace, MAY) as change:
        other = make_item(cast.product, "Needed", by=change)
        release = Release.plan(cast.product, "5.2", by=change, ends_on=date(2026, 9, 30))
        other.edit(by=change, release=release)
        link = ItemLink.add(moved, "needs", other, by=change)
    link.remove(by=SYSTEM)
    Release.objects.get().edit(by=SYSTEM, name="5.3")
    titles = Prepared(lambda product: Item.objects.of(product).order_by("pk").values_list("title", "release__name"))
    links = Prepared(lambda product: ItemLink.objects.of(product).values_list("item__title", "other__title"))
    for _again in range(2):
        with as_of(MAY + timedelta(hours=1), Item, Release, ItemLink):
            together = Together()
            found, joined = together.ask(titles, cast.product), together.ask(links, cast.product)
            assert found() == [("Live ETA", None), ("Needed", "5.2")]
            assert joined() == [("Live ETA", "Needed")]
            assert titles.rows(cast.product) == [("Live ETA", None), ("Needed", "5.2")]
    assert titles.rows(cast.product) == [("Needed", "5.3")]


def test_who_may_see_what_is_decided_by_todays_rights(cast):
    with on(cast.workspace, MAY) as change:
        make_item(cast.secret, "Hidden", by=change)
        make_item(cast.elsewhere, "Elsewhere", by=SYSTEM)
    with as_of(MAY + timedelta(days=1), Item):
        assert Item.objects.visible_to(cast.mona).count() == 1
        assert Item.objects.visible_to(cast.dave).count() == 0
    cast.secret.limit_to([], by=SYSTEM)
    with as_of(MAY + timedelta(days=1), Item):
        assert Item.objects.visible_to(cast.dave).count() == 1


def test_words_that_came_later_are_there_as_they_were_at_first(cast, moved):
    """The statuses of a workspace are younger than the items that an import tells of."""
    named = Item.objects.values_list("status__name", flat=True)
    with as_of(MAY + timedelta(days=1), Item, words=[Status]):
        assert list(named.all()) == ["In build"]
    status(cast.workspace, "In build").edit(by=SYSTEM, name="Under way")
    with as_of(MAY + timedelta(days=1), Item, words=[Status]):
        assert list(named.all()) == ["In build"]
    with as_of(MAY + timedelta(days=1), Item, Status):
        assert list(named.all()) == []


def test_the_past_is_read_only(cast, moved):
    with as_of(MAY, Item), pytest.raises(ReadOnly):
        moved.edit(by=SYSTEM, title="Never said")


def test_a_column_that_came_later_has_its_default(cast, moved):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE changes_version SET state = state - 'horizon' - 'custom' - 'tags' - 'factors'")
    with as_of(MAY + timedelta(days=1), Item):
        assert list(Item.objects.values_list("horizon", "custom", "tags", "factors")) == [("", {}, [], {})]


def test_the_past_costs_no_statement_more(cast, count_queries):
    product = make_product(cast.workspace, "OLD")
    with on(cast.workspace, MAY) as change:
        for _n in range(3):
            make_item(product, by=change)

    def look():
        with as_of(MAY + timedelta(days=1), Item, Release, Milestone):
            assert len(Item.objects.of(product).select_related("release")) == 3

    assert count_queries(look) == 1


def test_a_day_ends_in_the_workspaces_zone():
    assert end_of(date(2026, 3, 29), ZoneInfo("Europe/Berlin")) == datetime(2026, 3, 29, 21, 59, 59, 999999, tzinfo=UTC)
    assert end_of(date(2026, 1, 31), UTC) == datetime(2026, 1, 31, 23, 59, 59, 999999, tzinfo=UTC)


def test_versions_follow_each_other_without_a_gap(cast, moved):
    for moment in (MAY, MAY + timedelta(days=30), MAY + timedelta(days=60)):
        assert Version.objects.of(moved).filter(valid__contains=moment).count() == 1
