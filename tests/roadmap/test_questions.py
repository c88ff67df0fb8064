"""The questions that every backlog can be asked: in build without evidence, asked by many but not planned, stale."""

from datetime import timedelta

import pytest

from changes.models import Change
from config import clock
from products.models import Objective, Problem
from roadmap.models import Item, ProductScoring, Release, Scorecard
from roadmap.scores import scoring
from roadmap.views.backlog import QUESTIONS
from tests.factories import SYSTEM, make_conversation, make_customer, make_item, status

BACKLOG = "/w/polarline/p/DSP/backlog/"
EVIDENCE, ASKED, STALE = (query for _label, query in QUESTIONS)


@pytest.fixture
def titles(cast, as_member):
    def found(query, path=BACKLOG):
        page = as_member(cast.carol).get(f"{path}?{query}").content.decode()
        return {item.title for item in Item.objects.all() if f'data-name="{item.title}"' in page}

    return found


def asked_for(cast, item, times, importance=2):
    for n in range(times):
        talk = make_conversation(make_customer(cast.workspace, f"{item.title} {n}"), "We want it.")
        talk.link("We want it.", importance=importance, item=item, by=cast.actor("mona"))


def test_in_build_without_evidence_finds_what_nobody_asked_for(cast, titles):
    building = {"status": status(cast.workspace, "In build")}
    mona = cast.actor("mona")
    make_item(cast.product, "Bare", **building)
    make_item(cast.product, "Idea")
    asked_for(cast, make_item(cast.product, "Said", **building), 1, importance=0)
    problem = Problem.add(cast.workspace, by=mona, product=cast.product, statement="It hurts")
    make_item(cast.product, "Hurts", **building, problem=problem)
    goal = Objective.add(cast.workspace, by=mona, product=cast.product, name="Fewer miles")
    make_item(cast.product, "Serves", **building, objective=goal)
    assert titles(EVIDENCE) == {"Bare"}
    assert titles("evidence=feedback") == {"Said"}
    assert titles("evidence=problem,goal") == {"Hurts", "Serves"}
    assert titles("evidence.not=none") == {"Said", "Hurts", "Serves"}


def test_asked_by_many_not_planned_counts_customers_once_and_leaves_out_what_has_a_place(cast, titles):
    many, few = make_item(cast.product, "Many"), make_item(cast.product, "Few")
    released = make_item(cast.product, "Released", release=Release.plan(cast.product, "5.1", by=cast.actor("mona")))
    shipped = make_item(cast.product, "Shipped", status=status(cast.workspace, "Shipped"))
    for item in (many, released, shipped):
        asked_for(cast, item, 3)
    asked_for(cast, few, 2)
    asked_for(cast, few, 1, importance=1)
    make_item(cast.product, "Nobody")
    assert titles(ASKED) == {"Many"}
    assert titles("asked.lt=3") == {"Few", "Nobody"}
    assert titles("asked=0") == {"Nobody"}
    assert titles("asked.isnt=0") == {"Many", "Few", "Released", "Shipped"}
    assert titles("asked.lte=2.5") == {"Few", "Nobody"}
    assert titles("asked.gt=3") == set()


def test_another_products_customers_do_not_count(cast, titles):
    asked_for(cast, make_item(cast.secret, "Hidden"), 4)
    make_item(cast.product, "Seen")
    assert titles("asked.gte=1") == set()


def test_stale_is_what_nobody_touched_for_sixty_days_and_scoring_is_no_touch(cast, titles):
    with Change.open("item.added", by=SYSTEM, workspace=cast.workspace, at=clock.now() - timedelta(days=90)) as change:
        for title in ("Old", "Old but shipped", "Old but touched"):
            Item.add(cast.product, title, by=change, factors={"value": 50}, effort=5)
    Item.objects.get(title="Old but touched").edit(by=cast.actor("mona"), reach=5)
    Item.objects.get(title="Old but shipped").edit(by=cast.actor("mona"), status=status(cast.workspace, "Shipped"))
    make_item(cast.product, "New")
    assert titles(STALE) == {"Old"}
    card = Scorecard.objects.get(workspace=cast.workspace, method="value_effort")
    ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
    assert Item.objects.get(title="Old").score == 10
    assert titles(STALE) == {"Old"}
    scoring.score_again(cast.product, by=SYSTEM)
    Item.objects.get(title="Old").edit(by=cast.actor("mona"), reach=7)
    assert titles(STALE) == set()


def test_the_menu_offers_them_and_the_tab_names_the_one_that_is_asked(cast, as_member):
    make_item(cast.product)
    page = as_member(cast.carol).get(BACKLOG).content.decode()
    assert "In build without evidence" in page
    assert 'class="menu__item" href="/w/polarline/p/DSP/backlog/?category=building&amp;evidence=none"' in page
    asked = as_member(cast.carol).get(f"{BACKLOG}?{EVIDENCE}").content.decode()
    assert 'aria-current="page">In build without evidence</a>' in asked


def test_the_api_filters_by_them_too(cast, api):
    asked_for(cast, make_item(cast.product, "Many"), 3)
    make_item(cast.product, "Nobody")
    found = api(cast.carol, "get", "/api/v1/items/?asked.gte=3").json()["results"]
    assert [one["title"] for one in found] == ["Many"]
    assert api(cast.carol, "get", "/api/v1/items/?asked.gte=many").status_code in (400, 422)
