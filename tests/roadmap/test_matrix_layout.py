"""Where bubbles stand, which value a place means, and labels that do not lie on each other."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roadmap.scores.formulas import each_factor
from roadmap.scores.matrix import Axis, Spot, default_axes, diameter, label_box, overlap, shifts, sides_of_labels
from roadmap.scores.ready_made import BUILT_IN

FACTORS = {one.key: one for one in each_factor(BUILT_IN.values())}


@pytest.mark.parametrize("key", list(FACTORS))
@settings(max_examples=60, deadline=None)
@given(percent=st.floats(-20, 120), used=st.lists(st.integers(1, 5000), max_size=4))
def test_the_value_at_a_place_is_allowed_and_stands_near_it(key, percent, used):
    factor = FACTORS[key]
    axis = Axis.of(factor, used if factor.high is None else [])
    value = axis.value_at(percent)
    assert factor.read(value) == value
    place = axis.place(value)
    assert 0 <= place <= 100
    near = 100 / len(axis.values) if axis.values else float(axis.step / (axis.high - axis.low)) * 100
    if 2 <= percent <= 98:
        assert abs(place - percent) <= near
    assert axis.value_at(place) == value


def test_a_range_without_an_end_ends_above_what_items_have():
    axis = Axis.of(FACTORS["effort"], [3, 16, 0.5])
    assert (axis.low, axis.high) == (0, 20)
    assert axis.place(16) == 80
    assert axis.value_at(0) == 0.01
    assert Axis.of(FACTORS["reach"], []).high == 10


def test_what_is_no_value_has_no_place():
    axis = Axis.of(FACTORS["job_size"], [])
    assert axis.place(4) is None
    assert axis.place(None) is None
    assert axis.place(5) == pytest.approx(50)


def test_the_axes_are_cost_and_gain_where_the_scorecard_has_both():
    chosen = {name: default_axes(card.factors) for name, card in BUILT_IN.items()}
    assert [one.key for one in chosen["rice"]] == ["effort", "impact"]
    assert [one.key for one in chosen["wsjf"]] == ["job_size", "business_value"]
    assert [one.key for one in chosen["value_effort"]] == ["effort", "value"]
    assert [one.key for one in chosen["ice"]] == ["ice_ease", "ice_impact"]
    assert chosen["moscow"] is None


spots = st.builds(Spot, st.floats(0, 100), st.floats(0, 100), st.integers(18, 44), st.integers(1, 60))


@settings(max_examples=150, deadline=None)
@given(st.lists(spots, max_size=40))
def test_no_label_lies_on_another_one_or_on_a_foreign_bubble_or_leaves_the_plane(placed):
    sides = sides_of_labels(placed)
    boxes = [(n, label_box(spot, side)) for n, (spot, side) in enumerate(zip(placed, sides, strict=True)) if side]
    for n, box in boxes:
        assert min(box[0], box[1]) >= 0
        assert max(box[2] - 800, box[3] - 640) <= 0
        assert not any(overlap(box, other) for m, other in boxes if m != n)
        for m, spot in enumerate(placed):
            x, y, half = spot.x * 8, (100 - spot.y) * 6.4, spot.size / 2
            assert m == n or not overlap(box, (x - half, y - half, x + half, y + half))


def test_a_label_flips_at_the_edge_and_is_left_out_in_a_crowd():
    assert sides_of_labels([Spot(97, 50, 30, 20)]) == ["left"]
    assert sides_of_labels([Spot(50, 50, 30, 20)]) == ["right"]
    crowd = [Spot(50, 50 + n / 10, 30, 30) for n in range(12)]
    assert sides_of_labels(crowd).count("") > 0


def test_the_area_of_a_bubble_grows_with_the_customers():
    assert diameter(0, 0) == diameter(0, 20) == 18
    assert diameter(20, 20) == 44
    assert diameter(5, 20) == 31


def test_a_step_of_an_arrow_is_a_step_of_the_factor_or_a_fiftieth_of_a_wide_range():
    assert Axis.of(FACTORS["effort"], [16]).step == Decimal("0.5")
    assert Axis.of(FACTORS["reach"], [4000]).step == 10
    assert Axis.of(FACTORS["value"], []).step == 1


def test_bubbles_of_the_same_values_stand_beside_each_other():
    places = [(10, 50), (40, 50), (10, 50), (10.001, 50), (10, 50)]
    found = shifts(places)
    assert found[0] == found[1] == (0, 0)
    beside = [found[n] for n in (0, 2, 3, 4)]
    apart = [
        (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 for n, one in enumerate(beside) for other in beside[:n]
    ]
    assert min(apart) > 16**2
    assert all(abs(x) < 40 and abs(y) < 40 for x, y in beside)


def test_a_crowd_stays_near_its_place():
    assert max(abs(far) for shift in shifts([(50, 50)] * 60) for far in shift) < 150
