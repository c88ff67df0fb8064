from datetime import date

import pytest

from accounts.refusals import Refused
from changes.models import Change
from roadmap.models import Horizon, Item, ItemLink, Release
from roadmap.timelines.scheduling import waiting_for
from tests.factories import SYSTEM, make_item, status

QUERY = "layout=timeline&zoom=quarter&at=2026-11-19"


def at(product, path=""):
    return f"/w/{product.workspace.slug}/p/{product.key}/{path}"


def dated(product, title, start, end, **fields):
    return make_item(product, title, starts_on=date.fromisoformat(start), ends_on=date.fromisoformat(end), **fields)


def test_a_bar_moves_and_undo_restores_both_dates(cast, as_member):
    item = dated(cast.product, "Offline notes", "2026-10-26", "2027-01-08")
    mona = as_member(cast.mona)
    answer = mona.post(
        at(cast.product, f"items/{item.number}/schedule/"),
        {"starts_on": "2026-11-02", "ends_on": "2027-01-22", "seen": item.change_id, "query": QUERY},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    assert "Offline notes" in answer.content.decode()
    item.refresh_from_db()
    assert (item.starts_on, item.ends_on) == (date(2026, 11, 2), date(2027, 1, 22))
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    item.refresh_from_db()
    assert (item.starts_on, item.ends_on) == (date(2026, 10, 26), date(2027, 1, 8))


def test_a_move_that_somebody_else_made_first_is_a_conflict(cast, as_member):
    item = dated(cast.product, "Contested", "2026-10-26", "2027-01-08")
    seen = item.change_id
    item.edit(by=cast.actor("bob"), starts_on=date(2026, 10, 1), ends_on=date(2026, 12, 1))
    answer = as_member(cast.mona).post(
        at(cast.product, f"items/{item.number}/schedule/"),
        {"starts_on": "2026-11-02", "ends_on": "2027-01-22", "seen": seen, "query": QUERY},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 409
    assert "Bob" in answer.content.decode()


def test_an_end_before_its_start_and_half_a_span_are_refused(cast, as_member):
    item = dated(cast.product, "Firm", "2026-10-26", "2027-01-08")
    mona = as_member(cast.mona)
    for body in (
        {"starts_on": "2026-11-02", "ends_on": "2026-11-01"},
        {"starts_on": "2026-11-02", "ends_on": ""},
        {"starts_on": "soon", "ends_on": "2026-11-01"},
    ):
        assert mona.post(at(cast.product, f"items/{item.number}/schedule/"), body).status_code == 422
    item.refresh_from_db()
    assert item.starts_on == date(2026, 10, 26)


def test_lanes_are_goals_or_releases(cast, as_member):
    release = Release.plan(cast.product, "5.3 Quiet cab", by=SYSTEM, ends_on=date(2027, 2, 16))
    dated(cast.product, "With release", "2026-10-26", "2027-01-08", release=release)
    dated(cast.product, "Without", "2026-10-26", "2027-01-08")
    page = as_member(cast.carol).get(at(cast.product, f"roadmap/?{QUERY}&lanes=release"))
    assert [lane.name for lane in page.context["plan"].placed.lanes] == ["5.3 Quiet cab", "No release"]
    assert "data-seen" not in page.content.decode()  # a viewer moves nothing


def test_a_dependency_that_starts_too_early_is_named(cast, as_member):
    first = dated(cast.product, "Board", "2026-10-26", "2027-01-08")
    second = dated(cast.product, "Re-plan", "2026-12-01", "2027-02-08")
    ItemLink.add(second, "needs", first, by=SYSTEM)
    page = as_member(cast.mona).get(at(cast.product, f"roadmap/?{QUERY}"))
    assert [arrow.sentence for arrow in page.context["plan"].placed.conflicts] == ["Re-plan starts before Board ends."]


@pytest.mark.parametrize("over", ["Shipped", "Won't do"])
@pytest.mark.parametrize("end", [0, 1])
def test_what_is_shipped_or_dropped_neither_blocks_nor_waits(cast, as_member, end, over):
    first = dated(cast.product, "Board", "2026-10-26", "2027-01-08")
    second = dated(cast.product, "Re-plan", "2026-12-01", "2027-02-08")
    ItemLink.add(second, "needs", first, by=SYSTEM)
    assert waiting_for(first, cast.mona)
    beside = at(cast.product, f"items/{second.number}/")
    assert "the dates overlap" in as_member(cast.mona).get(beside).content.decode()
    (first, second)[end].move_to(status(cast.workspace, over), by=SYSTEM)
    page = as_member(cast.mona).get(at(cast.product, f"roadmap/?{QUERY}"))
    plan = page.context["plan"].placed
    assert (len(plan.arrows), plan.conflicts) == (1, [])
    first.refresh_from_db()
    assert not waiting_for(first, cast.mona)
    assert "the dates overlap" not in as_member(cast.mona).get(beside).content.decode()


def test_the_timeline_asks_as_many_questions_for_thirty_bars_as_for_three(cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for target in (3, 30):
        while Item.objects.of(cast.product).count() < target:
            dated(cast.product, "Bar", "2026-10-26", "2027-01-08", lead=cast.bob)
        counts.append(count_queries(lambda: mona.get(at(cast.product, f"roadmap/?{QUERY}"))))
    assert counts[0] == counts[1]


def test_cards_move_between_now_next_and_later_in_one_change(cast, as_member):
    first, second = (make_item(cast.product, title, horizon=Horizon.NEXT) for title in "ab")
    mona = as_member(cast.mona)
    answer = mona.post(
        at(cast.product, f"items/{second.number}/horizon/"),
        {"list": "now", "before": first.number},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204
    second.refresh_from_db()
    assert second.horizon == "now"
    assert [item.title for item in Item.objects.of(cast.product).ranked()] == ["b", "a"]
    assert Change.objects.get(pk=answer["X-Change"]).verb == "item.arranged"
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    second.refresh_from_db()
    assert second.horizon == "next"
    assert [item.title for item in Item.objects.of(cast.product).ranked()] == ["a", "b"]


def test_the_board_has_a_column_for_each_release_and_cards_move_between_them(cast, as_member):
    release = Release.plan(cast.product, "5.2 Backhaul", by=SYSTEM, ends_on=date(2026, 12, 8))
    item = make_item(cast.product, "Ratings")
    mona = as_member(cast.mona)
    mona.post(at(cast.product, f"items/{item.number}/release/"), {"list": release.public_id})
    item.refresh_from_db()
    assert item.release == release
    page = mona.get(at(cast.product, "releases/"))
    assert [len(column.cards) for column in page.context["columns"]] == [1, 0]


def test_shipping_a_release_ships_what_is_in_build_and_undo_turns_all_of_it_back(cast, as_member):
    release = Release.plan(cast.product, "5.2 Backhaul", by=SYSTEM)
    building = make_item(cast.product, release=release, status=status(cast.workspace, "In build"))
    idea = make_item(cast.product, release=release)
    mona = as_member(cast.mona)
    mona.post(at(cast.product, f"releases/{release.public_id}/ship/"))
    building.refresh_from_db()
    idea.refresh_from_db()
    assert (building.status.name, idea.status.name) == ("Shipped", "Idea")
    release.refresh_from_db()
    mona.post(f"/w/polarline/changes/{release.change_id}/undo/")
    building.refresh_from_db()
    release.refresh_from_db()
    assert (building.status.name, building.shipped_at, release.released_at) == ("In build", None, None)


def test_a_taken_release_name_is_refused_with_what_was_typed(cast, as_member):
    Release.plan(cast.product, "5.2", by=SYSTEM)
    answer = as_member(cast.mona).post(at(cast.product, "releases/add/"), {"name": "5.2", "description": "my notes"})
    assert answer.status_code == 422
    assert "my notes" in answer.content.decode()
    assert "release of that name" in answer.content.decode()


def test_circles_of_dependencies_are_refused_with_the_path(cast):
    a, b, c = (make_item(cast.product, title) for title in "abc")
    ItemLink.add(b, "needs", a, by=SYSTEM)
    ItemLink.add(c, "needs", b, by=SYSTEM)
    with pytest.raises(Refused, match="DSP-3 blocks DSP-1 blocks DSP-2 blocks DSP-3"):
        ItemLink.add(a, "needs", c, by=SYSTEM)


def test_who_moves_a_bar_hears_nothing_of_items_out_of_sight(cast, as_member):
    """An item of a product that is limited to teams needs the one that moves: Dave, outside of them, is not told of it."""
    item = dated(cast.product, "Foundation", "2026-10-26", "2026-11-08")
    hidden = dated(cast.secret, "Hidden", "2026-11-10", "2026-12-08")
    ItemLink.add(hidden, "needs", item, by=cast.actor("mona"))
    body = {"starts_on": "2026-11-02", "ends_on": "2026-11-22", "query": QUERY}
    for who, told in ((cast.dave, False), (cast.mona, True)):
        item.refresh_from_db()
        answer = as_member(who).post(
            at(cast.product, f"items/{item.number}/schedule/"), {**body, "seen": item.change_id},
            headers={"HX-Request": "true"},
        )  # fmt: skip
        assert answer.status_code == 200
        assert ("dependent item" in str(answer.headers)) is told
