"""What the timeline and the horizons draw: text stays text, filters and people decide what is there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse

from products.models import Objective
from roadmap.models import Horizon, Item, ItemLink, Release
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status
from ui import formats

pytestmark = pytest.mark.django_db
EVIL = "<script>alert('x')</script> & “%s” {0}"
SAID = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; “%s” {0}"
DAY = date(2026, 11, 19)


def roadmap(product, query: str = "zoom=quarter&at=2026-11-19") -> str:
    return f"/w/{product.workspace.slug}/p/{product.key}/roadmap/?{query}"


def dated(product, title: str, start: date = DAY, days: int = 20, **fields) -> Item:
    return make_item(product, title, starts_on=start, ends_on=start + timedelta(days=days), **fields)


def test_titles_goals_and_releases_are_text_whatever_they_hold(cast: Cast, as_member):
    goal = Objective.add(cast.workspace, product=cast.product, name=EVIL, by=SYSTEM)
    Release.plan(cast.product, EVIL, by=SYSTEM, ends_on=DAY)
    first = dated(cast.product, EVIL, objective=goal)
    ItemLink.add(dated(cast.product, EVIL, objective=goal), "needs", first, by=SYSTEM)
    make_item(cast.product, EVIL, horizon=Horizon.NOW, objective=goal)
    mona = as_member(cast.mona)
    for query in ("zoom=quarter&at=2026-11-19", "lanes=release&at=2026-11-19", "layout=nnl"):
        page = mona.get(roadmap(cast.product, query)).content.decode()
        assert "<script>alert" not in page
        assert SAID in page


def test_a_bar_says_its_place_its_days_and_its_status(cast: Cast, as_member):
    item = dated(cast.product, "Live ETA", status=status(cast.workspace, "Shipped"))
    page = as_member(cast.mona).get(roadmap(cast.product)).content.decode()
    assert 'class="bar is-shipped" style="--from:49;--days:21;--row:0;--p:100"' in page
    address = f"/w/polarline/p/DSP/items/{item.number}/"
    assert f'data-seen="{item.change_id}"><a class="bar__body" href="{address}"' in page
    place = ["polarline", "DSP", item.number]
    # <c-timeline> finds below a bar's address where it is moved, followed and linked.
    assert [reverse(f"roadmap:item_{name}", args=place) for name in ("schedule", "follow", "arrow")] == [
        f"{address}{name}/" for name in ("schedule", "follow", "arrow")
    ]
    span = formats.span(item.starts_on, item.ends_on, cast.workspace.today())
    assert f", {span}, Shipped" in unescape(page)


def test_bars_outside_the_window_and_half_spans_are_not_drawn(cast: Cast, as_member):
    dated(cast.product, "Long ago", DAY - timedelta(days=400))
    make_item(cast.product, "Only a start", starts_on=DAY)
    plan = as_member(cast.mona).get(roadmap(cast.product)).context["plan"]
    assert (plan.placed.lanes, plan.tray) == ([], [])


def test_the_tray_counts_all_that_wait_and_shows_forty(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Waiting {n}"} for n in range(43)], by=SYSTEM)
    dated(cast.product, "Scheduled")
    mona, part = as_member(cast.mona), {"headers": {"X-Requested-With": "fetch"}}
    page = mona.get(roadmap(cast.product))
    plan = page.context["plan"]
    assert (len(plan.tray), plan.tray_count) == (40, None)
    assert plan.tray[0].title == "Waiting 0"
    assert '<span class="tray__all" data-more>40+</span>' in page.content.decode()
    for asked in ("waiting=", "numbers=1", "first=2026-11-01&last=2026-12-31"):
        answer = mona.get(roadmap(cast.product, f"origin=2026-10-01&{asked}"), **part).content.decode()
        assert '<span data-part="waiting"><span class="tray__all">43</span></span>' in answer


def test_few_that_wait_are_counted_with_the_page_and_a_filter_holds_for_the_count(cast: Cast, as_member):
    Item.add_many(cast.product, [{"title": f"Waiting {n}"} for n in range(40)], by=SYSTEM)
    Item.add_many(cast.product, [{"title": f"Other {n}"} for n in range(3)], by=SYSTEM)
    mona = as_member(cast.mona)
    page = mona.get(roadmap(cast.product, "at=2026-11-19&q=waiting"))
    assert page.context["plan"].tray_count == 40
    assert 'data-part="waiting">40</span>' in page.content.decode()
    part = {"headers": {"X-Requested-With": "fetch"}}
    for asked, count in (("q=waiting", 40), ("q=other", 3), ("score.gte=much", 0), ("", 43)):
        answer = mona.get(roadmap(cast.product, f"origin=2026-10-01&waiting=&{asked}"), **part).content.decode()
        assert re.search(r">(\d+)<", answer)[1] == str(count)


def test_a_filter_holds_for_bars_tray_and_cards(cast: Cast, as_member):
    for title in ("Find me", "Other"):
        dated(cast.product, title)
        make_item(cast.product, f"{title} later", horizon=Horizon.LATER)
    mona = as_member(cast.mona)
    plan = mona.get(roadmap(cast.product, "at=2026-11-19&q=find")).context["plan"]
    assert [bar.label for lane in plan.placed.lanes for bar in lane.bars] == ["Find me"]
    assert [item.title for item in plan.tray] == ["Find me later"]
    columns = mona.get(roadmap(cast.product, "layout=nnl&q=find")).context["columns"]
    assert [card.title for column in columns for card in column.cards] == ["Find me later"]


def test_a_filter_that_cannot_be_read_shows_nothing_and_says_so(cast: Cast, as_member):
    dated(cast.product, "Scheduled")
    page = as_member(cast.mona).get(roadmap(cast.product, "at=2026-11-19&score.gte=much"))
    assert page.context["plan"].placed.lanes == []
    assert "is not a number" in page.content.decode()


def test_each_product_has_its_own_plan(cast: Cast, as_member):
    dated(cast.product, "Of DSP")
    dated(cast.secret, "Of SEC")
    make_item(cast.secret, "Card of SEC", horizon=Horizon.NOW)
    mona, dave = as_member(cast.mona), as_member(cast.dave)
    for _again in range(2):
        assert "Of SEC" in mona.get(roadmap(cast.secret)).content.decode()
        assert "Of DSP" in dave.get(roadmap(cast.product)).content.decode()
        assert "SEC" not in dave.get(roadmap(cast.product)).content.decode()
        assert dave.get(roadmap(cast.secret)).status_code == 404


def test_now_next_later_asks_as_many_questions_for_thirty_cards_as_for_three(cast: Cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for target in (3, 30):
        while Item.objects.of(cast.product).count() < target:
            make_item(cast.product, "Card", horizon=Horizon.NOW, lead=cast.bob)
        counts.append(count_queries(lambda: mona.get(roadmap(cast.product, "layout=nnl"))))
    assert counts[0] == counts[1] <= 10
