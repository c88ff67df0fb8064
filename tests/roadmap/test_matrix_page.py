"""The matrix: what stands in it, moving within allowed values with undo, and what is not placed."""

import re

import pytest

from changes.models import Change
from changes.undo import undo
from roadmap.models import Item, ProductScoring, SavedView, Scorecard
from roadmap.scores import plane
from tests.factories import make_conversation, make_customer, make_item, status

HX = {"HX-Request": "true"}
MATRIX = "/w/polarline/p/DSP/matrix/"


def text_of(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def items(cast):
    return [
        make_item(cast.product, f"Item {n}", reach=100, impact=n, confidence=50, effort=n * 2) for n in (1, 2, 3)
    ] + [make_item(cast.product, "Waits", reach=5)]


def test_open_items_with_both_values_stand_in_it_and_the_others_wait(cast, as_member, items):
    make_item(cast.product, "Gone", impact=1, effort=1, status=status(cast.workspace, "Shipped"))
    make_item(cast.secret, "Hidden", impact=1, effort=1)
    page = text_of(as_member(cast.carol).get(MATRIX))
    assert page.count('class="bub') == 3
    assert "Quick wins" in page
    assert "DSP-1 Item 1. Impact 1, Effort 2 person-weeks." in page
    assert 'Not placed yet <span class="faint">1</span>' in page
    assert "Waits" in page
    assert "Gone" not in page
    assert "Hidden" not in page
    assert "data-editable" not in page  # Carol only looks
    assert page.count('<tr><td class="title">') == 3


def test_a_drag_writes_both_factors_through_the_verb_and_is_undone(cast, as_member, items):
    body = {"impact": "3", "effort": "0.5", "seen": items[0].change_id, "query": ""}
    answer = as_member(cast.mona).post(f"{MATRIX}1/", body, headers=HX)
    assert answer.status_code == 200, text_of(answer)
    moved = Item.objects.get(pk=items[0].pk)
    assert (moved.impact, moved.effort, moved.score) == (3, 0.5, 300)
    page = text_of(answer)
    assert "You moved this from <b>Impact 1, Effort 2 person-weeks</b>. RICE went from 25 to 300." in page
    assert "/changes/" in answer["HX-Trigger"]
    undo(Change.objects.get(pk=int(answer["X-Change"])), by=cast.actor("mona"))
    assert Item.objects.get(pk=items[0].pk).score == 25


@pytest.mark.parametrize(
    ("body", "code"), [({"impact": "7"}, 422), ({"effort": "0"}, 422), ({"effort": "x"}, 422), ({"effort": "-4"}, 422)]
)
def test_a_value_that_is_not_allowed_is_refused_with_a_sentence(cast, as_member, items, body, code):
    answer = as_member(cast.mona).post(f"{MATRIX}1/", body, headers=HX)
    assert answer.status_code == code
    assert answer.content
    assert Item.objects.get(pk=items[0].pk).score == 25


def test_who_was_slower_hears_who_was_faster(cast, as_member, items):
    Item.objects.get(pk=items[0].pk).edit(by=cast.actor("anton"), effort=7)
    answer = as_member(cast.mona).post(f"{MATRIX}1/", {"effort": "3", "seen": items[0].change_id}, headers=HX)
    assert answer.status_code == 409
    assert "Anton" in text_of(answer)


def test_only_managers_move_and_only_the_factors_of_the_axes(cast, as_member, items):
    assert as_member(cast.bob).post(f"{MATRIX}1/", {"effort": "3"}).status_code == 403
    as_member(cast.mona).post(f"{MATRIX}1/", {"reach": "9999", "title": "Stolen"}, headers=HX)
    item = Item.objects.get(pk=items[0].pk)
    assert (item.reach, item.title) == (100, "Item 1")


def test_a_plain_form_sets_a_value_and_comes_back(cast, as_member, items):
    answer = as_member(cast.mona).post(f"{MATRIX}4/", {"effort": "3", "query": "y=reach&x=effort"})
    assert answer.status_code == 302
    assert answer["Location"] == f"{MATRIX}?y=reach&x=effort&open=4"
    page = text_of(as_member(cast.mona).get(answer["Location"]))
    assert "Waits" in page
    assert page.count('class="bub') == 4


def test_any_two_factors_of_the_scorecard_are_its_axes(cast, as_member):
    card = Scorecard.objects.get(workspace=cast.workspace, method="wsjf")
    ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
    make_item(cast.product, "One", factors={"business_value": 8, "job_size": 3, "time_criticality": 5})
    mona = as_member(cast.mona)
    assert text_of(mona.get(MATRIX)).count('class="bub') == 1
    assert "Time criticality 5, Job size 3" in text_of(mona.get(MATRIX + "?y=time_criticality"))
    answer = mona.post(f"{MATRIX}1/", {"factor_business_value": "13", "factor_job_size": "2"}, headers=HX)
    assert answer.status_code == 200
    assert Item.objects.get().factors["business_value"] == 13
    assert mona.get(MATRIX + "?x=nothing&y=job_size&open=77").status_code == 200


def test_filters_are_those_of_the_backlog_and_a_bad_one_says_so(cast, as_member, items):
    carol = as_member(cast.carol)
    assert text_of(carol.get(MATRIX + "?impact.gte=2")).count('class="bub') == 2
    assert carol.get(MATRIX + "?effort.gte=ten").status_code == 422


def test_bubbles_grow_with_the_customers_that_ask(cast, as_member, items):
    for n in range(4):
        talk = make_conversation(make_customer(cast.workspace, f"Customer {n}"), "We want it.")
        talk.link("We want it.", importance=2, item=items[1], by=cast.actor("mona"))
    page = text_of(as_member(cast.carol).get(MATRIX))
    assert page.count("--z: 44px") == 1
    assert page.count("--z: 18px") == 2
    chosen = text_of(as_member(cast.carol).get(MATRIX + "?open=2"))
    assert "<dt>Asked by</dt><dd>4 · €0 a year" in chosen


def test_of_a_crowd_those_that_most_ask_for_are_named_and_the_others_light(cast, as_member, monkeypatch):
    for n in range(63):
        make_item(cast.product, f"Item {n}", reach=n, impact=1, confidence=100, effort=1)
    wanted = Item.objects.get(title="Item 0")
    talk = make_conversation(make_customer(cast.workspace), "We want it.")
    talk.link("We want it.", importance=2, item=wanted, by=cast.actor("mona"))
    page = as_member(cast.carol).get(f"{MATRIX}?x=effort&y=reach").content.decode()
    assert page.count('id="bub-') == 63
    assert page.count("bub--light") == 3
    assert "Named are the 60 of 63" in page
    assert "Touch a bubble to see what it is." in page
    light = re.findall(r'bub--light is-mute" tabindex="-1" id="bub-(\d+)"', page)
    assert sorted(light) == sorted(str(Item.objects.get(title=f"Item {n}").number) for n in (1, 2, 3))
    monkeypatch.setattr(plane, "MOST", 61)
    cut = as_member(cast.carol).get(f"{MATRIX}?x=effort&y=reach").content.decode()
    assert cut.count('id="bub-') == 61
    assert "2 more are not drawn" in cut
    assert 'href="/w/polarline/p/DSP/backlog/"' in cut


def test_kept_views_are_tabs_that_keep_the_axes(cast, as_member):
    mona = cast.actor("mona")
    for name, query in (
        ("Effortless", "effort.lte=1&sort=-score"),
        ("In order", "sort=-score"),
        ("Again", "effort.lte=1"),
    ):
        SavedView.add(
            cast.workspace, by=mona, product=cast.product, owner=cast.mona, name=name, query=query, is_shared=True
        )
    carol = as_member(cast.carol)
    page = carol.get(f"{MATRIX}?effort.lte=1&x=effort&y=reach&open=1").content.decode()
    assert (
        '<a class="tab" href="?effort.lte=1&amp;x=effort&amp;y=reach" aria-current="page" title="for everybody">Effortless</a>'
        in page
    )
    assert "In order" not in page
    assert "Again" not in page
    assert '<a class="tab" href="?x=effort&amp;y=reach">All items</a>' in page
    unfiltered = carol.get(f"{MATRIX}?x=effort&y=reach").content.decode()
    assert '<a class="menu__item" href="?effort.lte=1&amp;x=effort&amp;y=reach"><span>Effortless</span>' in unfiltered


def test_the_matrix_asks_as_much_for_thirty_items_as_for_three(cast, as_member, count_queries):
    carol, counts = as_member(cast.carol), []
    for size in (3, 30):
        for n in range(size):
            make_item(cast.product, reach=10, impact=1, confidence=50, effort=n + 1)
            make_item(cast.product)
        carol.get(MATRIX)
        counts.append(count_queries(lambda: carol.get(MATRIX)))
    assert counts[1] - counts[0] <= 1  # beyond twelve that wait they are counted


def test_an_axis_of_sizes_shows_the_chosen_item(cast, as_member):
    """Its values are words, not numbers."""
    factors = [{"name": "Worth", "kind": "scale"}, {"name": "Size", "kind": "size", "role": "divide"}]
    card = Scorecard.add(cast.workspace, by=cast.actor("anton"), name="By size", factors=factors)
    ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
    kept = dict(zip([one["key"] for one in card.factors], (7, "m"), strict=True))
    item = make_item(cast.product, "Sized", factors=kept)
    for member in (cast.mona, cast.carol):
        assert as_member(member).get(f"{MATRIX}?open={item.number}").status_code == 200
