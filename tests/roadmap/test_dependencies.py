"""What dependencies do to days: pushed along and the critical chain, for any spans and any links, circles too."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roadmap.timelines.dependencies import Span, critical_chain, is_late, pushed

DAY = date(2026, 11, 19)
calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a machine may have other things to do
MOST = 8
keys = st.integers(0, MOST - 1)
lengths = st.tuples(st.integers(-100, 100), st.integers(0, 60))
plans = st.dictionaries(keys, lengths.map(lambda one: span(*one)))
any_pairs = st.lists(st.tuples(keys, keys), max_size=16)
#: What is needed has the smaller number: no circles.
straight = any_pairs.map(lambda found: [(min(one), max(one)) for one in found if one[0] != one[1]])


def span(start: int, more: int = 9) -> Span:
    return Span(DAY + timedelta(days=start), DAY + timedelta(days=start + more))


def behind(pairs: list[tuple[int, int]], starts: set[int]) -> set[int]:
    reached = set(starts)
    for _round in range(MOST):
        reached |= {item for needed, item in pairs if needed in reached}
    return reached


@calm
@given(plans, straight, st.sets(keys))
def test_after_a_push_nobody_behind_what_moved_begins_too_early(spans, pairs, moved):
    fresh = {**spans, **pushed(spans, pairs, moved)}
    reached = behind([one for one in pairs if set(one) <= spans.keys()], moved & spans.keys())
    for needed, item in pairs:
        if needed in fresh and item in fresh and needed in reached and item not in moved:
            moves = needed in moved or fresh[needed] != spans[needed]
            assert not moves or not is_late(fresh[needed].ends_on, fresh[item].starts_on)


@calm
@given(plans, any_pairs, st.sets(keys))
def test_only_those_who_wait_are_pushed_later_and_none_changes_its_length(spans, pairs, moved):
    reached = behind([one for one in pairs if set(one) <= spans.keys()], moved & spans.keys())
    for key, fresh in pushed(spans, pairs, moved).items():
        assert key in reached - moved
        assert fresh.days == spans[key].days
        assert fresh.starts_on > spans[key].starts_on


@calm
@given(plans, straight, st.sets(keys))
def test_a_push_is_done_at_once(spans, pairs, moved):
    once = pushed(spans, pairs, moved)
    again = pushed({**spans, **once}, pairs, {*moved, *once})
    assert again == {}


def paths(spans, pairs, key):
    """Every chain of needs that ends in `key`, by trying all."""
    before = [needed for needed, item in set(pairs) if item == key and needed in spans]
    return [[key], *([*path, key] for one in before for path in paths(spans, pairs, one))]


@calm
@given(plans, straight, st.sets(keys, max_size=4))
def test_no_chain_of_needs_is_longer_than_the_critical_one(spans, pairs, goals):
    chain = critical_chain(spans, pairs, goals)
    every = [path for goal in goals & spans.keys() for path in paths(spans, pairs, goal)]
    if not every:
        assert chain == []
        return
    assert chain in every
    assert sum(spans[key].days for key in chain) == max(sum(spans[key].days for key in path) for path in every)


@calm
@given(plans, any_pairs, st.sets(keys))
def test_circles_end_and_the_chain_is_one(spans, pairs, goals):
    chain = critical_chain(spans, pairs, goals)
    assert len(set(chain)) == len(chain)
    assert not chain or chain[-1] in goals
    assert all(pair in pairs for pair in pairwise(chain))


def test_a_long_chain_is_pushed_without_deep_recursion():
    spans = {n: span(n * 10) for n in range(5000)}
    spans[0] = span(5)
    fresh = pushed(spans, [(n, n + 1) for n in range(4999)], {0})
    assert len(fresh) == 4999
    assert fresh[4999] == span(49995)


def test_who_begins_on_the_day_on_which_what_it_needs_ends_is_late():
    assert is_late(span(0, 9).ends_on, span(9).starts_on)
    assert not is_late(span(0, 9).ends_on, span(10).starts_on)
