"""Scorecards in the settings, a product's choice, and filling factors in on the item's page, in the table and by the API."""

import pytest

from roadmap.models import Item, ProductScoring, Scorecard
from tests.factories import make_item

SETTINGS = "/w/polarline/settings/scorecards/"
DSP = "/w/polarline/p/DSP/"
HX = {"HX-Request": "true"}


def card(cast, method):
    return Scorecard.objects.get(workspace=cast.workspace, method=method)


def text_of(answer):
    return " ".join(answer.content.decode().split())


def row(place, **values):
    return {f"factor-{place}-{name}": str(value) for name, value in values.items()}


@pytest.fixture
def ice(cast):
    ProductScoring.choose(cast.product, card(cast, "ice"), card(cast, "moscow"), by=cast.actor("mona"))
    return make_item(cast.product, "Live ETA", factors={"ice_impact": 8, "ice_confidence": 5, "ice_ease": 3})


def test_an_admin_makes_a_scorecard_and_others_may_not(cast, as_member):
    body = {
        "name": "Ours", "lines": "3",
        **row(0, name="Fit", kind="scale", role="gain", weight=3),
        **row(1, reads="effort", role="divide", weight=1, low=0, high=20),
        **row(2, reads="live:demand", role="gain", weight=2, low=0, high=50),
    }  # fmt: skip
    assert as_member(cast.mona).post(SETTINGS + "add/", body).status_code == 403
    answer = as_member(cast.anton).post(SETTINGS + "add/", body)
    assert answer.status_code == 302, text_of(answer)
    made = Scorecard.objects.get(name="Ours")
    assert [(one["key"][:4], one["role"], one["high"]) for one in made.factors[1:]] == [
        ("effo", "divide", 20), ("live", "gain", 50),
    ]  # fmt: skip
    page = text_of(as_member(cast.anton).get(SETTINGS))
    assert "Fit × 3" in page
    assert "Reach × impact × confidence ÷ effort" in page


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"name": "Ours", "lines": "1"}, "1 to 12 factors"),
        ({"name": "RICE", "lines": "1", **row(0, name="Fit")}, "of that name"),
        ({"name": "Ours", "lines": "1", **row(0, name="Fit", kind="money", low=5, high=1)}, "needs a range"),
        ({"name": "", "lines": "1", **row(0, name="Fit")}, "Fill this in"),
        ({"name": "Ours", "lines": "1", **row(0, name="Fit", weight="many")}, "number"),
    ],
)
def test_what_makes_no_sense_answers_422_with_what_was_typed(cast, as_member, body, said):
    answer = as_member(cast.anton).post(SETTINGS + "add/", body)
    assert answer.status_code == 422
    assert said in text_of(answer)
    if body.get("factor-0-name"):
        assert 'value="Fit"' in text_of(answer)


def test_a_form_in_which_nothing_is_named_yet_says_what_to_do_and_of_no_error(cast, as_member):
    anton = as_member(cast.anton)
    for page in (
        anton.get(SETTINGS + "add/"),
        anton.get(SETTINGS + "example/", {"lines": "4", "factor-0-weight": "1"}, headers=HX),
    ):
        assert "Name a factor to see how a score comes about." in text_of(page)
        assert "field__error" not in text_of(page)
    wrong = anton.get(
        SETTINGS + "example/", {"lines": "1", "factor-0-name": "Fit", "factor-0-weight": "much"}, headers=HX
    )
    assert "field__error" in text_of(wrong)


def test_the_example_follows_what_is_typed(cast, as_member):
    anton = as_member(cast.anton)
    typed = {"lines": "2", **row(0, name="Fit", kind="scale", weight=3), **row(1, name="Legal", kind="yesno", weight=1)}
    page = text_of(anton.get(SETTINGS + "example/", {**typed, "example-0": "5", "example-1": "true"}, headers=HX))
    assert "<b>63</b>" in page
    assert "37.5" in page
    assert "not scored" in text_of(anton.get(SETTINGS + "example/", {**typed, "example-0": ""}, headers=HX))
    assert "0 to 10" in text_of(anton.get(SETTINGS + "example/", {**typed, "example-0": "11"}, headers=HX))
    rice = {
        "card": card(cast, "rice").public_id,
        "example-0": "100",
        "example-1": "2",
        "example-2": "50",
        "example-3": "5",
    }
    assert "<b>20</b>" in text_of(anton.get(SETTINGS + "example/", rice, headers=HX))


def test_every_scorecard_has_its_page_and_is_renamed(cast, as_member):
    anton = as_member(cast.anton)
    for one in Scorecard.objects.filter(workspace=cast.workspace):
        assert one.name in text_of(anton.get(f"{SETTINGS}{one.public_id}/")).replace("&#x27;", "'")
    wsjf = card(cast, "wsjf")
    answer = anton.post(f"{SETTINGS}{wsjf.public_id}/", {"name": "Cost of delay", "seen": wsjf.change_id})
    assert answer.status_code == 302, text_of(answer)
    assert card(cast, "wsjf").name == "Cost of delay"


def test_a_scorecard_in_use_says_so_instead_of_going(cast, as_member):
    own = Scorecard.add(cast.workspace, by=cast.actor("anton"), name="Ours", factors=[{"name": "Fit"}])
    ProductScoring.choose(cast.product, own, by=cast.actor("mona"))
    anton = as_member(cast.anton)
    answer = anton.post(f"{SETTINGS}{own.public_id}/delete/", follow=True)
    assert "Dispatch scores by it" in text_of(answer)


def test_a_manager_chooses_by_what_the_product_scores(cast, as_member):
    item = make_item(cast.product, effort=5, factors={"value": 50})
    body = {"scorecard": card(cast, "value_effort").public_id, "second": card(cast, "moscow").public_id}
    assert as_member(cast.bob).post(DSP + "scoring/", body).status_code == 403
    answer = as_member(cast.mona).post(DSP + "scoring/", body)
    assert answer.status_code == 302
    assert Item.objects.get(pk=item.pk).score == 10
    page = text_of(as_member(cast.mona).get(DSP + "backlog/"))
    assert 'data-cell="factor_value"' in page
    assert 'data-editor="factor_moscow"' in page
    assert 'data-cell="reach"' not in page
    twice = as_member(cast.mona).post(DSP + "scoring/", {**body, "second": body["scorecard"]})
    assert twice.status_code == 422
    assert "two different" in text_of(twice)


# ---- Filling in


def test_a_factor_is_edited_on_the_items_page_and_both_scores_answer(cast, as_member, ice):
    mona, at = as_member(cast.mona), f"{DSP}items/{ice.number}/"
    page = text_of(mona.get(at))
    assert "ICE: Impact × confidence × ease" in page
    assert "<b>120</b>" in page
    assert 'name="factor_ice_ease"' in text_of(mona.get(at + "field/factor_ice_ease/", headers=HX))
    body = {"factor_ice_ease": "4", "as": "field", "field": "factor_ice_ease", "seen": ice.change_id}
    answer = mona.post(at + "edit/", body, headers=HX)
    assert answer.status_code == 200
    assert f'id="score-{ice.number}" hx-swap-oob="true"><b>160</b>' in text_of(answer)
    assert "score1-" not in text_of(answer)  # a class is its factor
    mona.post(at + "edit/", {"factor_moscow": "must", "as": "field", "field": "factor_moscow"}, headers=HX)
    assert "Must have" in text_of(mona.get(at))
    assert "Ease" in text_of(mona.get(at + "history/"))
    assert "Must have" in text_of(mona.get(at + "history/"))
    assert mona.get(at + "field/factor_value/", headers=HX).status_code == 404


def test_a_value_outside_of_the_range_is_refused_with_what_was_typed(cast, as_member, ice):
    at = f"{DSP}items/{ice.number}/edit/"
    body = {"factor_ice_ease": "11", "as": "field", "field": "factor_ice_ease"}
    answer = as_member(cast.mona).post(at, body, headers=HX)
    assert answer.status_code == 422
    assert "from 1 to 10" in text_of(answer)
    assert 'value="11"' in text_of(answer)


def test_a_conflict_over_a_factor_says_who_and_what(cast, as_member, ice):
    Item.objects.get(pk=ice.pk).edit(by=cast.actor("anton"), factors={"ice_ease": 9})
    body = {"factor_ice_ease": "4", "as": "row", "seen": ice.change_id}
    answer = as_member(cast.mona).post(f"{DSP}items/{ice.number}/edit/", body, headers=HX)
    assert answer.status_code == 409
    assert "Anton set this to “9”" in text_of(answer)
    assert 'data-problem="factor_ice_ease"' in text_of(answer)


def test_a_cell_of_the_table_answers_with_its_row(cast, as_member, ice):
    body = {"factor_ice_ease": "10", "as": "row", "seen": ice.change_id}
    answer = as_member(cast.mona).post(f"{DSP}items/{ice.number}/edit/", body, headers=HX)
    assert answer.status_code == 200
    assert ">400<" in text_of(answer)
    assert 'data-value="10"' in text_of(answer)


def test_the_backlog_asks_no_more_for_another_scorecard_and_stays_within_ten(cast, as_member, count_queries, ice):
    mona = as_member(cast.mona)
    mona.get(DSP + "backlog/")
    few = count_queries(lambda: mona.get(DSP + "backlog/"))
    for _n in range(20):
        make_item(cast.product, factors={"ice_impact": 8})
    assert count_queries(lambda: mona.get(DSP + "backlog/")) == few <= 10


# ---- API


def test_the_api_reads_and_writes_factors_and_scorecards(cast, api, ice):
    found = api(cast.mona, "get", "/api/v1/items/DSP-1/").json()
    assert (found["score"], found["second_score"], found["factors"]["ice_ease"]) == ("120.00", None, 3)
    patched = api(
        cast.mona,
        "patch",
        "/api/v1/items/DSP-1/",
        {"factors": {"ice_ease": 4, "moscow": "must"}},
        **{"If-Match": "*"},
    )
    assert (patched.json()["score"], patched.json()["second_score"]) == ("160.00", "4.00")
    for bad in ({"ice_ease": 99}, {"nothing": 1}, {"reach": 4}, [1], {"moscow": 7}):
        answer = api(cast.mona, "patch", "/api/v1/items/DSP-1/", {"factors": bad}, **{"If-Match": "*"})
        assert answer.status_code == 400, bad
    made = api(
        cast.anton,
        "post",
        "/api/v1/scorecards/",
        {"name": "Ours", "factors": [{"name": "Fit"}, {"key": "effort", "role": "divide", "low": 0, "high": 20}]},
    )
    assert made.status_code == 201, made.content
    assert (
        api(cast.mona, "post", "/api/v1/scorecards/", {"name": "Mine", "factors": [{"name": "Fit"}]}).status_code == 403
    )
    chosen = api(cast.mona, "post", "/api/v1/scorings/", {"product": "DSP", "scorecard": made.json()["id"]})
    assert chosen.status_code == 201, chosen.content
    assert api(cast.mona, "get", "/api/v1/items/DSP-1/").json()["score"] is None
    fit = made.json()["factors"][0]["key"]
    created = api(
        cast.mona,
        "post",
        "/api/v1/items/",
        {"product": "DSP", "title": "New", "effort": "5", "factors": {fit: 8, "value": None}},
    )
    assert created.json()["score"] == "64.00"
    assert [one["name"] for one in api(cast.mona, "get", "/api/v1/scorecards/").json()["results"]][-1] == "Ours"
