"""Two days of a roadmap beside each other: what moved, was added, dropped, shipped and re-scoped, by whom and why."""

from __future__ import annotations

import csv
import io
import re
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from accounts.actors import Actor
from accounts.refusals import Refused
from changes.models import Change
from config import clock
from roadmap.items.moving import move
from roadmap.models import Baseline, Item, Milestone, Release
from roadmap.time_machine.compared import Compared
from roadmap.time_machine.comparing import Kind
from roadmap.time_machine.comparison_drawing import MOST_ROWS
from roadmap.time_machine.differing import differing
from roadmap.time_machine.states import Asked
from tests.factories import make_item, status
from tests.roadmap.second_reading import state_at

PAGE = "/w/polarline/p/DSP/roadmap/"
NOW = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
BEFORE, AFTER = NOW - timedelta(days=60), NOW - timedelta(days=20)
SINCE = (NOW - timedelta(days=40)).date()
START, END = (NOW + timedelta(days=10)).date(), (NOW + timedelta(days=30)).date()


@contextmanager
def told(cast, moment, who="mona", reason=""):
    with Change.open("told", by=cast.actor(who), workspace=cast.workspace, at=moment, reason=reason) as change:
        yield change


@pytest.fixture
def plans(cast):
    """Planned two months ago; three weeks ago one item slipped, one came forward, one was added, dropped, shipped, and re-scoped."""
    days = {"starts_on": START, "ends_on": END}
    with told(cast, BEFORE) as change:
        release = Release.plan(cast.product, "5.2", by=change, ends_on=END)
        epic = make_item(cast.product, "Route notes", by=change, type="epic", **days)
        made = {
            name: make_item(cast.product, name.capitalize(), by=change, **days)
            for name in ("slips", "comes", "drops", "ships", "stays", "grows")
        }
        made["late"] = make_item(cast.product, "Added", by=change)
        Milestone.add(cast.workspace, by=change, product=cast.product, name="Go-live", day=END)
    with told(cast, AFTER, reason="The supplier is late.") as change:
        made["slips"].edit(by=change, ends_on=END + timedelta(days=28))
    with told(cast, AFTER, "bob") as change:
        made["comes"].edit(by=change, ends_on=END - timedelta(days=5))
        made["late"].edit(by=change, release=release, parent=epic, **days)
        made["drops"].edit(by=change, status=status(cast.workspace, "Won't do"))
        made["ships"].edit(by=change, status=status(cast.workspace, "Shipped"))
        made["grows"].edit(by=change, effort=Decimal(5))
    return {**made, "epic": epic, "release": release}


def found(cast, since=None):
    asked = Asked(cast.mona, (cast.product.pk,))
    return Compared(differing(asked, since or NOW - timedelta(days=40), None, clock.now()))


def test_each_change_is_told_once_under_its_kind(cast, plans):
    comparison = found(cast).comparison
    kinds = {one.key: one.kind for one in comparison}
    key = {name: row.key for name, row in plans.items() if isinstance(row, Item)}
    assert kinds == {
        key["slips"]: Kind.SLIPPED,
        key["comes"]: Kind.PULLED,
        key["late"]: Kind.ADDED,
        key["drops"]: Kind.DROPPED,
        key["ships"]: Kind.SHIPPED,
        key["grows"]: Kind.RESCOPED,
        key["epic"]: Kind.RESCOPED,
        plans["release"].public_id: Kind.RESCOPED,
    }
    assert comparison.same == 2


def test_who_did_it_when_and_why_stand_beside_it(cast, plans):
    deeds = found(cast).deeds
    slip = deeds[plans["slips"].key]
    assert (slip.who, slip.at, slip.why) == ("Mona", AFTER, "The supplier is late.")
    for name in ("comes", "late", "drops", "ships", "grows", "epic"):
        assert deeds[plans[name].key].who == "Bob"
    assert deeds[plans["release"].public_id].who == "Bob"


def test_what_an_epic_and_a_release_gained_is_named(cast, plans):
    rescoped = {one.key: one for one in found(cast).comparison if Kind.RESCOPED in one.kinds}
    assert rescoped[plans["epic"].key].came_in == {plans["late"].key}
    assert rescoped[plans["release"].public_id].came_in == {plans["late"].key}
    assert rescoped[plans["grows"].key].effort_moved == 5


def test_now_next_and_later_are_compared_by_horizon(cast):
    with told(cast, BEFORE) as change:
        item = make_item(cast.product, by=change, horizon="now")
    item.edit(by=cast.actor("mona"), horizon="later")
    asked = Asked(cast.mona, (cast.product.pk,), by_horizon=True)
    [one] = differing(asked, NOW - timedelta(days=40), None, clock.now()).comparison
    assert one.kind == Kind.SLIPPED


def test_a_reason_is_not_told_that_was_given_while_it_stood_where_the_reader_does_not_see_it(cast, as_member):
    with told(cast, BEFORE) as change:
        item = make_item(cast.secret, "Merger", by=change, starts_on=START, ends_on=END)
    with told(cast, AFTER, reason="The buyer is late.") as change:
        item.edit(by=change, ends_on=END + timedelta(days=28))
    with told(cast, AFTER + timedelta(days=1), "alice") as change:
        number = Item.objects.with_deleted().of(cast.product).count() + 100
        Item.objects.filter(pk=item.pk).update(product=cast.product, number=number)
    for who in (cast.dave, cast.mona):
        address = f"{PAGE}?compare={SINCE},"
        page = as_member(who).get(address).content.decode()
        assert "Merger" in page
        assert "The buyer is late." not in page
        assert "Alice" in page
        assert "The buyer" not in as_member(who).get(f"{PAGE}changes.csv?compare={SINCE},").content.decode()


def test_a_page_of_many_changes_takes_as_many_statements_as_of_few(cast, plans, as_member, count_queries):
    mona = as_member(cast.mona)
    address = f"{PAGE}?compare={SINCE},"
    assert mona.get(address).status_code == 200
    few = count_queries(lambda: mona.get(address))
    with told(cast, AFTER) as change:
        rows = [{"title": f"More {n}", "starts_on": START, "ends_on": END} for n in range(30)]
        Item.add_many(cast.product, rows, by=change)
    many = count_queries(lambda: mona.get(address))
    assert many == few <= 10


def test_the_page_draws_both_days_and_lists_what_changed(cast, plans, as_member):
    page = as_member(cast.carol).get(f"{PAGE}?compare={SINCE},").content.decode()
    for words in ("+4 weeks", "−5 days", "The supplier is late.", "1 slipped", "Slips", "df__old", "effort"):
        assert words in page
    assert "8 of 10 plans changed" in page
    assert 'role="slider"' in page


def test_slips_and_drops_stand_above_what_was_added(cast, plans, as_member):
    with told(cast, AFTER) as change:
        for n in range(3):
            Release.plan(cast.product, f"6.{n}", by=change, ends_on=END)
    page = as_member(cast.carol).get(f"{PAGE}?compare={SINCE},").content.decode()
    heads = [page.index(f"{word} <span") for word in ("Slipped", "Dropped", "Re-scoped", "Pulled forward", "Added")]
    assert heads == sorted(heads)
    lanes = re.findall(r'<div class="df__group">([^<]+)', page)
    assert lanes == ["No goal", "Releases and milestones"]


def test_of_many_changes_the_rest_is_drawn_when_it_is_asked_for(cast, as_member):
    with told(cast, AFTER) as change:
        rows = [{"title": f"More {n}", "starts_on": START, "ends_on": END} for n in range(MOST_ROWS + 7)]
        Item.add_many(cast.product, rows, by=change)
    mona, address = as_member(cast.mona), f"{PAGE}?compare={SINCE},"
    page = mona.get(address).content.decode()
    assert page.count("dfl__i") == page.count('is-add" id=') == MOST_ROWS
    assert "7 are left out" in page
    assert f"compare={SINCE}%2C&amp;all=yes" in page
    page = mona.get(f"{address}&all=yes").content.decode()
    assert page.count("dfl__i") == page.count('is-add" id=') == MOST_ROWS + 7
    assert "left out" not in page


def test_it_can_be_narrowed_to_a_kind_and_shown_as_a_table(cast, plans, as_member):
    mona = as_member(cast.mona)
    page = mona.get(f"{PAGE}?compare={SINCE},&what=slipped&as=table").content.decode()
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    assert table.count("<tr>") == 1
    assert "The supplier is late." in table


def test_the_file_says_the_same(cast, plans, as_member):
    answer = as_member(cast.mona).get(f"{PAGE}changes.csv?compare={SINCE},&what=slipped")
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode().lstrip("\ufeff"))))
    assert len(rows) == 2
    assert rows[1][0] == plans["slips"].key
    assert "end +4 weeks" in rows[1]
    assert rows[1][-1] == "The supplier is late."


def test_a_file_holds_no_formula(cast, as_member):
    with told(cast, AFTER) as change:
        make_item(cast.product, "=1+1", by=change, starts_on=START, ends_on=END)
    text = as_member(cast.mona).get(f"{PAGE}changes.csv?compare={SINCE},").content.decode()
    assert ",'=1+1," in text


def test_a_slip_without_a_reason_says_so_and_whom_to_ask(cast, as_member):
    with told(cast, BEFORE) as change:
        item = make_item(cast.product, by=change, starts_on=START, ends_on=END)
    item.edit(by=cast.actor("bob"), ends_on=END + timedelta(days=3))
    with told(cast, clock.now(), reason="A better name.") as change:
        item.edit(by=change, title="Renamed")
    page = as_member(cast.mona).get(f"{PAGE}?compare={SINCE},").content.decode()
    assert "No reason given." in page
    assert "A better name." not in page
    assert "Ask Bob" in page


def test_a_baseline_is_compared_with_now_and_with_a_day(cast, plans, as_member):
    baseline = Baseline.keep(cast.product, "Board plan", by=cast.actor("mona"), day=SINCE)
    mona = as_member(cast.mona)
    page = mona.get(f"{PAGE}?compare={baseline.public_id},").content.decode()
    assert "Board plan" in page
    assert "+4 weeks" in page
    day = (NOW - timedelta(days=30)).date()
    page = mona.get(f"{PAGE}?compare={baseline.public_id},{day}").content.decode()
    assert "Nothing changed" in page


def test_two_days_may_be_given_the_wrong_way_round(cast, plans, as_member):
    day = (NOW - timedelta(days=10)).date()
    page = as_member(cast.mona).get(f"{PAGE}?compare={day},{SINCE}").content.decode()
    assert "+4 weeks" in page


@pytest.mark.parametrize(
    "compare", ["", ",", "never,", "2026-13-01,", "1900-01-01,", "nosuchbaseline,", "\0,", "a" * 5000]
)
def test_what_cannot_be_compared_gets_a_sentence(cast, as_member, compare):
    answer = as_member(cast.mona).get(PAGE, {"compare": compare})
    assert answer.status_code == 422
    assert "banner" in answer.content.decode()


def test_the_form_of_days_leads_to_an_address_that_says_both(cast, as_member):
    answer = as_member(cast.mona).get(f"{PAGE}?since=2026-09-01&until=&layout=timeline")
    assert answer.status_code == 302
    assert "compare=2026-09-01%2C" in answer["Location"]
    assert "layout=timeline" in answer["Location"]


def test_nobody_sees_what_others_do_not_share_with_them(cast, as_member):
    with told(cast, BEFORE) as change:
        item = make_item(cast.secret, "Hidden", by=change, starts_on=START, ends_on=END)
    item.edit(by=cast.actor("mona"), ends_on=END + timedelta(days=3))
    assert as_member(cast.dave).get(f"/w/polarline/p/SEC/roadmap/?compare={SINCE},").status_code == 404
    asked = Asked(cast.dave, (cast.secret.pk,))
    assert state_at(asked, BEFORE + timedelta(days=1)) == state_at(asked, None) == {}


def test_a_baseline_is_of_a_day_of_which_there_can_be_plans(cast):
    for day in (date(1, 1, 1), cast.workspace.today() + timedelta(days=1)):
        with pytest.raises(Refused):
            Baseline.keep(cast.product, "Plan", by=cast.actor("mona"), day=day)


def test_a_baseline_is_kept_renamed_and_removed_with_undo(cast, as_member):
    mona, base = as_member(cast.mona), f"{PAGE}baselines/"
    assert mona.post(f"{base}add/", {"name": "Q3 plan", "day": SINCE.isoformat()}).status_code == 302
    baseline = Baseline.objects.get()
    assert (baseline.day, baseline.made_by) == (SINCE, cast.mona)
    assert mona.post(f"{base}add/", {"name": "Q3 plan"}).status_code == 422
    assert (
        mona.post(f"{base}{baseline.public_id}/", {"name": "Q3, agreed", "day": SINCE.isoformat()}).status_code == 302
    )
    assert "Q3, agreed" in as_member(cast.carol).get(base).content.decode()
    assert mona.post(f"{base}{baseline.public_id}/remove/").status_code == 302
    assert not Baseline.objects.exists()
    removed = Baseline.objects.with_deleted().get()
    assert mona.post(f"/w/polarline/changes/{removed.change_id}/undo/").status_code == 302
    assert Baseline.objects.get().name == "Q3, agreed"


def test_a_baseline_of_a_day_to_come_is_refused(cast, as_member):
    day = (NOW + timedelta(days=2)).date()
    answer = as_member(cast.mona).post(f"{PAGE}baselines/add/", {"name": "Soon", "day": day.isoformat()})
    assert answer.status_code == 422
    assert "past" in answer.content.decode()
    assert 'value="Soon"' in answer.content.decode()


def test_the_api_keeps_and_renames_baselines(cast, api):
    path = "/api/v1/baselines/"
    answer = api(cast.mona, "post", path, {"product": "DSP", "name": "Q3", "day": SINCE.isoformat()})
    assert answer.status_code == 201
    made = answer.json()
    assert made["day"] == SINCE.isoformat()
    answer = api(cast.mona, "patch", f"{path}{made['id']}/", {"name": "Q3 plan"}, **{"If-Match": "*"})
    assert answer.json()["name"] == "Q3 plan"
    assert api(cast.carol, "post", path, {"product": "DSP", "name": "Mine"}).status_code == 403
    assert [one["name"] for one in api(cast.carol, "get", f"{path}?product=DSP").json()["results"]] == ["Q3 plan"]
    assert api(cast.mona, "delete", f"{path}{made['id']}/").status_code == 204


def test_the_moment_of_a_day_is_its_end_in_the_workspaces_zone(cast):
    cast.workspace.edit(by=cast.actor("alice"), time_zone="Asia/Tokyo")
    cast.product.workspace.refresh_from_db()
    baseline = Baseline.keep(cast.product, "Q3", by=Actor.of(cast.mona), day=date(2026, 9, 1))
    assert baseline.moment == datetime(2026, 9, 1, 14, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize("looks", ["list", "table"])
def test_what_went_to_another_product_says_where_it_is_to_who_sees_both(cast, as_member, plans, looks):
    moved = Item.objects.filter(title="Stays")
    move(moved, cast.product, cast.secret, along=True, by=cast.actor("mona"))
    address = f"{PAGE}?compare={SINCE},&as={looks}"
    told_mona, told_dave = (as_member(one).get(address).content.decode() for one in (cast.mona, cast.dave))
    assert "Stays" in told_mona
    assert "it is SEC-1 now" in told_mona
    assert "Stays" not in told_dave
    assert "SEC-1" not in told_dave
