"""Goals, initiatives and problems in the bin name nothing any more."""

from __future__ import annotations

from datetime import date

import pytest

from changes.models import Change
from changes.undo import undo
from products.models import Initiative, Objective, Problem
from roadmap.models import Item
from tests.cast import SYSTEM, Cast
from tests.factories import make_item

AIMS = [(Objective, "objective", "name"), (Initiative, "initiative", "name"), (Problem, "problem", "statement")]


@pytest.mark.parametrize(("model", "field", "called"), AIMS)
def test_what_was_planned_for_a_deleted_aim_is_planned_for_nothing_until_it_is_back(cast: Cast, model, field, called):
    aim = model.add(cast.workspace, by=SYSTEM, product=cast.product, **{called: "Gone"})
    item, binned = (make_item(cast.product, **{field: aim}) for _ in range(2))
    binned.delete_softly(by=SYSTEM)

    def aims() -> set[object]:
        return set(Item.objects.with_deleted().filter(pk__in=[item.pk, binned.pk]).values_list(field, flat=True))

    aim.delete_softly(by=SYSTEM)
    assert aims() == {None}
    back = undo(Change.objects.get(pk=aim.change_id), by=SYSTEM)
    assert aims() == {aim.pk}
    undo(back, by=SYSTEM)
    assert aims() == {None}


def test_an_initiative_lets_go_of_a_deleted_goal(cast: Cast):
    goal = Objective.add(cast.workspace, by=SYSTEM, name="Everybody's")
    bet = Initiative.add(cast.workspace, by=SYSTEM, product=cast.product, name="Bet", objective=goal)
    goal.delete_softly(by=SYSTEM)
    bet.refresh_from_db()
    assert bet.objective is None


def test_a_deleted_goal_names_no_lane_and_no_cell(cast: Cast, as_member):
    goal = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="Empty kilometres")
    make_item(cast.product, "Board", objective=goal, starts_on=date(2026, 11, 1), ends_on=date(2026, 12, 1))
    mona, base = as_member(cast.mona), f"/w/polarline/p/{cast.product.key}"
    pages = [
        f"{base}/roadmap/?layout=timeline&lanes=objective&at=2026-11-19",
        f"{base}/backlog/?columns=objective&view=all",
    ]
    for page in pages:
        assert "Empty kilometres" in mona.get(page).content.decode()
    goal.delete_softly(by=SYSTEM)
    for page in pages:
        shown = mona.get(page).content.decode()
        assert "Board" in shown
        assert "Empty kilometres" not in shown
