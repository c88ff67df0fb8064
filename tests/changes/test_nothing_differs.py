"""Setting what is so already is no change: no Change is left, nothing is told, and nothing is offered to be undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Workspace
from accounts.refusals import Refused
from changes import live
from changes.models import Change, Version
from discussion.models import Comment
from products.models import Objective
from roadmap.backlog import bulk, ranking
from roadmap.items.picking import numbered
from roadmap.models import Item, Release
from tests.factories import SYSTEM, make_customer, make_item, status

pytestmark = pytest.mark.django_db
AT = "/w/polarline/p/DSP"
DAY = date(2026, 11, 19)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def item(cast) -> Item:
    return make_item(
        cast.product, "Bar", starts_on=DAY, ends_on=DAY + timedelta(days=9), reach=5, tags=["a"], impact="2.00",
        effort="1.5", horizon="next", objective=Objective.add(cast.workspace, by=SYSTEM, name="Grow", product=cast.product),
    )  # fmt: skip


@pytest.fixture
def unchanged(monkeypatch):
    """Fails where a Change is left since, or something is told."""
    told: list[tuple[object, ...]] = []
    counted: list[int] = []

    def begin() -> None:
        counted.append(Change.objects.count())
        monkeypatch.setattr(live, "Message", lambda *values: told.append(values))

    yield begin
    assert counted == [Change.objects.count()]
    assert told == []


def fresh(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def undoable(answer) -> bool:
    return "X-Change" in answer or "/undo/" in answer.headers.get("HX-Trigger", "")


@pytest.mark.parametrize("by", ["mona", "another verb"])
@pytest.mark.parametrize(
    "names",
    [["title"], ["reach", "tags", "impact"], ["starts_on", "ends_on"], ["objective"], ["release"], ["status"], ["lead", "parent"], ["type"]],
)  # fmt: skip
def test_an_item_is_set_to_what_it_is(cast, item, unchanged, by, names):
    values = {name: getattr(fresh(item), name) for name in names}
    unchanged()
    if by == "mona":
        assert fresh(item).edit(by=cast.actor("mona"), **values) == 0
    else:
        with Change.open("test.edited", by=SYSTEM, workspace=cast.workspace) as change:
            fresh(item).edit(by=change, **values)
        assert change.pk is None
    assert fresh(item).change_id == item.change_id


def test_what_was_changed_to_the_same_by_another_meanwhile_is_no_conflict_and_no_change(cast, item, unchanged):
    seen, read = item.change_id, fresh(item)
    item.edit(by=SYSTEM, title="Both", reach=7)
    unchanged()
    assert read.edit(by=cast.actor("mona"), seen=seen, title="Both") == 0
    assert fresh(item).edit(by=cast.actor("mona"), seen=seen, reach=7) == 0


def test_days_that_end_at_the_edges_of_the_same_quarter_are_no_change(cast, item, unchanged):
    item.edit(by=SYSTEM, certainty="quarter")
    unchanged()
    assert item.edit(by=cast.actor("mona"), starts_on=DAY, ends_on=DAY + timedelta(days=3)) == 0
    assert item.starts_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("title", " Bar "), ("reach", "5"), ("tags", "a"), ("impact", "2.00"), ("effort", "1.50"), ("horizon", "next"), ("is_internal", "0")],
)  # fmt: skip
@pytest.mark.parametrize("part", ["row", "field"])
def test_enter_in_an_unchanged_cell_answers_without_a_change(cast, as_member, item, unchanged, part, name, typed):
    mona = as_member(cast.mona)
    unchanged()
    body = {"as": part, "field": name, "seen": item.change_id, name: typed}
    answer = mona.post(f"{AT}/items/{item.number}/edit/", body, headers=HTMX)
    assert answer.status_code == 200
    assert not undoable(answer)


def test_a_program_that_sends_what_is_there_changes_nothing(cast, api, item):
    seen = f'"{item.change_id}"'
    answer = api(cast.mona, "patch", "/api/v1/items/DSP-1/", {"title": "Bar", "reach": 5}, **{"If-Match": seen})
    assert (answer.status_code, answer["ETag"]) == (200, seen)
    assert not Change.objects.filter(verb="item.edited").exists()


@pytest.mark.parametrize("place", ["read", "unread", "first"])
def test_a_row_stays_where_it_is(cast, unchanged, place):
    a, b, c = (make_item(cast.product, title) for title in "abc")
    unchanged()
    if place == "read":
        found = numbered(cast.alice, cast.product, b.number, a.number, moved=b.number)
        assert found[b.number].rank_between(found[a.number], None, by=SYSTEM) == 0
        found = numbered(cast.alice, cast.product, b.number, c.number, moved=b.number)
        assert found[b.number].rank_between(None, found[c.number], by=SYSTEM) == 0
    elif place == "unread":
        assert b.rank_between(a, None, by=SYSTEM) == 0
        assert b.rank_between(None, c, by=SYSTEM) == 0
    else:
        assert a.rank_between(None, None, by=SYSTEM) == 0
    assert ranking.put(Item.objects.filter(pk__in=[b.pk, c.pk]), cast.product, by=SYSTEM, after=a)[0] == 0


def test_a_row_that_is_dropped_where_it_was_is_answered_without_undo(cast, as_member, unchanged):
    a, b = (make_item(cast.product, title) for title in "ab")
    mona = as_member(cast.mona)
    unchanged()
    answer = mona.post(f"{AT}/items/{b.number}/rank/", {"after": a.number}, headers=HTMX)
    assert answer.status_code == 204
    assert not undoable(answer)


def test_a_row_that_another_moved_meanwhile_goes_where_it_is_dropped(cast):
    a, b, c = (make_item(cast.product, title) for title in "abc")
    stale = fresh(b)
    b.rank_between(c, None, by=SYSTEM)
    assert stale.rank_between(a, None, by=SYSTEM)
    assert [item.title for item in Item.objects.of(cast.product).ranked()] == ["a", "b", "c"]


def test_bars_stay_on_their_days(cast, as_member, item, unchanged):
    mona = as_member(cast.mona)
    days = {"starts_on": item.starts_on, "ends_on": item.ends_on}
    unchanged()
    one = mona.post(f"{AT}/items/{item.number}/schedule/", {**days, "query": "layout=timeline"}, headers=HTMX)
    step = f"{item.number},{item.starts_on},{item.ends_on},{item.change_id}"
    many = mona.post(f"{AT}/items/schedule/", {"moves": step, "query": "layout=timeline"}, headers=HTMX)
    for answer in (one, many):
        assert answer.status_code == 200
        assert 'data-bar="' in answer.text
        assert not undoable(answer)


def test_of_bars_that_are_moved_together_those_that_stay_have_no_version(cast, as_member, item):
    other = make_item(cast.product, "Other", starts_on=DAY, ends_on=DAY)
    steps = [f"{item.number},{item.starts_on},{item.ends_on},", f"{other.number},{DAY},{DAY + timedelta(days=1)},"]
    answer = as_member(cast.mona).post(f"{AT}/items/schedule/", {"moves": ";".join(steps)}, headers=HTMX)
    assert "1 item moved." in answer.headers["HX-Trigger"]
    assert [one.row_id for one in Version.objects.filter(change=answer["X-Change"])] == [other.pk]


@pytest.mark.parametrize("layout", ["release", "status", "nnl"])
def test_a_card_stays_in_its_column(cast, as_member, item, unchanged, layout):
    mona = as_member(cast.mona)
    above = make_item(cast.product, "above", horizon="next")
    item.rank_between(above, None, by=SYSTEM)
    column = {"release": "", "status": status(cast.workspace, "Idea").public_id, "nnl": "next"}[layout]
    unchanged()
    for beside in ({}, {"after": f"DSP-{above.number}"}):
        body = {"moved": f"DSP-{item.number}", "list": column, **beside}
        answer = mona.post(f"{AT}/roadmap/move/?layout={layout}", body, headers=HTMX)
        assert answer.status_code == 200
        assert not undoable(answer)


def test_many_items_are_set_to_what_they_are(cast, item, unchanged):
    unchanged()
    outcome = bulk.set_for_many(Item.objects.filter(pk=item.pk), cast.product, "horizon", "next", by=SYSTEM)
    assert (outcome.change, outcome.changed) == (0, 0)


def test_a_form_that_is_saved_as_it_was_offers_no_undo(cast, as_member, unchanged):
    release = Release.add(cast.workspace, product=cast.product, by=SYSTEM, name="R1", starts_on=DAY, ends_on=DAY)
    mona = as_member(cast.mona)
    unchanged()
    assert release.edit(by=SYSTEM, name="R1") == 0
    answer = mona.post(f"{AT}/releases/{release.public_id}/edit/", {"name": "R1"}, follow=True)
    assert [(str(one), one.extra_tags) for one in answer.context["messages"]] == [("Saved", "")]


def test_a_comment_that_says_the_same_was_not_edited(cast, item, unchanged):
    comment = Comment.post(item.thread, "So it is.", by=cast.actor("mona"))
    unchanged()
    assert comment.edit(by=cast.actor("mona"), body="So it is.") == 0
    comment.refresh_from_db()
    assert comment.edited_at is None


def test_a_contract_is_noted_once_more(cast, unchanged):
    customer = make_customer(cast.workspace)
    customer.pays(cast.product, 1200, DAY, by=SYSTEM)
    unchanged()
    customer.pays(cast.product, 1200, DAY, by=SYSTEM)


def test_a_verb_that_refuses_leaves_nothing_and_one_that_writes_keeps_its_change(cast, item):
    before = Change.objects.count()
    with pytest.raises(Refused):
        item.edit(by=SYSTEM, ends_on=DAY - timedelta(days=5))
    assert Change.objects.count() == before
    with Change.open("test.silent", by=SYSTEM, workspace=cast.workspace) as change:
        Workspace.objects.filter(pk=cast.workspace.pk).update(name="Silently")
    assert Change.objects.get(pk=change.pk).versions.count() == 1
