"""Boards: which columns there are, what they count, and what a dropped card does."""

from __future__ import annotations

from datetime import date

import pytest

from feedback.models import Importance
from products.models import Objective
from roadmap.models import Horizon, Item, Release, Roadmap
from tests.cast import Cast
from tests.factories import SYSTEM, make_conversation, make_customer, make_item, status

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def board(layout: str, rest: str = "", product: str = "DSP") -> str:
    return f"/w/polarline/p/{product}/roadmap/{rest}?layout={layout}"


def kept(cast: Cast, layout: str, products=None, **fields) -> Roadmap:
    return Roadmap.keep(
        cast.workspace, f"By {layout}", products or [cast.product], by=SYSTEM, owner=cast.mona, layout=layout,
        is_shared=True, **fields,
    )  # fmt: skip


def columns(page) -> dict[str, list[str]]:
    return {column.head.name: [card.title for card in column.cards] for column in page.context["columns"]}


def test_a_board_by_status_has_a_column_for_each_but_the_dropped(cast: Cast, as_member):
    make_item(cast.product, "Idea")
    make_item(cast.product, "Built", status=status(cast.workspace, "In build"), effort="2.5")
    page = as_member(cast.mona).get(board("status"))
    found = columns(page)
    assert found["Idea"] == ["Idea"]
    assert found["In build"] == ["Built"]
    assert "Dropped" not in found
    shown = page.content.decode()
    effort = '<span class="num nowrap" title="2.5 person-weeks">2.5 pw</span></span></div></li>'
    assert effort in shown, "Numbers stand together at the end of a card."
    assert '<span class="nowrap"></span>' not in shown
    assert 'title="Effort: 2.5 person-weeks"' in shown


def test_a_card_goes_to_another_status_between_two_cards_and_undo_brings_it_back(cast: Cast, as_member):
    building = status(cast.workspace, "In build")
    first, second = (make_item(cast.product, title, status=building) for title in ("first", "second"))
    moved, mona = make_item(cast.product, "moved", effort="3"), as_member(cast.mona)
    body = {"moved": "DSP-3", "list": building.public_id, "after": "DSP-1", "before": "DSP-2"}
    answer = mona.post(board("status", "move/"), body, headers=HTMX)
    assert answer.status_code == 200
    assert answer.content.decode().count('hx-swap-oob="true"') == 2
    assert "3 pw" in answer.content.decode()
    moved.refresh_from_db()
    assert moved.status == building
    assert [item.title for item in Item.objects.of(cast.product).ranked()] == ["first", "moved", "second"]
    mona.post(f"/w/polarline/changes/{answer['X-Change']}/undo/")
    assert [item.title for item in Item.objects.of(cast.product).ranked()] == ["first", "second", "moved"]
    assert Item.objects.get(pk=moved.pk).status.name == "Idea"
    assert (first.number, second.number) == (1, 2)


@pytest.mark.parametrize("body", [
    {"moved": "DSP-1", "list": "soon"}, {"moved": "DSP-1", "list": "now", "after": "DSP-99"}, {"moved": "1", "list": "now"},
    {"moved": "DSP-1"}, {},
])  # fmt: skip
def test_a_move_that_cannot_be_is_refused_in_a_sentence(cast: Cast, as_member, body):
    make_item(cast.product, "One", horizon=Horizon.LATER)
    answer = as_member(cast.mona).post(board("nnl", "move/"), body, headers=HTMX)
    assert answer.status_code == 422
    assert answer.content.decode().endswith(".")
    assert Item.objects.get().horizon == Horizon.LATER


def test_on_a_board_of_two_products_each_card_keeps_to_its_own(cast: Cast, as_member):
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=date(2026, 12, 8))
    make_item(cast.product, "Of DSP", release=release)
    make_item(cast.secret, "Of SEC")
    roadmap, mona = kept(cast, "release", [cast.product, cast.secret]), as_member(cast.mona)
    address = f"/w/polarline/roadmaps/{roadmap.public_id}/"
    assert columns(mona.get(address)) == {"5.2": ["Of DSP"], "Not planned": ["Of SEC"]}
    assert "DSP 5.2" in mona.get(address).content.decode()
    answer = mona.post(f"{address}move/", {"moved": "SEC-1", "list": release.public_id}, headers=HTMX)
    assert "of another product" in answer.content.decode()
    assert mona.post(f"{address}move/", {"moved": "DSP-1", "list": ""}, headers=HTMX).status_code == 200
    assert Item.objects.get(title="Of DSP").release is None
    dave = as_member(cast.dave)
    assert dave.post(f"{address}move/", {"moved": "SEC-1", "list": ""}, headers=HTMX).status_code == 404
    assert (
        as_member(cast.carol).post(f"{address}move/", {"moved": "DSP-1", "list": ""}, headers=HTMX).status_code == 403
    )


def test_a_limit_is_shown_when_it_is_passed_and_never_refuses(cast: Cast, as_member):
    for title in ("One", "Two"):
        make_item(cast.product, title, horizon=Horizon.NOW)
    make_item(cast.product, "Three", horizon=Horizon.NEXT)
    roadmap, mona = kept(cast, "nnl"), as_member(cast.mona)
    address = f"/w/polarline/roadmaps/{roadmap.public_id}/"
    assert mona.post(f"{address}limits/now/", {"limit": "0"}).status_code == 422
    mona.post(f"{address}limits/now/", {"limit": "2"})
    assert "more than the limit" not in mona.get(address).content.decode()
    answer = mona.post(f"{address}move/", {"moved": "DSP-3", "list": "now"}, headers=HTMX)
    assert "1 more than the limit" in answer.content.decode()
    assert "3 / 2" in mona.get(address).content.decode()
    mona.post(f"{address}limits/now/", {"limit": ""})
    assert "more than the limit" not in mona.get(address).content.decode()


def test_a_limit_leads_back_to_the_board_as_it_was_looked_at(cast: Cast, as_member):
    roadmap = Roadmap.keep(cast.workspace, "Board", [cast.product], by=SYSTEM, owner=cast.mona, layout="nnl")
    page, mona = f"/w/polarline/roadmaps/{roadmap.public_id}/", as_member(cast.mona)
    building = status(cast.workspace, "In build").public_id
    seen = f"http://testserver{page}?layout=status"
    answer = mona.post(f"{page}limits/{building}/", {"limit": 1}, headers={"Referer": seen})
    assert answer["Location"] == seen
    for elsewhere in ("https://elsewhere.example.com" + page, "http://testserver/w/polarline/", ""):
        answer = mona.post(f"{page}limits/{building}/", {"limit": 2}, headers={"Referer": elsewhere})
        assert answer["Location"] == page


def test_two_people_limit_two_columns_at_once_and_both_limits_hold(cast: Cast):
    roadmap = kept(cast, "nnl")
    first, second = (Roadmap.objects.get(pk=roadmap.pk) for _n in range(2))
    first.limit("now", 2, by=cast.actor("mona"))
    second.limit("next", 5, by=cast.actor("anton"))
    second.limit("later", None, by=cast.actor("anton"))
    roadmap.refresh_from_db()
    assert roadmap.limits == {"now": 2, "next": 5}


def test_who_only_looks_gets_no_handles(cast: Cast, as_member):
    make_item(cast.product, "One", horizon=Horizon.NOW)
    for layout in ("nnl", "status", "release"):
        page = as_member(cast.carol).get(board(layout)).content.decode()
        assert "One" in page
        assert "data-grab" not in page
        assert "<c-sortable" not in page
    assert as_member(cast.carol).post(board("nnl", "move/"), {"moved": "DSP-1", "list": "next"}).status_code == 403


def test_far_columns_come_when_they_are_asked_for_with_or_without_javascript(cast: Cast, as_member):
    for n in range(8):
        release = Release.plan(cast.product, f"R{n}", by=SYSTEM, ends_on=date(2027, 1, 1 + n))
        for _card in range(22 if n == 0 else 1):
            make_item(cast.product, f"Card of R{n}", release=release)
    mona = as_member(cast.mona)
    page = mona.get(board("release"))
    assert [len(column.cards) for column in page.context["columns"]] == [15, 1, 1, 1, 1, 0, 0, 0, 0]
    assert "7 more" in page.content.decode()
    assert "Card of R7" not in page.content.decode()
    key = Release.objects.get(name="R7").public_id
    assert "Card of R7" in mona.get(board("release") + f"&column={key}").content.decode()
    part = mona.get(board("release") + f"&column={key}", headers=HTMX).content.decode()
    assert part.startswith('<li class="bcard"')
    assert part.count("data-id=") == 1
    assert mona.get(board("release") + "&column=nowhere", headers=HTMX).status_code == 404


def test_the_horizon_leaves_out_releases_beyond_it(cast: Cast, as_member):
    today = cast.workspace.today()
    for name, year in (("Past", today.year - 2), ("Soon", today.year), ("Far", today.year + 3)):
        Release.plan(cast.product, name, by=SYSTEM, ends_on=date(year, today.month, 15))
    page = as_member(cast.mona).get(board("release") + "&from=-6&to=12")
    assert list(columns(page)) == ["Soon", "Not planned"]


def test_a_board_asks_as_much_for_thirty_columns_as_for_three(cast: Cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for target in (3, 30):
        while Release.objects.count() < target:
            release = Release.plan(cast.product, f"R{Release.objects.count()}", by=SYSTEM)
            make_item(cast.product, "Card", release=release, lead=cast.bob)
        counts.append([count_queries(lambda one=one: mona.get(board(one) + "&shows=demand,lead,result,problem")) for one in
                       ("release", "status", "list", "timeline")])  # fmt: skip
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 10


EVIL = "<script>alert('x')</script> & “%s” {0}"


@pytest.mark.parametrize("layout", ["nnl", "status", "release", "list", "timeline"])
def test_what_people_typed_is_text_on_each_layout(cast: Cast, as_member, layout):
    release = Release.plan(cast.product, EVIL, by=SYSTEM, ends_on=date(2026, 12, 8))
    make_item(cast.product, EVIL, horizon=Horizon.NOW, release=release, tags=[EVIL[:30]], starts_on=date(2026, 12, 1),
              ends_on=date(2026, 12, 8))  # fmt: skip
    roadmap = kept(cast, layout, shows=["key", "status", "release", "tags", "dates"])
    page = as_member(cast.mona).get(f"/w/polarline/roadmaps/{roadmap.public_id}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_column_counts_a_customer_once_with_its_revenue(cast: Cast, as_member):
    customer = make_customer(cast.workspace, "Nordfrakt")
    customer.pays(cast.product, 5000, by=SYSTEM)
    for title in ("One", "Two"):
        item = make_item(cast.product, title, horizon=Horizon.NOW)
        make_conversation(customer, "We need it.").link("need it", item=item, importance=Importance.CRITICAL, by=SYSTEM)
    now = as_member(cast.mona).get(board("nnl")).context["columns"][0]
    assert [text for _label, text in now.sums] == ["1 customer · €5k"]


def test_a_long_goal_is_told_where_its_tag_is_pointed_at(cast: Cast, as_member):
    long = "Know what a consignment emits, to audit grade"
    for name in (long, "Short"):
        goal = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name=name)
        make_item(cast.product, f"For {name}", objective=goal)
    page = as_member(cast.mona).get(board("status")).content.decode()
    assert f'<span class="tag" title="{long}">{long}</span>' in page
    assert '<span class="tag">Short</span>' in page
