"""Who waits for whom, and what that does to days. Pure: spans by key, and pairs of (what is needed, who needs it).

Circles are refused where links are made. Should there be one nevertheless, every function here ends: what stands in it, or
behind it, is left alone.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Span(NamedTuple):
    """Days, both included."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def later(self, days: int) -> Span:
        return Span(self.starts_on + timedelta(days=days), self.ends_on + timedelta(days=days))


def is_late(needed_end: date, start: date) -> bool:
    """Whether who waits begins before what it needs has ended."""
    return start <= needed_end


def pushed(spans: Mapping[Key, Span], pairs: Iterable[tuple[Key, Key]], moved: Collection[Key]) -> dict[Key, Span]:
    """The new spans of all who wait for one of `moved`, directly or not, and would begin too early because of it: each keeps its
    length and begins on the day after the last of those has ended. Nobody begins earlier than before."""
    needs, order = _from(spans, pairs, moved)
    found: dict[Key, Span] = {}
    for key in order:
        if key in moved:
            continue
        span = spans[key]
        ends = [found.get(one, spans[one]).ends_on for one in needs[key] if one in moved or one in found]
        behind = (max(ends) - span.starts_on).days + 1 if ends else 0
        if behind > 0:
            found[key] = span.later(behind)
    return found


def critical_chain(spans: Mapping[Key, Span], pairs: Iterable[tuple[Key, Key]], goals: Collection[Key]) -> list[Key]:
    """The longest work that must be done one after the other before the last of `goals` is there, from its first to its last:
    of all paths of needs that end in a goal the one with the most days, and of such the one that ends last."""
    needs, order = _from(spans, ((item, needed) for needed, item in pairs), goals, backwards=True)
    length: dict[Key, int] = {}
    before: dict[Key, Key] = {}
    for key in order:
        longest = max(needs[key], key=lambda one: (length[one], spans[one].ends_on, str(one)), default=None)
        length[key] = spans[key].days
        if longest is not None:
            length[key] += length[longest]
            before[key] = longest
    reached = [key for key in goals if key in length]
    if not reached:
        return []
    chain = [max(reached, key=lambda one: (length[one], spans[one].ends_on, str(one)))]
    while chain[-1] in before:
        chain.append(before[chain[-1]])
    return chain[::-1]


def _from(
    spans: Mapping[Key, Span], pairs: Iterable[tuple[Key, Key]], starts: Collection[Key], *, backwards: bool = False
) -> tuple[dict[Key, list[Key]], list[Key]]:
    """What each needs (of those that have days), and all that is reached from `starts` along the pairs, what is needed first.

    Backwards, pairs are followed from who waits to what it needs. What stands in a circle, or waits for one, is left out.
    """
    following: dict[Key, list[Key]] = defaultdict(list)
    needs: dict[Key, list[Key]] = defaultdict(list)
    for start, end in dict.fromkeys(pairs):
        if start in spans and end in spans and start != end:
            following[start].append(end)
            if backwards:
                needs[start].append(end)
            else:
                needs[end].append(start)
    reached = _reached(following, [one for one in starts if one in spans])
    waiting = {key: sum(one in reached for one in needs[key]) for key in reached}
    ready = deque(key for key in reached if not waiting[key])
    freed: dict[Key, list[Key]] = defaultdict(list)
    for key in reached:
        for one in needs[key]:
            if one in reached:
                freed[one].append(key)
    order: list[Key] = []
    while ready:
        key = ready.popleft()
        order.append(key)
        for one in freed[key]:
            waiting[one] -= 1
            if not waiting[one]:
                ready.append(one)
    return needs, order


def _reached(following: Mapping[Key, list[Key]], starts: Iterable[Key]) -> dict[Key, None]:
    """All that the pairs lead to from `starts`, themselves included, each once, in the order in which it is found."""
    found = dict.fromkeys(starts)
    queue = list(found)
    for key in queue:
        for one in following.get(key, ()):
            if one not in found:
                found[one] = None
                queue.append(one)
    return found
