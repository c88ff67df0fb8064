"""Scores: what each formula says, that missing input is no score, and that Python and SQL say the same."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import Refused
from roadmap.scores import formulas
from roadmap.scores.explaining import parts, ways_to_pass
from roadmap.scores.factors import Factor, Kind, Role, as_json, from_json
from roadmap.scores.formulas import Formula, How, score
from roadmap.scores.own_cards import OWN_KINDS, RANGES, checked
from roadmap.scores.ready_made import BUILT_IN

RICE, ICE, WSJF = BUILT_IN["rice"], BUILT_IN["ice"], BUILT_IN["wsjf"]
GIVEN = {"reach": 640, "impact": 2, "confidence": 80, "effort": 5}


def test_rice_is_reach_times_impact_times_confidence_by_effort():
    assert score(RICE, GIVEN) == Decimal("204.80")


def test_ice_is_the_product_of_three():
    assert score(ICE, {"ice_impact": 8, "ice_confidence": 5, "ice_ease": 3}) == 120


def test_wsjf_is_the_cost_of_delay_by_the_size_of_the_job():
    known = {"business_value": 8, "time_criticality": 5, "risk_reduction": 3, "job_size": 3}
    assert score(WSJF, known) == Decimal("5.33")


def test_value_by_effort_and_the_classes():
    assert score(BUILT_IN["value_effort"], {"value": 80, "effort": 5}) == 16
    assert score(BUILT_IN["moscow"], {"moscow": "must"}) == 4
    assert score(BUILT_IN["kano"], {"kano": "reverse"}) == 0
    assert BUILT_IN["moscow"].shown(Decimal(4)) == "Must have"


def weighted(*factors):
    return Formula("weighted", "Ours", How.WEIGH, tuple(from_json(one) for one in checked(list(factors))))


def test_a_weighted_score_is_the_mean_by_weight_of_what_each_has_of_its_range():
    card = weighted(
        {"name": "Fit", "kind": "scale", "weight": 3},
        {"name": "Legal", "kind": "yesno", "weight": 1},
    )
    fit, legal = (one.key for one in card.factors)
    assert score(card, {fit: 5, legal: True}) == Decimal("62.50")


@pytest.mark.parametrize(("role", "expected"), [("subtract", "0.00"), ("divide", "25.00")])
def test_a_cost_subtracts_its_part_or_divides_by_one_more_than_it(role, expected):
    card = weighted({"name": "Fit", "kind": "scale"}, {"name": "Cost", "kind": "size", "role": role})
    fit, cost = (one.key for one in card.factors)
    assert score(card, {fit: 5, cost: "xl"}) == (Decimal(expected) if role == "divide" else Decimal("-50.00"))
    assert score(card, {fit: 10, cost: "xl"}) == (Decimal("50.00") if role == "divide" else Decimal(0))


@pytest.mark.parametrize("formula", BUILT_IN.values(), ids=list(BUILT_IN))
def test_any_missing_input_is_no_score(formula):
    whole = formulas.sample(formula)
    assert score(formula, whole) is not None
    for key in whole:
        assert score(formula, {**whole, key: None}) is None
        assert score(formula, {name: value for name, value in whole.items() if name != key}) is None
        assert [one.key for one in formula.missing({**whole, key: None})] == [key]


def test_nothing_divided_by_nothing_is_no_score():
    assert score(RICE, {**GIVEN, "effort": 0}) is None
    assert score(RICE, {**GIVEN, "reach": 0}) == 0


def test_what_is_no_value_of_a_factor_is_refused_with_its_range():
    with pytest.raises(Refused, match="0 to 100"):
        BUILT_IN["value_effort"].factors[0].read("101")
    with pytest.raises(Refused, match="one of 1, 2, 3"):
        WSJF.factors[0].read("4")
    with pytest.raises(Refused, match="measured"):
        Factor("live_demand", "Demand", live="demand").read("4")
    assert WSJF.factors[0].read("13") == 13
    assert RICE.factors[0].read("1,250") == 1250
    assert BUILT_IN["value_effort"].factors[0].read("12,5 %") == 12.5
    assert BUILT_IN["moscow"].factors[0].read("Must have") == "must"


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), "many", [], {}, "NaN", True])
def test_a_number_that_is_none_is_no_score_and_no_value(bad):
    assert score(RICE, {**GIVEN, "reach": bad}) is None
    with pytest.raises(Refused):
        ICE.factors[0].read(bad)


# ---- Properties

numbers = st.one_of(
    st.none(), st.integers(-5, 120), st.decimals(-5, 120, places=2).map(float), st.booleans(),
    st.sampled_from(["xs", "m", "xl", "must", "wont", "basic", "reverse", "", "nonsense"]),
)  # fmt: skip


@st.composite
def cards(draw):
    made = []
    for place in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(OWN_KINDS))
        low = draw(st.integers(-20, 50))
        made.append({
            "name": f"Factor {place}", "kind": str(kind), "weight": draw(st.decimals("0.1", 20, places=1)),
            "role": "gain" if place == 0 else draw(st.sampled_from(list(Role))).value,
            **({} if kind in RANGES else {"low": low, "high": low + draw(st.integers(1, 300))}),
        })  # fmt: skip
    return weighted(*made)


every_card = st.one_of(st.sampled_from(list(BUILT_IN.values())), cards())


@st.composite
def scored(draw):
    """A formula, and for each factor either one of its values or anything else."""
    formula = draw(every_card)
    inputs = {}
    for factor in formula.factors:
        allowed = factor.candidates()
        good = st.sampled_from(allowed) if allowed is not None else st.decimals(
            factor.low, factor.high if factor.high is not None else 5000, places=2
        ).map(float)  # fmt: skip
        inputs[factor.key] = draw(good if draw(st.integers(0, 9)) else numbers)
    return formula, {key: value for key, value in inputs.items() if value is not None}


def in_sql(formula, inputs):
    told = [as_json(factor) for factor in formula.factors]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cradle_score(%s, %s::jsonb, %s::jsonb)", [str(formula.how), json.dumps(told), json.dumps(inputs)]
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scored())
def test_the_database_computes_what_python_computes(db, case):
    formula, inputs = case
    ours, theirs = score(formula, inputs), in_sql(formula, inputs)
    assert (ours is None) == (theirs is None)
    assert ours is None or abs(ours - theirs) <= Decimal("0.01")


@settings(max_examples=200, deadline=None)
@given(scored())
def test_a_score_is_a_finite_number_or_none_and_each_factor_pulls_its_way(case):
    formula, inputs = case
    found = score(formula, inputs)
    assert found is None or found.is_finite()
    if found is None or formula.how == How.CLASS or found < 0:
        return
    for factor in formula.factors:
        allowed = factor.candidates()
        if allowed is None:
            continue
        order = [score(formula, {**inputs, factor.key: one}) for one in allowed]
        known = [one for one in order if one is not None and one >= 0]
        assert known == sorted(known, reverse=factor.is_cost)


@settings(max_examples=200, deadline=None)
@given(scored(), st.decimals(0, 500, places=1))
def test_each_way_to_pass_is_one_allowed_change_that_passes(case, target):
    formula, inputs = case
    for way in ways_to_pass(formula, inputs, target):
        assert way.score > target
        assert way.factor.read(way.to) == way.to
        assert way.to != inputs[way.factor.key]
        assert score(formula, {**inputs, way.factor.key: way.to}) == way.score


def test_half_the_effort_would_pass():
    ways = {way.factor.key: way.to for way in ways_to_pass(RICE, GIVEN, Decimal(300))}
    assert ways["effort"] == 3
    assert ways["impact"] == 3
    assert score(RICE, {**GIVEN, "effort": 3}) > 300 > score(RICE, {**GIVEN, "effort": 3.5})
    assert ways["reach"] == 938
    assert "confidence" not in ways  # 100 % alone is not enough


@settings(max_examples=200, deadline=None)
@given(scored())
def test_the_points_of_a_sum_and_its_divisors_are_the_score(case):
    formula, inputs = case
    found = score(formula, inputs)
    if found is None or formula.how not in (How.WEIGH, How.ADD):
        return
    told = parts(formula, inputs)
    total = sum((part.points for part in told if part.points is not None), Decimal(0))
    for part in told:
        if part.divisor is not None:
            total /= part.divisor
    assert abs(total - found) <= Decimal("0.01")


def test_kept_factors_are_read_back_as_they_were():
    for formula in BUILT_IN.values():
        for factor in formula.factors:
            back = from_json(json.loads(json.dumps(as_json(factor))))
            assert (back.key, back.kind, back.role, back.low, back.high) == (
                factor.key, factor.kind, factor.role, factor.low, factor.high,
            )  # fmt: skip
            assert [level.value for level in back.levels] == [level.value for level in factor.levels]


@pytest.mark.parametrize(
    "factors",
    [
        [], "x", [{"name": ""}], [{"name": "A", "kind": "number", "low": 5, "high": 5}], [{"name": "A", "weight": 0}],
        [{"name": "A", "role": "subtract"}], [{"name": "A"}, {"name": "a"}], [{"name": "A", "weight": "NaN"}],
        [{"name": "A", "kind": "class"}], [{"name": "A", "extra": 1}], [{"live": "nothing"}], [{"name": str(n)} for n in range(13)],
    ],
)  # fmt: skip
def test_a_scorecard_that_makes_no_sense_is_refused(factors):
    with pytest.raises(Refused):
        checked(factors)


def test_a_number_kind_needs_its_range():
    kept = checked([{"name": "Revenue", "kind": Kind.MONEY, "low": 0, "high": 500_000}])
    assert kept[0]["high"] == 500_000
