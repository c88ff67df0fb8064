"""Factors that are measured: demand, revenue, votes and adoption, read by scorecards and typed by nobody."""

from decimal import Decimal

import pytest

from accounts.refusals import Refused
from feedback.models import Idea, Vote
from jobs import registry
from jobs.models import Job, State
from roadmap.models import Item, ProductScoring, Scorecard
from roadmap.scores import scoring
from roadmap.tasks import measure
from tests.factories import SYSTEM, make_contact, make_conversation, make_customer, make_item

HX = {"HX-Request": "true"}


@pytest.fixture
def choose(cast):
    def make(*factors):
        card = Scorecard.add(cast.workspace, by=cast.actor("anton"), name="Ours", factors=list(factors))
        ProductScoring.choose(cast.product, card, by=cast.actor("mona"))
        return [one["key"] for one in card.factors]

    return make


def again(item):
    return Item.objects.get(pk=item.pk)


def ask_for(cast, item, name, revenue=0):
    customer = make_customer(cast.workspace, name)
    if revenue:
        customer.pays(cast.product, revenue, by=cast.actor("mona"))
    return make_conversation(customer, "We want it.").link(
        "We want it.", importance=2, item=item, by=cast.actor("mona")
    )


def work_off(kind):
    for row in Job.objects.filter(kind=kind, state=State.QUEUED):
        job = Job.claimed(row.pk)
        job.finish(registry.kind(kind).work(job))


def test_demand_and_its_revenue_are_read_when_the_scorecard_is_chosen(cast, choose):
    item, other = make_item(cast.product), make_item(cast.product)
    ask_for(cast, item, "Nordfrakt", 30_000)
    ask_for(cast, item, "Kühne", 20_000)
    choose({"live": "demand", "low": 0, "high": 10}, {"live": "demand_revenue", "low": 0, "high": 100_000})
    assert again(item).measured == {"live_demand": 2, "live_demand_revenue": 50_000}
    assert again(item).score == 35
    assert again(other).score == 0


def test_nobody_types_what_is_measured(cast, choose, api):
    choose({"live": "demand", "low": 0, "high": 10})
    make_item(cast.product)
    answer = api(cast.mona, "patch", "/api/v1/items/DSP-1/", {"factors": {"live_demand": 9}}, **{"If-Match": "*"})
    assert answer.status_code == 400
    assert "measured" in answer.content.decode()
    with pytest.raises(Refused):
        Scorecard.add(cast.workspace, by=SYSTEM, name="Other", factors=[{"live": "churn", "low": 0, "high": 1}])


def test_beat_measures_products_that_need_it_and_writes_only_what_changed(cast, choose):
    item, other = make_item(cast.product), make_item(cast.product)
    measure()
    assert not Job.objects.filter(kind="measure_items").exists()
    choose({"live": "demand", "low": 0, "high": 10})
    ask_for(cast, item, "Nordfrakt")
    untouched = again(other).change_id
    measure()
    measure()
    assert Job.objects.filter(kind="measure_items").count() == 1
    work_off("measure_items")
    assert (again(item).measured, again(item).score) == ({"live_demand": 1}, 10)
    assert again(other).change_id == untouched
    written = again(item).change_id
    measure()
    work_off("measure_items")
    assert again(item).change_id == written


def test_votes_count_people_once_and_follow_a_merge(cast, choose):
    item = make_item(cast.product)
    ideas = [Idea.post(cast.workspace, title, by=SYSTEM, product=cast.product) for title in ("Dark", "Darker")]
    customer = make_customer(cast.workspace, "Nordfrakt")
    for name in ("Ida", "Ole"):
        Vote.cast(ideas[0], 2, by=SYSTEM, contact=make_contact(customer, name))
    ideas[0].edit(by=cast.actor("mona"), item=item)
    choose({"live": "votes", "low": 0, "high": 4})
    assert again(item).measured == {"live_votes": 2}
    assert again(item).score == 50


def test_adoption_is_missing_until_it_is_measured(cast, choose):
    item = make_item(cast.product)
    fit, adoption = choose({"name": "Fit"}, {"live": "adoption", "low": 0, "high": 100})
    item.edit(by=SYSTEM, factors={fit: 5})
    assert again(item).score is None


def test_the_explanation_says_of_whom_and_what_is_new(cast, choose, as_member):
    item = make_item(cast.product)
    ask_for(cast, item, "Nordfrakt")
    choose({"live": "demand", "low": 0, "high": 10})
    url = f"/w/polarline/p/DSP/items/{item.number}/score/"
    page = as_member(cast.carol).get(url, headers=HX).content.decode()
    assert "1 customer to whom it is at least important" in page
    assert "by now" not in page
    ask_for(cast, item, "Kühne")
    assert "2 customers by now" in as_member(cast.carol).get(url, headers=HX).content.decode()
    scoring.score_again(cast.product, by=SYSTEM)
    assert again(item).score == Decimal(20)


def test_a_live_factor_is_shown_on_the_item_without_an_editor(cast, choose, as_member):
    item = make_item(cast.product)
    ask_for(cast, item, "Nordfrakt")
    choose({"live": "demand", "low": 0, "high": 10})
    mona, at = as_member(cast.mona), f"/w/polarline/p/DSP/items/{item.number}/"
    page = mona.get(at).content.decode()
    assert "1 customers" in page
    assert "field/factor_live_demand" not in page
    assert mona.get(at + "field/factor_live_demand/", headers=HX).status_code == 404
