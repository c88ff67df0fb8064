"""What a bar says besides its days: how firm they are, how far it has come, whether a release waits for it; and marked days."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from lifecycle.models import Gate
from roadmap.models import ItemLink, Release, Requirement
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db
ROADMAP = "/w/polarline/p/DSP/roadmap/"
SPAN = {"headers": {"X-Requested-With": "fetch"}}


def dated(product, title, start, days=20, **fields):
    return make_item(product, title, starts_on=start, ends_on=start + timedelta(days=days - 1), **fields)


def bar(page: str, item) -> str:
    found = re.search(rf'<li class="([^"]*)" style="([^"]*)"[^>]* data-bar="{item.key}"', page)
    assert found is not None, item.key
    return f"{found[1]} {found[2]}"


def test_a_bar_shows_how_firm_its_days_are_a_range_the_wider_the_farther(cast, as_member):
    today = cast.workspace.today()
    firm = dated(cast.product, "Firm", today)
    near, far = (
        dated(cast.product, title, today + timedelta(days=days), certainty="range")
        for title, days in (("Near", 10), ("Far", 100))
    )
    quarter = dated(cast.product, "Quarter", today, certainty="quarter")
    page = as_member(cast.carol).get(ROADMAP).content.decode()
    assert "is-range" not in bar(page, firm)
    assert "is-quarter" in bar(page, quarter)
    soft = [int(re.search(r"--soft:(\d+)", bar(page, item))[1]) for item in (near, far)]
    assert 0 < soft[0] < soft[1] <= 60
    assert f"give or take {soft[1]} days" in page
    assert page.count("only the quarter is known") == 1
    assert "</i>Days give or take</li>" in page
    assert "</i>Only the quarter is known</li>" in page


def test_a_timeline_of_firm_days_says_nothing_of_others(cast, as_member):
    dated(cast.product, "Firm", cast.workspace.today())
    page = as_member(cast.carol).get(ROADMAP).content.decode()
    assert "give or take" not in page
    assert "quarter is known" not in page


def test_a_bar_is_filled_as_far_as_its_item_has_come(cast, as_member):
    today = cast.workspace.today()
    epic = dated(cast.product, "Epic", today, type="epic")
    for n in range(4):
        make_item(cast.product, f"Part {n}", parent=epic, status=status(cast.workspace, "Shipped" if n < 3 else "Idea"))
    checked = dated(cast.product, "Checked", today)
    lines = [Requirement.add_to(checked, f"Line {n}", by=SYSTEM) for n in range(2)]
    lines[0].mark(True, by=SYSTEM)
    by_hand = dated(cast.product, "By hand", today, progress_from="hand", progress=40)
    shipped = dated(cast.product, "Shipped", today, status=status(cast.workspace, "Shipped"))
    page = as_member(cast.carol).get(ROADMAP).content.decode()
    for item, done in ((epic, 75), (checked, 50), (by_hand, 40), (shipped, 100)):
        assert f"--p:{done}" in bar(page, item)


def test_the_critical_chain_to_the_chosen_release_is_marked_and_nothing_else(cast, as_member):
    today = cast.workspace.today()
    release = Release.plan(cast.product, "5.3 Quiet cab", by=SYSTEM, ends_on=today + timedelta(days=120))
    first, short = dated(cast.product, "First", today, 60), dated(cast.product, "Short", today, 5)
    last = dated(cast.product, "Last", today + timedelta(days=60), release=release)
    for needed in (first, short):
        ItemLink.add(last, "needs", needed, by=SYSTEM)
    page = as_member(cast.carol).get(f"{ROADMAP}?chain={release.public_id}").content.decode()
    assert ["is-chain" in bar(page, item) for item in (first, last, short)] == [True, True, False]
    assert len(re.findall(r'<path d="[^"]*" class="is-chain"', page)) == 1
    told = f"Bars with a bold edge decide when {release.name} can be there: {first.key}, {last.key}."
    assert told in page
    other = as_member(cast.carol).get(f"{ROADMAP}?chain=unknown").content.decode()
    assert "is-chain" not in other
    assert "can be there" not in other


def test_a_release_that_nothing_decides_about_says_so(cast, as_member):
    dated(cast.product, "Alone", cast.workspace.today())
    release = Release.plan(cast.product, "5.2", by=SYSTEM, ends_on=cast.workspace.today() + timedelta(days=40))
    page = as_member(cast.carol).get(f"{ROADMAP}?chain={release.public_id}").content.decode()
    assert "Nothing that has days decides when 5.2 can be there." in page


def test_the_day_of_a_gate_review_is_marked_for_those_who_see_the_product(cast, as_member):
    gate = Gate.objects.get(product=cast.product, number=1)
    gate.plan(cast.workspace.today() + timedelta(days=30), by=SYSTEM)
    page = as_member(cast.carol).get(ROADMAP).content.decode()
    assert "mstone--gate" in page
    assert 'href="/w/polarline/p/DSP/gates/1/"' in page


def test_a_further_span_brings_what_the_page_has_not_and_a_folded_lane_keeps_its_bars(cast, as_member):
    over, later = dated(cast.product, "Over", date(2027, 6, 20), 30), dated(cast.product, "Later", date(2027, 7, 10))
    carol = as_member(cast.carol)
    query = "at=2026-11-19&origin=2026-10-01&first=2027-07-01&last=2027-09-30&beyond=later"
    answer = carol.get(f"{ROADMAP}?{query}", **SPAN)
    text = answer.content.decode()
    assert [key in text for key in (over.key, later.key)] == [False, True]
    assert f"--from:{(date(2027, 7, 10) - date(2026, 10, 1)).days};" in text
    assert "X-Requested-With" in answer.headers["Vary"]
    assert later.key not in carol.get(f"{ROADMAP}?{query}&fold=-", **SPAN).content.decode()
    named = carol.get(f"{ROADMAP}?origin=2026-10-01&numbers={over.number},999,x", **SPAN).content.decode()
    assert over.key in named
    assert later.key not in named
    for odd in (
        "origin=soon&first=x&last=y",
        "origin=2026-10-01&first=2030-01-01&last=1999-01-01",
        "origin=&numbers=,",
    ):
        assert carol.get(f"{ROADMAP}?{odd}", **SPAN).status_code == 200


def test_spans_and_moved_bars_of_another_product_stay_there(cast, as_member):
    hidden = dated(cast.secret, "Hidden", cast.workspace.today())
    dave = as_member(cast.dave)
    query = f"origin=2026-10-01&numbers={hidden.number}"
    assert "Hidden" not in dave.get(f"{ROADMAP}?{query}", **SPAN).content.decode()
    assert dave.get(f"/w/polarline/p/SEC/roadmap/?{query}", **SPAN).status_code == 404


def test_a_bar_without_progress_keeps_its_colour():
    """Bars of which nothing is done come without `--p`; a style that wants it would colour nothing at all."""
    styles = "".join(
        path.read_text() for path in (Path(__file__).parents[2] / "static/css/screens").glob("timeline*.css")
    )
    assert "var(--p, 0)" in styles
    assert "var(--p)" not in styles
