"""A score explains itself: its factors, what would pass the next item, and why rank and score disagree."""

import re
from datetime import date

import pytest

from roadmap.models import ItemLink, ProductScoring, Release, Scorecard
from tests.factories import make_item, status
from ui import formats

HX = {"HX-Request": "true"}
DSP = "/w/polarline/p/DSP/"


def rice(score):
    return {"reach": score * 5, "impact": 1, "confidence": 100, "effort": 5}


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def why(cast, as_member):
    def ask(item, who="carol"):
        answer = as_member(getattr(cast, who)).get(f"{DSP}items/{item.number}/score/", headers=HX)
        assert answer.status_code == 200
        return text_of(answer)

    return ask


def test_every_factor_says_what_it_does_and_what_would_pass_the_next_item(cast, why):
    make_item(cast.product, **rice(1000))
    make_item(cast.product, **rice(300))
    item = make_item(cast.product, reach=640, impact=2, confidence=80, effort=5)
    said = why(item)
    assert "begins with 640" in said
    assert "multiplies by 0.8" in said
    assert "divides by 5" in said
    assert "<b>Effort 3 person-weeks</b> instead of 5 person-weeks would pass DSP-2" in said
    assert "<b>Impact 3</b> instead of 2 would pass DSP-2" in said
    assert "Confidence 100" not in said
    assert "Rank 3 of 3, place 3 by score." in said


def test_each_factor_says_who_set_it_last_and_when(cast, why):
    item = make_item(cast.product, reach=640, impact=2)
    item.edit(by=cast.actor("mona"), impact=3, confidence=80)
    item.edit(by=cast.actor("anton"), title="Of no factor", confidence=50)
    item.edit(by=cast.actor("mona"), effort=5)
    item.edit(by=cast.actor("mona"), effort=None)
    said = why(item)
    assert "<dt>Impact</dt><dd><b>3</b>" in said
    told = dict(re.findall(r"<dt>(\w+)</dt><dd>(.*?)</dd>", said))
    day = formats.day(cast.workspace.today(), cast.workspace.today())
    assert f"set by Cradle, {day}" in told["Reach"]
    assert f"set by Mona, {day}" in told["Impact"]
    assert f"set by Anton, {day}" in told["Confidence"]
    assert "set by" not in told["Effort"]


def test_a_factor_of_a_weighted_scorecard_says_who_set_it_too(cast, why):
    factors = [{"name": "Fit", "kind": "scale", "weight": 3}, {"name": "Legal", "kind": "yesno"}]
    card = Scorecard.add(cast.workspace, by=cast.actor("anton"), name="Ours", factors=factors)
    fit, legal = (one["key"] for one in card.factors)
    ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
    item = make_item(cast.product, factors={fit: 5, legal: True}, by=cast.actor("bob"))
    item.edit(by=cast.actor("mona"), factors={fit: 6})
    told = dict(re.findall(r"<dt>(\w+)</dt><dd>(.*?)</dd>", why(item)))
    assert "set by Mona" in told["Fit"]
    assert "set by Bob" in told["Legal"]


def test_what_is_missing_is_named(cast, why):
    said = why(make_item(cast.product, reach=640, confidence=80))
    assert "not scored" in said
    assert "To be scored it needs: <b>Impact, Effort</b>" in said


def test_the_highest_and_one_that_cannot_pass_alone_say_so(cast, why):
    top, low = (
        make_item(cast.product, **rice(100_000)),
        make_item(cast.product, reach=1, impact=1, confidence=100, effort=5),
    )
    assert "No open item scores higher." in why(top)
    assert "No factor alone would pass DSP-1." in why(low)


def test_shipped_items_are_not_there_to_be_passed(cast, why):
    make_item(cast.product, **rice(300), status=status(cast.workspace, "Shipped"))
    assert "No open item scores higher." in why(make_item(cast.product, **rice(200)))


def test_a_weighted_score_tells_points_and_weights(cast, why):
    card = Scorecard.add(
        cast.workspace, by=cast.actor("anton"), name="Ours",
        factors=[
            {"name": "Fit", "kind": "scale", "weight": 3}, {"name": "Legal", "kind": "yesno"},
            {"name": "Cost", "kind": "size", "role": "divide"},
        ],
    )  # fmt: skip
    fit, legal, cost = (one["key"] for one in card.factors)
    ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
    said = why(make_item(cast.product, factors={fit: 5, legal: True, cost: "xl"}))
    assert "adds 37.5 points: 50 % of its range, weight 3 of 4" in said
    assert "adds 25.0 points: 100 % of its range, weight 1 of 4" in said
    assert "divides by 2" in said
    assert "<b>31</b>" in said


# ---- Rank and score


def test_a_row_that_stands_above_a_higher_score_says_so_and_why(cast, as_member, why):
    soon = Release.plan(cast.product, "5.1", by=cast.actor("mona"), ends_on=date(2026, 12, 8))
    low = make_item(cast.product, **rice(10), release=soon)
    make_item(cast.product, **rice(50))
    sentence = "Ranked above DSP-2, which scores higher (50): its release 5.1 comes first."
    page = text_of(as_member(cast.carol).get(DSP + "backlog/"))
    assert page.count('class="odd"') == 1
    assert sentence in page
    assert sentence in why(low)
    assert 'class="odd"' not in text_of(as_member(cast.carol).get(DSP + "backlog/?sort=-score"))


def test_in_the_order_of_scores_no_row_says_anything(cast, as_member):
    for score in (50, 40, 40, 10):
        make_item(cast.product, **rice(score))
    make_item(cast.product)
    assert 'class="odd"' not in text_of(as_member(cast.carol).get(DSP + "backlog/"))


def test_the_reason_is_a_dependency_before_it_is_the_hand(cast, as_member, why):
    low, high, waiting = (make_item(cast.product, **rice(score)) for score in (10, 50, 5))
    assert "it was placed by hand" in why(low)
    ItemLink.add(waiting, "needs", low, by=cast.actor("mona"))
    assert "Ranked above DSP-2, which scores higher (50): DSP-3 needs it." in why(low)
    assert "Ranked below DSP-1, which scores lower (10): DSP-3 needs it." in why(high)
    assert "DSP-3 needs it." in text_of(as_member(cast.carol).get(DSP + "backlog/"))


def test_who_placed_it_by_hand_is_named(cast, why):
    make_item(cast.product, **rice(50))
    low = make_item(cast.product, **rice(10))
    low.rank_between(None, None, by=cast.actor("mona"))
    assert "Mona placed it there on" in why(low)


def test_work_that_is_going_on_stays_on_top(cast, why):
    low = make_item(cast.product, **rice(10), status=status(cast.workspace, "In build"))
    make_item(cast.product, **rice(50))
    assert "it is being built" in why(low)


def test_the_explanation_asks_as_much_for_thirty_items_as_for_three(cast, as_member, count_queries):
    carol, counts = as_member(cast.carol), []
    first = make_item(cast.product, **rice(10))
    for size in (3, 30):
        for n in range(size):
            make_item(cast.product, **rice(20 + n))
        url = f"{DSP}items/{first.number}/score/"
        carol.get(url, headers=HX)
        counts.append(count_queries(lambda url=url: carol.get(url, headers=HX)))
    assert counts[0] == counts[1]


EVIL = "<script>alert('x')</script> & %s {0}"


def test_whatever_is_written_is_shown_as_text(cast, as_member):
    """Names of releases, items, factors and scorecards, wherever scores are drawn in Python."""
    card = Scorecard.add(
        cast.workspace, by=cast.actor("anton"), name=EVIL[:60], factors=[{"name": EVIL}, {"name": f"2 {EVIL}"}]
    )
    keys = [one["key"] for one in card.factors]
    ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
    soon = Release.plan(cast.product, EVIL, by=cast.actor("mona"), ends_on=date(2026, 12, 8))
    for value in (3, 9):
        make_item(cast.product, EVIL, factors=dict.fromkeys(keys, value), release=soon if value == 3 else None)
    for name in ("mona", "carol", "anton"):
        browser = as_member(getattr(cast, name))
        for path in ("backlog/", "matrix/?open=1", "items/1/", "items/1/score/", "scoring/"):
            answer = browser.get(DSP + path)
            if answer.status_code == 403:
                continue
            page = answer.content.decode()
            assert "<script>alert" not in page, path
            assert "alert(" in page, path
    settings = as_member(cast.anton).get(f"/w/polarline/settings/scorecards/{card.public_id}/").content.decode()
    assert "<script>alert" not in settings


def test_a_row_that_was_edited_keeps_and_gets_the_mark(cast, as_member):
    low, high = (
        make_item(cast.product, title, reach=reach, impact=1, confidence=100, effort=1)
        for title, reach in (("Low", 10), ("High", 20))
    )
    make_item(cast.product, "Without a score")
    mona = as_member(cast.mona)
    url = f"{DSP}items/{low.number}/edit/"

    def row(order: str, **fields) -> str:
        sent = {**fields, "as": "row", "columns": "title,reach,score", "order": order}
        return text_of(mona.post(url, sent, headers={"HX-Request": "true"}))

    assert f'title="Ranked above DSP-{high.number}, which scores higher' in row("rank", title="Lower")
    assert 'class="odd"' not in row("", title="Low")
    assert 'class="odd"' not in row("rank", reach="30")
    assert 'class="odd"' in row("rank", reach="5")
