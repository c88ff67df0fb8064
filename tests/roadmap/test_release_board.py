"""The release board: what its columns hold, whatever is written in them, at the same number of statements."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.roles import Role
from roadmap.models import Release
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db
EVIL = "<script>alert('x')</script> & “%s” {0}"


def board_of(product, query: str = "") -> str:
    return f"/w/{product.workspace.slug}/p/{product.key}/releases/{query}"


def test_names_and_titles_are_text_whatever_they_hold(cast: Cast, as_member):
    release = Release.plan(cast.product, EVIL, by=SYSTEM, ends_on=date(2026, 12, 8))
    make_item(cast.product, EVIL, release=release, lead=cast.bob)
    make_item(cast.product, EVIL)
    page = as_member(cast.mona).get(board_of(cast.product)).content.decode()
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt; &amp; “%s” {0}") == 3


def test_a_column_says_its_day_its_effort_and_its_cards(cast: Cast, as_member):
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=date(2020, 12, 8))
    one = make_item(cast.product, "One", release=release, effort="2.5", lead=cast.bob)
    make_item(cast.product, "Two", release=release, effort="1")
    page = as_member(cast.mona).get(board_of(cast.product)).content.decode()
    assert '<time datetime="2020-12-08">8 Dec 2020</time>' in page
    assert "3.5 person-weeks" in page
    assert 'title="2.5 person-weeks">2.5 pw<' in page
    assert 'title="1 person-week">1 pw<' in page
    assert f'data-url="/w/polarline/p/DSP/items/{one.number}/release/"' in page
    assert f'href="/w/polarline/p/DSP/items/{one.number}/"' in page


def test_what_is_done_waits_for_no_release(cast: Cast, as_member):
    make_item(cast.product, "Out", status=status(cast.workspace, "Shipped"))
    make_item(cast.product, "In")
    columns = as_member(cast.mona).get(board_of(cast.product)).context["columns"]
    assert [card.title for card in columns[-1].cards] == ["In"]


def test_past_releases_are_shown_on_request(cast: Cast, as_member):
    release = Release.plan(cast.product, "4.9", by=SYSTEM)
    make_item(cast.product, "Old", release=release)
    release.ship(by=SYSTEM)
    mona = as_member(cast.mona)
    assert "4.9" not in mona.get(board_of(cast.product)).content.decode()
    shown = mona.get(board_of(cast.product, "?released=1"))
    assert [card.title for card in shown.context["columns"][0].cards] == ["Old"]
    assert "Mark as released" not in shown.content.decode()


def test_a_dropped_card_brings_the_heads_of_both_columns_as_they_are_now(cast: Cast, as_member):
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=date(2026, 12, 8), capacity=3)
    make_item(cast.product, "There", release=release, effort=2)
    item = make_item(cast.product, "Moved", effort=2)
    make_item(cast.product, "Waits")
    mona, address = as_member(cast.mona), f"/w/polarline/p/DSP/items/{item.number}/release/"
    heads = mona.post(address, {"list": release.public_id}, headers={"HX-Request": "true"}).content.decode()
    assert heads.count('hx-swap-oob="true"') == 2
    page = mona.get(board_of(cast.product)).content.decode()
    for head in heads.split("<header")[1:]:
        assert head.replace(' hx-swap-oob="true"', "").strip() in page
    assert "4 / 3 pw" in heads
    again = mona.post(address, {"list": release.public_id}, headers={"HX-Request": "true"}).content.decode()
    assert again.count("<header") == 1


def test_who_only_looks_gets_no_handles_and_no_forms(cast: Cast, as_member):
    make_item(cast.product, "One", release=Release.plan(cast.product, "5.2", by=SYSTEM))
    page = as_member(cast.carol).get(board_of(cast.product)).content.decode()
    assert "One" in page
    assert "data-grab" not in page
    assert "Mark as released" not in page
    assert cast.carol.role < Role.MANAGER


def test_the_new_release_is_asked_for_in_a_dialog_or_on_a_page(cast: Cast, as_member):
    mona = as_member(cast.mona)
    assert 'name="name"' not in mona.get(board_of(cast.product)).content.decode()
    inside = mona.get(board_of(cast.product, "add/"), headers={"HX-Request": "true"}).content.decode()
    assert 'name="name"' in inside
    assert "<html" not in inside
    assert "<html" in mona.get(board_of(cast.product, "add/")).content.decode()


def test_the_board_asks_as_many_questions_for_thirty_releases_as_for_three(cast: Cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for target in (3, 30):
        while Release.objects.count() < target:
            release = Release.plan(cast.product, f"R{Release.objects.count()}", by=SYSTEM)
            make_item(cast.product, "Card", release=release, lead=cast.bob)
        counts.append(count_queries(lambda: mona.get(board_of(cast.product))))
    assert counts[0] == counts[1] <= 10
