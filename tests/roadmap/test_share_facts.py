"""What a card can tell of needs, key figures, health, demand, revenue, tags and own fields leaves by a link only where that allows it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client

from products.models import KeyResult, Objective, Problem
from roadmap.models import CustomField, Roadmap, SharedField, ShareLink
from roadmap.sharing.audience_check import check
from tests.factories import SYSTEM, make_item
from tests.feedback.test_demand import ask, paying
from tests.roadmap.test_share_files import text_of, ways_out

SITES = ["https://intranet.example.com"]
#: What each field says of the item below, in every way out.
TOLD = {
    "problem": "PROBLEMq", "result": "KEYq: 40 of 90 percent", "health": "Off track", "tags": "TAGq", "demand": "1 customer asks",
    "revenue": "€940k a year",
}  # fmt: skip
#: The same where it is a column.
IN_SHEETS = {**TOLD, "demand": "Customers asking", "revenue": "940000"}


@pytest.fixture(autouse=True)
def fresh_counters():
    cache.clear()


@pytest.fixture
def item(cast, monkeypatch):
    monkeypatch.setattr("accounts.models.Workspace.today", lambda workspace: date(2026, 11, 22))
    goal = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="Goal")
    KeyResult.add(cast.workspace, by=SYSTEM, objective=goal, name="KEYq", unit="percent", start=0, now=40, target=90)
    goal.set_health("off_track", "Late", by=SYSTEM)
    problem = Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="PROBLEMq")
    made = make_item(
        cast.product, "Live ETA link", horizon="now", objective=goal, problem=problem, tags=["TAGq"],
        starts_on=date(2026, 11, 3), ends_on=date(2026, 12, 8),
    )  # fmt: skip
    ask(paying(cast, "FreshPoint", Decimal(940000)), made)
    return made


def link_with(cast, *fields, **terms):
    terms = {"sites": SITES, "lanes": "", **terms}
    return ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=["dates", *fields], **terms)


def texts(link):
    """Address → all that is there; slides too."""
    for address in [*ways_out(link), f"/s/{link.token}/present/"]:
        yield address, text_of(Client().get(address)).replace("\\", "").replace("\r\n ", "")


@pytest.mark.parametrize("layout", ["nnl", "timeline", "list"])
def test_what_is_allowed_is_told(cast, item, layout):
    page = dict(texts(link_with(cast, *TOLD, layout=layout)))
    shown = page.popitem()[1] if layout == "nnl" else next(iter(page.values()))
    for field, said in TOLD.items():
        expected = {"demand": "<td>1</td>", "revenue": "€940k"}.get(field, said) if layout == "list" else said
        assert expected in shown, (field, layout)


@pytest.mark.parametrize("field", TOLD)
def test_what_is_not_allowed_leaves_by_no_way(cast, item, field):
    for layout in ("nnl", "timeline", "list"):
        link = link_with(cast, *(one for one in TOLD if one != field), layout=layout)
        for address, text in texts(link):
            for secret in {TOLD[field], IN_SHEETS[field]} - {"Customers asking"}:
                assert secret not in text, (field, address)
    for address, text in texts(link_with(cast, field)):
        if address.endswith(("svg/", "present/", "embed/", "md/")) and not (field == "problem" and "svg" in address):
            assert TOLD[field] in text, (field, address)
        if address.endswith(("csv/", "xlsx/")):
            assert IN_SHEETS[field] in text, (field, address)


def test_revenue_is_off_at_first_marked_sensitive_and_warned_of_each_time(cast, item, as_member):
    mona = as_member(cast.mona)
    page = mona.get("/w/polarline/p/DSP/share/").content.decode()
    assert 'value="revenue">' in page, "It is offered, and not ticked."
    assert "sensitive" in page
    link = ShareLink.open_to(cast.product, "Board", by=cast.actor("mona"), fields=["revenue"])
    seen = check(link, cast.mona)
    link.edit(by=cast.actor("mona"), **seen.terms(link))
    body = {"audience": "Board", "fields_allowed": ["revenue"], "precision": "none", "link": link.public_id}
    looked = mona.post("/w/polarline/p/DSP/share/look/", body).content.decode()
    assert "Nothing becomes visible that was not visible before" in looked
    assert "tells this audience what customers pay a year, on 1 item." in looked
    less = mona.post("/w/polarline/p/DSP/share/look/", {**body, "fields_allowed": ["demand"]}).content.decode()
    assert "what customers pay" not in less


def test_each_of_them_is_new_for_an_audience_at_first(cast, item):
    draft = ShareLink(workspace=cast.workspace, product=cast.product, audience="Board", fields=list(TOLD))
    seen = check(draft, cast.mona)
    assert {(one.name, one.count) for one in seen.new_fields} == {(field, 1) for field in TOLD}


def test_own_fields_are_chosen_one_by_one_and_their_days_are_capped(cast, item, as_member):
    budget = CustomField.define(cast.workspace, "Budget", "number", by=SYSTEM)
    begin = CustomField.define(cast.workspace, "Trial", "date", by=SYSTEM)
    other = CustomField.define(cast.workspace, "Margin", "text", by=SYSTEM)
    item.edit(by=SYSTEM, custom={budget.key: 40500, begin.key: "2026-12-24", other.key: "MARGINq"})
    page = as_member(cast.mona).get("/w/polarline/p/DSP/share/").content.decode()
    assert f'value="{budget.key}">' in page
    link = link_with(cast, budget.key, begin.key, precision="month")
    for address, text in texts(link):
        assert "MARGINq" not in text, address
        assert "2026-12-24" not in text, address
        assert "24 Dec" not in text, address
        if not address.endswith(("svg/", "ics")):
            assert "40500" in text, address
            assert "Dec 2026" in text, address
    draft = ShareLink(workspace=cast.workspace, product=cast.product, audience="Sales", fields=[other.key])
    assert [(one.label, one.count) for one in check(draft, cast.mona).new_fields] == [("Margin", 1)]


def test_a_product_lane_says_its_health_only_where_that_is_allowed(cast, item):
    cast.product.set_health("at_risk", "Late", by=SYSTEM)
    kept = Roadmap.keep(cast.workspace, "Plan", [cast.product], by=cast.actor("mona"), owner=cast.mona)
    for fields, said in (([], False), (["health"], True)):
        link = ShareLink.open_of(
            cast.workspace, [cast.product], "Plan", "Board", by=cast.actor("mona"), roadmap=kept, fields=fields,
            lanes="product",
        )  # fmt: skip
        assert ("At risk" in Client().get(f"/s/{link.token}/").content.decode()) is said


def test_figures_cost_a_statement_each_however_many_items(cast, item, count_queries):
    plain, all_of_it, counts = link_with(cast), link_with(cast, *SharedField), []
    for size in (3, 30):
        while cast.product.items.count() < size:
            make_item(cast.product, horizon="next")
        counts.append(
            [count_queries(lambda link=link: Client().get(f"/s/{link.token}/")) for link in (plain, all_of_it)]
        )
    assert counts[0] == counts[1]
    assert counts[0][0] <= 3
    assert counts[0][1] <= 5
