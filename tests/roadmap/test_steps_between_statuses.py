"""Which status may follow which: as the workspace's admins say; unless they say something, any."""

from __future__ import annotations

import pytest

from accounts.refusals import Refused
from changes.models import Change
from changes.undo import undo
from roadmap.backlog.bulk import set_for_many
from roadmap.models import Item, Status
from tests.factories import make_item, status

PAGE = "/w/polarline/settings/statuses/"
ITEMS = "/w/polarline/p/DSP/items/"


def let(cast, name: str, *names: str) -> Status:
    """From here only there."""
    here = status(cast.workspace, name)
    here.edit(by=cast.actor("anton"), leads_to=[status(cast.workspace, one).public_id for one in names])
    return here


def test_without_a_word_from_the_admins_any_status_follows_any(cast):
    item = make_item(cast.product)
    for name in ("Shipped", "Idea", "Won't do", "In review"):
        item.move_to(status(cast.workspace, name), by=cast.actor("mona"))


def test_a_step_that_is_not_allowed_is_refused_with_those_that_are(cast):
    let(cast, "Idea", "Shaping", "Won't do")
    item = make_item(cast.product)
    with pytest.raises(Refused, match="From “Idea” an item does not go to “Shipped”, only to: Shaping, Won't do"):
        item.move_to(status(cast.workspace, "Shipped"), by=cast.actor("mona"))
    item.refresh_from_db()
    assert item.status.name == "Idea"
    item.move_to(status(cast.workspace, "Shaping"), by=cast.actor("mona"))
    item.move_to(status(cast.workspace, "Shipped"), by=cast.actor("mona"))


def test_the_editor_offers_only_what_may_follow_and_the_page_says_why_not(cast, as_member):
    let(cast, "Idea", "Shaping")
    item, mona = make_item(cast.product), as_member(cast.mona)
    editor = mona.get(f"{ITEMS}{item.number}/field/status/").content.decode()
    assert ">Shaping<" in editor
    assert ">Idea<" in editor
    assert ">Shipped<" not in editor
    answer = mona.post(f"{ITEMS}{item.number}/edit/", {"status": status(cast.workspace, "Shipped").public_id})
    assert answer.status_code == 422
    assert "From “Idea” an item does not go to “Shipped”, only to: Shaping." in answer.content.decode()
    item.refresh_from_db()
    assert item.status.name == "Idea"


def test_the_interface_for_programs_refuses_it_too_and_tells_the_rule(cast, api):
    idea = let(cast, "Idea", "Shaping")
    item = make_item(cast.product)
    shipped = {"status": status(cast.workspace, "Shipped").public_id}
    answer = api(cast.mona, "patch", f"/api/v1/items/{item.key}/", shipped, **{"If-Match": f'"{item.change_id}"'})
    assert answer.status_code == 422
    assert "only to: Shaping" in answer.content.decode()
    told = api(cast.mona, "get", f"/api/v1/statuses/{idea.public_id}/").json()
    assert told["leads_to"] == [status(cast.workspace, "Shaping").public_id]


def test_of_many_items_those_that_may_go_there_go_and_the_reason_for_the_others_is_said(cast):
    let(cast, "Idea", "Shaping")
    make_item(cast.product)
    make_item(cast.product, status=status(cast.workspace, "Ready"))
    shipped = status(cast.workspace, "Shipped")
    outcome = set_for_many(Item.objects.of(cast.product), cast.product, "status", shipped, by=cast.actor("mona"))
    assert (outcome.changed, outcome.left) == (1, 1)
    assert "From “Idea”" in outcome.reason


def test_what_happened_elsewhere_is_taken_as_it_is_told(cast):
    let(cast, "Idea", "Shaping")
    item = make_item(cast.product)
    item.edit(by=cast.actor("mona"), as_told=True, status=status(cast.workspace, "Shipped"))
    assert item.shipped_at is not None


def test_a_removed_status_is_no_step_any_more_and_the_last_one_frees_the_way(cast):
    idea = let(cast, "Idea", "Shaping")
    status(cast.workspace, "Shaping").remove(by=cast.actor("anton"))
    idea.refresh_from_db()
    assert idea.leads_to == []
    undo(Change.objects.latest("pk"), by=cast.actor("anton"))
    idea.refresh_from_db()
    assert idea.leads_to == [status(cast.workspace, "Shaping").public_id]


def test_admins_tick_the_steps_on_the_page_of_statuses(cast, as_member):
    idea, shaping = status(cast.workspace, "Idea"), status(cast.workspace, "Shaping")
    sent = {"name": "Idea", "public_name": "New", "category": "proposed", "leads_to": [shaping.public_id]}
    anton = as_member(cast.anton)
    assert anton.post(f"{PAGE}{idea.public_id}/edit/", sent).status_code == 302
    idea.refresh_from_db()
    assert idea.leads_to == [shaping.public_id]
    wrong = anton.post(f"{PAGE}{idea.public_id}/edit/", {**sent, "leads_to": ["gone"]})
    assert wrong.status_code == 422
    assert "was removed in the meantime" in wrong.content.decode()


def test_a_step_to_a_status_of_another_workspace_is_refused(cast):
    with pytest.raises(Refused, match="removed in the meantime"):
        status(cast.workspace, "Idea").edit(by=cast.actor("anton"), leads_to=["x" * 22])
