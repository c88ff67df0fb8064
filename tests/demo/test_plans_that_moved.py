"""The demo's plans have a past: its baselines differ from now by slips with reasons and by what came forward."""

from __future__ import annotations

from datetime import timedelta

from config import clock
from demo.backlogs import fill_backlogs, import_jira
from demo.people import found
from demo.replanning import replan
from demo.story import Story
from demo.strategy import introduce_products, link_strategy, set_strategy
from roadmap.models import Baseline
from roadmap.time_machine.compared import Compared
from roadmap.time_machine.comparing import Kind
from roadmap.time_machine.differing import differing
from roadmap.time_machine.states import Asked


def test_the_board_plan_differs_from_now_by_slips_that_say_why(db):
    story = Story(clock.now().date() - timedelta(days=1))
    for chapter in (found, introduce_products, set_strategy, import_jira, fill_backlogs, link_strategy, replan):
        chapter(story)
    product = story.products["DSP"]
    board = Baseline.objects.get(product=product, name="Board plan")
    asked = Asked(story.members["tomas@polarline.example"], (product.pk,))
    differences = Compared(differing(asked, board.moment, None, clock.now()))
    counts = differences.comparison.counts()
    assert counts[Kind.SLIPPED] == 3
    assert counts[Kind.PULLED] == 2
    whys = {differences.deeds[one.key].why for one in differences.comparison.listed(Kind.SLIPPED)}
    assert "" in whys
    assert any("tablets" in why for why in whys)
