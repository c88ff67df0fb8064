"""The demo's plans have a past: its baselines differ from now by slips with reasons and by what came forward."""

from __future__ import annotations

from datetime import timedelta

from config import clock
from demo.build import _Builder
from roadmap.models import Baseline
from roadmap.time_machine.compared import compared
from roadmap.time_machine.comparing import Kind
from roadmap.time_machine.states import Asked


def test_the_board_plan_differs_from_now_by_slips_that_say_why(db):
    builder = _Builder(clock.now().date() - timedelta(days=1))
    for step in (
        builder.found, builder.introduce_products, builder.set_strategy, builder.import_jira, builder.fill_backlogs,
        builder.link_strategy, builder.replan,
    ):  # fmt: skip
        step()
    product = builder.products["DSP"]
    board = Baseline.objects.get(product=product, name="Board plan")
    asked = Asked(builder.members["tomas@polarline.example"], (product.pk,))
    found = compared(asked, board.moment, None, clock.now())
    counts = found.comparison.counts()
    assert counts[Kind.SLIPPED] == 3
    assert counts[Kind.PULLED] == 2
    whys = {found.deeds[one.key].why for one in found.comparison.listed(Kind.SLIPPED)}
    assert "" in whys
    assert any("tablets" in why for why in whys)
