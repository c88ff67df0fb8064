"""How Dispatch's plans moved: what was agreed in the summer, what slipped and came forward since, who moved it, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from demo.story import Story
from roadmap.models import Baseline, Item

KEY = "DSP"
AGREED = -79
#: Named days: days from today.
BASELINES = (("Q3 plan", -100), ("Board plan", -75), ("Q4 plan", -52))


class Move(NamedTuple):
    """When an item got the dates that it has, from an end that was `later` days before it (negative: after), by whom, and why."""

    title: str
    day: int
    later: int
    start_later: int
    who: str
    why: str = ""


MOVES = (
    Move("Backhaul pricing rules", -32, 28, 14, "claire@polarline.example",
         "Cannot start before Backhaul offers ends; finance is closed over New Year."),
    Move("Offline route notes in the cab", -6, 21, 0, "aiko@polarline.example",
         "Two cab tablets lose storage below −20 °C. The fix is with the supplier until mid-December."),
    Move("Backhaul offers from partner fleets", -16, 14, 0, "tomas@polarline.example"),
    Move("Multi-temperature compartments per trailer", -39, -35, -21, "priya@polarline.example",
         "Pharma audit rules apply from June; it must be out before."),
    Move("Live ETA link for consignees", -61, -35, -28, "tomas@polarline.example",
         "42 customers, most of all items; the Stockholm team is free."),
)  # fmt: skip


def replan(story: Story) -> None:
    product = story.products[KEY]
    lead = "tomas@polarline.example"
    moves = [(one, item) for one in MOVES if (item := story.items.get((KEY, one.title))) and item.ends_on]
    dates = {item.pk: (item.starts_on, item.ends_on) for _one, item in moves}
    with story.as_of("item.edited", AGREED, lead) as change:
        for one, item in moves:
            start, end = dates[item.pk]
            assert end is not None
            began = start and start - timedelta(days=one.start_later)
            item.edit(by=change, starts_on=began, ends_on=end - timedelta(days=one.later))
    for one, item in moves:
        start, end = dates[item.pk]
        who = one.who if one.who in story.members else lead
        with story.as_of("item.edited", one.day, who) as change:
            Item.objects.get(pk=item.pk).edit(by=change, starts_on=start, ends_on=end, reason=one.why or None)
    for name, day in BASELINES:
        with story.as_of("baseline.added", day, lead) as change:
            Baseline.keep(product, name, by=change, day=story.today + timedelta(days=day))
