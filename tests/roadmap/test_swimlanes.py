"""Boards with lanes: what stands in which cell, what is summed up, and what a card dropped into another lane gets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from changes.models import Change
from feedback.models import Importance
from products.models import Initiative, Objective
from roadmap.models import CustomField, Horizon, Item, Release, Roadmap
from roadmap.plans.designs import Design
from tests.cast import Cast
from tests.factories import SYSTEM, make_conversation, make_customer, make_item, status

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
AT = "/w/polarline/p/DSP/roadmap/"


def board(layout: str, lanes: str, rest: str = "") -> str:
    return f"{AT}{rest}?layout={layout}&lanes={lanes}"


def goal(cast: Cast, name: str, product=None) -> Objective:
    return Objective.add(cast.workspace, by=SYSTEM, name=name, product=product or cast.product)


def kept(cast: Cast, layout: str, products=None, **fields) -> Roadmap:
    return Roadmap.keep(
        cast.workspace, f"By {layout}", products or [cast.product], by=SYSTEM, owner=cast.mona, layout=layout,
        is_shared=True, **fields,
    )  # fmt: skip


def cells(page) -> dict[str, dict[str, list[str]]]:
    """Lane → column → titles, of what is not empty."""
    names = {column.head.key: column.head.name for column in page.context["columns"]}
    return {
        lane.name: {names[key]: [card.title for card in cell.cards] for key, cell in lane.cells.items() if cell.count}
        for lane in page.context["lanes"]
    }


def test_a_board_has_no_lanes_until_somebody_chooses_some(cast: Cast, as_member):
    make_item(cast.product, "One", horizon=Horizon.NOW, objective=goal(cast, "Grow"))
    mona = as_member(cast.mona)
    for address in (f"{AT}?layout=nnl", board("nnl", "none"), board("release", "release")):
        assert "data-lane" not in mona.get(address).content.decode()
    assert cells(mona.get(board("nnl", "objective"))) == {"Grow": {"Now": ["One"]}}
    assert (
        "objective" in Design.of({"layout": "nnl"}).shown,
        Design.of({"layout": "nnl", "lanes": "objective"}).shown,
    ) == (True, ("lead",))
    assert Design.of({"layout": "nnl"}).lanes == "none"
    assert Design.of({"layout": "timeline"}).lanes == "objective"


def test_what_nobody_chose_does_not_come_along_to_another_layout(cast: Cast, as_member):
    page = as_member(cast.mona).get(f"{AT}?layout=timeline&lanes=objective&zoom=year").content.decode()
    assert 'href="?layout=nnl&amp;zoom=year"' in page
    page = as_member(cast.mona).get(f"{AT}?layout=timeline&lanes=team").content.decode()
    assert 'href="?layout=nnl&amp;lanes=team"' in page


def test_a_kept_roadmap_follows_its_layout_until_its_lanes_are_chosen(cast: Cast):
    assert kept(cast, "nnl").lanes == "none"
    roadmap = kept(cast, "timeline")
    roadmap.edit(by=SYSTEM, layout="status")
    assert Roadmap.objects.get(pk=roadmap.pk).lanes == "none"
    roadmap.edit(by=SYSTEM, lanes="objective")
    roadmap.edit(by=SYSTEM, layout="release")
    found = Roadmap.objects.get(pk=roadmap.pk)
    assert found.lanes == "objective"
    assert Design.of(dict(found.design.pairs())) == found.design


def test_each_lane_has_its_cards_and_sums_and_the_columns_those_of_all(cast: Cast, as_member):
    grow, keep, building = goal(cast, "Grow"), goal(cast, "Keep"), status(cast.workspace, "In build")
    make_item(cast.product, "a", objective=keep, effort="2")
    make_item(cast.product, "b", objective=grow, effort="3", status=building)
    make_item(cast.product, "c", objective=grow, effort="4")
    make_item(cast.product, "d")
    page = as_member(cast.mona).get(board("status", "objective"))
    assert cells(page) == {
        "Keep": {"Idea": ["a"]}, "Grow": {"Idea": ["c"], "In build": ["b"]}, "No goal": {"Idea": ["d"]},
    }  # fmt: skip
    assert [(lane.count, str(lane.effort)) for lane in page.context["lanes"]] == [(1, "2.00"), (2, "7.00"), (1, "0")]
    counted = {column.head.name: (column.count, str(column.effort)) for column in page.context["columns"]}
    assert counted["Idea"] == (3, "6.00")
    assert "7 pw" in page.content.decode()


def test_lanes_by_each_kind_of_field(cast: Cast, as_member):
    segment = CustomField.define(cast.workspace, "Segment", "select", by=SYSTEM, options=["Large", "Small"])
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=date(2026, 12, 8))
    bet = Initiative.add(cast.workspace, by=SYSTEM, name="Offline", product=cast.product)
    item = make_item(cast.product, "One", horizon=Horizon.NOW, release=release, initiative=bet, lead=cast.bob)
    item.edit(by=SYSTEM, custom={segment.key: segment.stored("Small")})
    make_item(cast.product, "Two", horizon=Horizon.NOW)
    mona = as_member(cast.mona)
    expected = {"release": ["5.2", "No release"], "initiative": ["Offline", "No initiative"], "product": [cast.product.name],
                segment.key: ["Small", "No “Segment”"]}  # fmt: skip
    for lanes, names in expected.items():
        assert list(cells(mona.get(board("nnl", lanes)))) == names
    assert mona.get(board("nnl", "line")).context["lanes"][0].count == 2
    assert sum(lane.count for lane in mona.get(board("nnl", "team")).context["lanes"]) == 2
    assert "data-lane" not in mona.get(board("nnl", "f00000000")).content.decode()


def test_a_card_dropped_into_another_lane_gets_its_field_and_one_undo_takes_back_both(cast: Cast, as_member):
    grow, keep = goal(cast, "Grow"), goal(cast, "Keep")
    beside = make_item(cast.product, "beside", horizon=Horizon.NEXT, objective=keep)
    item, mona = make_item(cast.product, "moved", horizon=Horizon.NOW, objective=grow, effort="3"), as_member(cast.mona)
    body = {"moved": "DSP-2", "list": "next", "lane": keep.public_id, "before": "DSP-1"}
    answer = mona.post(board("nnl", "objective", "move/"), body, headers=HTMX)
    assert answer.status_code == 200
    assert "DSP-2: Keep, Next" in answer.headers["HX-Trigger"]
    text = answer.text
    assert text.count('hx-swap-oob="true"') == 4
    assert f'id="lane-{grow.public_id}"' in text
    item.refresh_from_db()
    assert (item.objective, item.horizon) == (keep, "next")
    assert [one.title for one in Item.objects.of(cast.product).ranked()] == ["moved", "beside"]
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    item.refresh_from_db()
    assert (item.objective, item.horizon) == (grow, "now")
    assert [one.title for one in Item.objects.of(cast.product).ranked()] == ["beside", "moved"]
    assert beside.number == 1
    mona.post(board("nnl", "objective", "move/"), {**body, "lane": ""}, headers=HTMX)
    assert Item.objects.get(pk=item.pk).objective is None


@pytest.mark.parametrize("lanes", ["product", "line", "team", "own"])
def test_a_lane_that_a_drag_does_not_settle_is_refused_and_nothing_moves(cast: Cast, as_member, lanes):
    own = CustomField.define(cast.workspace, "Segment", "select", by=SYSTEM, options=["Large", "Small"])
    item, before = make_item(cast.product, "One", horizon=Horizon.NOW), Change.objects.count()
    address = board("nnl", own.key if lanes == "own" else lanes, "move/")
    answer = as_member(cast.mona).post(address, {"moved": "DSP-1", "list": "next", "lane": "x"}, headers=HTMX)
    assert answer.status_code == 422
    assert "cannot be dragged into another of these lanes" in answer.text
    assert Item.objects.get(pk=item.pk).horizon == "now"
    assert Change.objects.count() == before
    answer = as_member(cast.mona).post(address, {"moved": "DSP-1", "list": "next"}, headers=HTMX)
    assert answer.status_code == 200


def test_a_goal_of_another_product_takes_no_card(cast: Cast, as_member):
    theirs, item = goal(cast, "Theirs", cast.secret), make_item(cast.product, "One", horizon=Horizon.NOW)
    roadmap = kept(cast, "nnl", [cast.product, cast.secret], lanes="objective")
    address = f"/w/polarline/roadmaps/{roadmap.public_id}/move/"
    body = {"moved": "DSP-1", "list": "now", "lane": theirs.public_id}
    answer = as_member(cast.mona).post(address, body, headers=HTMX)
    assert answer.status_code == 422
    assert "This lane is of another product" in answer.text
    assert Item.objects.get(pk=item.pk).objective is None
    assert as_member(cast.carol).post(address, body, headers=HTMX).status_code == 403


def test_a_move_within_a_lane_takes_no_more_statements_than_without_lanes(
    cast, as_member, django_assert_max_num_queries
):
    make_item(cast.product, "One", horizon=Horizon.NOW, objective=goal(cast, "Grow"))
    mona = as_member(cast.mona)
    mona.post(board("nnl", "objective", "move/"), {"moved": "DSP-1", "list": "later"}, headers=HTMX)
    with django_assert_max_num_queries(4):
        answer = mona.post(board("nnl", "objective", "move/"), {"moved": "DSP-1", "list": "next"}, headers=HTMX)
    assert answer.text.count('hx-swap-oob="true"') == 2
    assert 'id="lane-' not in answer.text


def test_a_folded_lane_shows_its_sums_alone(cast: Cast, as_member):
    grow = goal(cast, "Grow")
    make_item(cast.product, "Hidden", horizon=Horizon.NOW, objective=grow, effort="5")
    make_item(cast.product, "Shown", horizon=Horizon.NOW)
    page = as_member(cast.mona).get(f"{board('nnl', 'objective')}&fold={grow.public_id}").content.decode()
    assert "Hidden" not in page
    assert "Shown" in page
    assert "5 pw" in page
    assert 'aria-label="Unfold Grow"' in page
    assert 'href="?layout=nnl&amp;lanes=objective"' in page


def test_full_and_far_cells_come_when_they_are_asked_for_with_or_without_javascript(cast: Cast, as_member):
    release = [Release.plan(cast.product, f"R{n}", by=SYSTEM, ends_on=date(2027, 1, 1 + n)) for n in range(6)]
    for n in range(8):
        make_item(cast.product, f"Near {n}", release=release[0])
    make_item(cast.product, "Far", release=release[5])
    mona = as_member(cast.mona)
    page = mona.get(board("release", "objective"))
    assert [len(cell.cards) for cell in page.context["lanes"][0].cells.values()] == [6, 0, 0, 0, 0, 0, 0]
    assert "2 more" in page.text
    assert "Far" not in page.text
    far = f"{board('release', 'objective')}&column={release[5].public_id}&lane=-"
    assert "Far" in mona.get(far).text
    part = mona.get(far, headers=HTMX).text
    assert part.startswith('<li class="bcard"')
    assert part.count("data-id=") == 1
    near = mona.get(f"{board('release', 'objective')}&column={release[0].public_id}&lane=-", headers=HTMX).text
    assert near.count("data-id=") == 8
    for gone in (f"&column={release[0].public_id}&lane=nowhere", "&column=nowhere&lane=-"):
        assert mona.get(board("release", "objective") + gone, headers=HTMX).status_code == 404


def test_a_board_with_lanes_asks_as_much_for_thirty_lanes_as_for_three(cast: Cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for target in (3, 30):
        while Objective.objects.count() < target:
            one = goal(cast, f"Goal {Objective.objects.count()}")
            release = Release.plan(cast.product, one.name, by=SYSTEM)
            make_item(cast.product, "Card", release=release, objective=one, horizon=Horizon.NOW, lead=cast.bob)
        counts.append(
            [count_queries(lambda one=one: mona.get(board(one, "objective"))) for one in ("release", "status", "nnl")]
        )
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


def test_a_lane_counts_a_customer_once_over_all_its_columns(cast: Cast, as_member):
    customer, grow = make_customer(cast.workspace, "Nordfrakt"), goal(cast, "Grow")
    customer.pays(cast.product, 5000, by=SYSTEM)
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=date(2027, 1, 1))
    for title, at in (("One", release), ("Two", None)):
        item = make_item(cast.product, title, release=at, objective=grow)
        make_conversation(customer, "We need it.").link("need it", item=item, importance=Importance.CRITICAL, by=SYSTEM)
    [lane] = as_member(cast.mona).get(board("release", "objective")).context["lanes"]
    assert [text for _label, text in lane.sums] == ["1 customer · €5k"]


def test_a_board_with_lanes_as_it_stood_on_a_past_day(cast: Cast, as_member):
    yesterday = cast.workspace.today() - timedelta(days=1)
    item = make_item(cast.product, "One", horizon=Horizon.NOW, objective=goal(cast, "Grow"))
    page = as_member(cast.mona).get(f"{board('nnl', 'objective')}&as_of={yesterday}")
    assert page.status_code == 200
    assert cells(page) == {}
    assert "data-grab" not in page.text
    assert item.number == 1


def test_who_sees_one_product_of_a_board_sees_no_lane_of_the_other(cast: Cast, as_member):
    make_item(cast.product, "Ours", horizon=Horizon.NOW, objective=goal(cast, "Grow"))
    make_item(cast.secret, "Theirs", horizon=Horizon.NOW, objective=goal(cast, "Hidden", cast.secret))
    roadmap = kept(cast, "nnl", [cast.product, cast.secret], lanes="objective")
    address = f"/w/polarline/roadmaps/{roadmap.public_id}/"
    assert list(cells(as_member(cast.mona).get(address))) == ["Grow", "Hidden"]
    assert list(cells(as_member(cast.dave).get(address))) == ["Grow"]


def test_names_of_lanes_are_text(cast: Cast, as_member):
    evil = "<script>alert('x')</script>"
    make_item(cast.product, "One", horizon=Horizon.NOW, objective=goal(cast, evil))
    page = as_member(cast.mona).get(board("nnl", "objective")).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
