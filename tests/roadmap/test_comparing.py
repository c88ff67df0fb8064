"""What lies between two states of a roadmap: a pure function, held to its properties."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadmap.time_machine.comparing import OPPOSITE, Kind, Noun, Planned, compare

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
KEYS = ["DSP-1", "DSP-2", "DSP-3", "DSP-4", "r1", "m1"]
days = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))


@st.composite
def planned(draw: st.DrawFn, key: str) -> Planned:
    return Planned(
        key=key,
        noun=Noun.RELEASE if key == "r1" else Noun.MILESTONE if key == "m1" else Noun.ITEM,
        title=draw(st.sampled_from(["Live arrival", "Bulk re-plan", ""])),
        starts_on=draw(days),
        ends_on=draw(days),
        horizon=draw(st.sampled_from(["", "now", "next", "later"])),
        is_shipped=draw(st.booleans()),
        effort=draw(st.none() | st.decimals(0, 40, places=1)),
        scope=frozenset(draw(st.sets(st.sampled_from(["DSP-7", "DSP-8", "DSP-9"])))),
    )


@st.composite
def states(draw: st.DrawFn) -> dict[str, Planned]:
    keys = draw(st.sets(st.sampled_from(KEYS)))
    return {key: draw(planned(key)) for key in sorted(keys)}


@relaxed
@given(states(), states())
def test_what_differs_makes_the_second_state_of_the_first(before, after):
    assert compare(before, after).applied_to(before) == after


@relaxed
@given(states(), states())
def test_the_other_way_round_is_the_reverse(before, after):
    there, back = compare(before, after), compare(after, before)
    assert there.reversed() == back
    assert back.applied_to(after) == before


@relaxed
@given(states())
def test_a_state_does_not_differ_from_itself(state):
    comparison = compare(state, dict(state))
    assert not comparison
    assert comparison.same == len(state)


@relaxed
@given(states(), states())
def test_each_kind_has_its_opposite(before, after):
    for one in compare(before, after):
        assert one.reversed().kinds == {OPPOSITE.get(kind, kind) for kind in one.kinds}
        assert one.reversed().end_moved == -one.end_moved
        assert one.reversed().effort_moved == -one.effort_moved
        assert one.reversed().came_in == one.went_out


@relaxed
@given(states(), states())
def test_everything_is_told_once_and_nothing_is_told_that_did_not_happen(before, after):
    comparison = compare(before, after)
    told = [one.key for kind in Kind for one in comparison.listed(kind)]
    assert sorted(told) == sorted(one.key for one in comparison)
    assert sum(comparison.counts().values()) == len(comparison)
    assert comparison.same + len(comparison) == len({*before, *after})
    for one in comparison:
        assert one.kind in one.kinds


@relaxed
@given(states(), states(), states())
def test_two_steps_lead_where_one_does(first, second, third):
    walked = compare(second, third).applied_to(compare(first, second).applied_to(first))
    assert walked == compare(first, third).applied_to(first)


def test_a_slip_is_told_in_days_of_its_end_and_its_start():
    before = {"DSP-1": Planned("DSP-1", starts_on=date(2026, 9, 1), ends_on=date(2026, 9, 30))}
    after = {"DSP-1": Planned("DSP-1", starts_on=date(2026, 9, 3), ends_on=date(2026, 10, 14))}
    [one] = compare(before, after)
    assert (one.kind, one.end_moved, one.start_moved) == (Kind.SLIPPED, 14, 2)


def test_what_was_shipped_late_is_told_as_shipped_and_found_among_slips_too():
    before = {"DSP-1": Planned("DSP-1", ends_on=date(2026, 9, 30), effort=Decimal(3))}
    after = {"DSP-1": Planned("DSP-1", ends_on=date(2026, 10, 7), effort=Decimal(5), is_shipped=True)}
    comparison = compare(before, after)
    [one] = comparison
    assert one.kind == Kind.SHIPPED
    assert one.kinds == {Kind.SHIPPED, Kind.SLIPPED, Kind.RESCOPED}
    assert one.effort_moved == 2


def test_from_now_to_later_is_a_slip_where_there_are_no_dates():
    [one] = compare({"DSP-1": Planned("DSP-1", horizon="now")}, {"DSP-1": Planned("DSP-1", horizon="later")})
    assert one.kind == Kind.SLIPPED


def test_the_farthest_slip_comes_first():
    before = {key: Planned(key, ends_on=date(2026, 9, 1)) for key in ("DSP-1", "DSP-2")}
    after = {
        "DSP-1": Planned("DSP-1", ends_on=date(2026, 9, 8)),
        "DSP-2": Planned("DSP-2", ends_on=date(2026, 9, 29)),
    }
    assert [one.key for one in compare(before, after).listed(Kind.SLIPPED)] == ["DSP-2", "DSP-1"]
