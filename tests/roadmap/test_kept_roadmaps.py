"""Roadmaps that are kept: of which products, for whom, and what becomes of them."""

from __future__ import annotations

import pytest

from accounts.models import Team
from accounts.refusals import Refused
from changes.concurrency import Conflict
from roadmap.models import Roadmap, RoadmapProduct
from tests.cast import Cast
from tests.factories import make_item, status

pytestmark = pytest.mark.django_db


def keep(cast: Cast, name: str = "Board plan", products=None, owner=None, **fields) -> Roadmap:
    owner = owner or cast.mona
    return Roadmap.keep(cast.workspace, name, products or [cast.product], by=cast.actor("mona"), owner=owner, **fields)


def address(roadmap: Roadmap | None = None, rest: str = "") -> str:
    return f"/w/polarline/roadmaps/{roadmap.public_id + '/' if roadmap else ''}{rest}"


def test_a_view_of_a_product_is_kept_with_its_design_and_its_filter(cast: Cast, as_member):
    query = "layout=status&colours=health&shows=key,effort&from=-3&to=12&category=building&open=3&after=9"
    body = {"name": "What we build", "products": "DSP", "query": query, "scope": "private"}
    answer = as_member(cast.bob).post(address(rest="add/"), body)
    roadmap = Roadmap.objects.get()
    assert answer["Location"] == address(roadmap)
    assert (roadmap.layout, roadmap.colours, roadmap.starts, roadmap.ends) == ("status", "health", -3, 12)
    assert (roadmap.shows, roadmap.query, roadmap.owner) == (["key", "effort"], "category=building", cast.bob)
    assert [one.key for one in roadmap.products.all()] == ["DSP"]


def test_each_sees_the_items_of_the_products_they_see(cast: Cast, as_member):
    make_item(cast.product, "Of Dispatch")
    make_item(cast.secret, "Of the secret one")
    roadmap = keep(cast, products=[cast.product, cast.secret], layout="list", is_shared=True)
    mona, dave = (as_member(who).get(address(roadmap)).content.decode() for who in (cast.mona, cast.dave))
    assert "Of Dispatch" in mona
    assert "Of the secret one" in mona
    assert "Of Dispatch" in dave
    assert "ecret" not in dave
    hidden = keep(cast, "Hidden", products=[cast.secret], is_shared=True)
    assert as_member(cast.dave).get(address(hidden)).status_code == 404
    listed = as_member(cast.dave).get(address()).content.decode()
    assert "Board plan" in listed
    assert "ecret" not in listed
    assert "Hidden" not in listed


def test_private_ones_are_their_owners_and_those_of_a_team_its_members(cast: Cast, as_member):
    team = Team.form(cast.workspace, "Planners", [cast.mona, cast.bob], by=cast.actor("anton"))
    private, ours, all_of_us = keep(cast, "Mine"), keep(cast, "Ours", team=team), keep(cast, "All", is_shared=True)
    seen = {
        who: [one.name for one in (private, ours, all_of_us) if as_member(getattr(cast, who)).get(address(one)).status_code == 200]
        for who in ("mona", "bob", "carol", "anton")
    }  # fmt: skip
    assert seen == {"mona": ["Mine", "Ours", "All"], "bob": ["Ours", "All"], "carol": ["All"], "anton": ["All"]}


def test_only_managers_keep_one_for_everybody_and_members_of_a_team_for_it(cast: Cast, as_member):
    team = Team.form(cast.workspace, "Others", [cast.mona], by=cast.actor("anton"))
    for scope, sentence in (("workspace", "takes a manager"), (team.public_id, "not in this team")):
        answer = as_member(cast.bob).post(address(rest="add/"), {"name": "Plan", "products": "DSP", "scope": scope})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
        assert 'value="Plan"' in answer.content.decode()
    assert not Roadmap.objects.exists()


def test_others_neither_change_nor_delete_a_private_one(cast: Cast, as_member):
    shared = keep(cast, "All", is_shared=True)
    carol = as_member(cast.carol)
    assert carol.post(address(shared, "edit/"), {"name": "Mine now"}).status_code == 403
    assert carol.post(address(shared, "delete/")).status_code == 403
    private = keep(cast)
    assert as_member(cast.alice).post(address(private, "delete/")).status_code == 404


def test_what_makes_no_sense_is_refused_and_kept_in_the_form(cast: Cast, as_member):
    mona = as_member(cast.mona)
    for body, sentence in (
        ({"name": "Plan"}, "Choose at least one product"),
        ({"name": "", "products": "DSP"}, "Fill this in"),
        ({"name": "Plan", "products": "NOPE"}, "no product NOPE"),
        ({"name": "Plan", "products": "DSP", "starts": "5", "ends": "2"}, "ends before it starts"),
        ({"name": "Plan", "products": "DSP", "shows": "nothing"}, "This choice is not there any more"),
    ):
        answer = mona.post(address(rest="add/"), {"scope": "private", **body})
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    whole = {
        "whole": "1",
        "name": "Plan",
        "layout": "list",
        "colours": "status",
        "precision": "day",
        "scope": "private",
    }
    assert "Choose at least one product" in mona.post(address(rest="add/"), whole).content.decode()
    keep(cast, "Taken")
    answer = mona.post(address(rest="add/"), {"name": "Taken", "products": "DSP", "scope": "private"})
    assert "a roadmap of this name" in answer.content.decode()


def test_an_address_of_its_own_shows_it_otherwise_and_saving_keeps_that(cast: Cast, as_member):
    make_item(cast.product, "Idea")
    make_item(cast.product, "Built", status=status(cast.workspace, "In build"))
    roadmap, mona = keep(cast, layout="list"), as_member(cast.mona)
    assert "Save view" not in mona.get(address(roadmap)).content.decode()
    other = mona.get(address(roadmap) + "?layout=list&category=building")
    assert "Save view" in other.content.decode()
    assert [row.title for row in other.context["listed"].rows] == ["Built"]
    body = {"query": other.context["asked"].to_keep, "seen": roadmap.change_id}
    assert mona.post(address(roadmap, "edit/"), body).status_code == 302
    assert [row.title for row in mona.get(address(roadmap)).context["listed"].rows] == ["Built"]


def test_a_filter_that_finds_nothing_says_so_and_one_that_cannot_be_read_too(cast: Cast, as_member):
    make_item(cast.product, "Idea")
    mona = as_member(cast.mona)
    for layout in ("list", "status", "nnl", "release"):
        roadmap = keep(cast, f"Plan {layout}", layout=layout, query="q=zzzz")
        assert "Nothing matches these filters" in mona.get(address(roadmap)).content.decode()
        assert "is not a number" in mona.get(address(roadmap) + "?score.gte=much").content.decode()


def test_a_copy_is_ones_own_and_private_of_what_one_sees(cast: Cast, as_member):
    roadmap = keep(cast, products=[cast.product, cast.secret], layout="status", is_shared=True, query="category=ready")
    as_member(cast.dave).post(address(roadmap, "duplicate/"))
    copied = Roadmap.objects.get(owner=cast.dave)
    assert (copied.name, copied.scope, copied.layout, copied.query) == (
        "Board plan (copy)", "private", "status", "category=ready",
    )  # fmt: skip
    assert [one.key for one in copied.products.all()] == ["DSP"]


def test_a_deleted_one_comes_back_by_undo(cast: Cast, as_member):
    roadmap, mona = keep(cast), as_member(cast.mona)
    mona.post(address(roadmap, "delete/"))
    assert mona.get(address(roadmap)).status_code == 404
    deleted = Roadmap.objects.with_deleted().get()
    mona.post(f"/w/polarline/changes/{deleted.change_id}/undo/")
    assert mona.get(address(roadmap)).status_code == 200


def test_products_are_changed_in_one_change_and_turned_back_with_it(cast: Cast, as_member):
    roadmap, mona = keep(cast), as_member(cast.mona)
    body = {"name": "Two", "products": ["DSP", "SEC"], "seen": roadmap.change_id}
    assert mona.post(address(roadmap, "edit/"), body).status_code == 302
    roadmap.refresh_from_db()
    assert roadmap.name == "Two"
    assert roadmap.links.count() == 2
    mona.post(f"/w/polarline/changes/{roadmap.change_id}/undo/")
    roadmap.refresh_from_db()
    assert roadmap.name == "Board plan"
    assert [link.product for link in roadmap.links.all()] == [cast.product]


def test_whoever_does_not_see_a_product_does_not_take_it_away(cast: Cast):
    roadmap = keep(cast, products=[cast.product, cast.secret], is_shared=True)
    roadmap.edit(by=cast.actor("dave"), products=[cast.product], chosen_by=cast.dave)
    assert RoadmapProduct.objects.filter(roadmap=roadmap).count() == 2


def test_two_who_choose_other_products_meet_and_other_fields_both_win(cast: Cast):
    roadmap = keep(cast, is_shared=True)
    seen = roadmap.change_id
    roadmap.edit(by=cast.actor("alice"), products=[cast.product, cast.secret], chosen_by=cast.alice)
    roadmap.edit(by=cast.actor("mona"), seen=seen, name="Renamed")
    with pytest.raises(Conflict):
        roadmap.edit(by=cast.actor("mona"), seen=seen, products=[cast.secret], chosen_by=cast.mona)
    with pytest.raises(Refused, match="at least one product"):
        roadmap.edit(by=cast.actor("mona"), products=[])


def test_the_list_asks_as_much_for_thirty_as_for_three(cast: Cast, as_member, count_queries):
    mona, counts = as_member(cast.mona), []
    for target in (3, 30):
        while Roadmap.objects.count() < target:
            keep(cast, f"Plan {Roadmap.objects.count()}", products=[cast.product, cast.secret], is_shared=True)
        counts.append(count_queries(lambda: mona.get(address())))
    assert counts[0] == counts[1] <= 10


def test_an_empty_list_says_what_belongs_there(cast: Cast, as_member):
    assert "No roadmaps are kept yet" in as_member(cast.carol).get(address()).content.decode()


def test_a_form_that_meets_another_change_shows_both_values_and_can_be_sent_again(cast: Cast, as_member):
    roadmap = keep(cast, is_shared=True)
    body = {
        "whole": "1", "seen": roadmap.change_id, "name": "Mine", "products": "DSP", "layout": "timeline", "lanes": "objective",
        "colours": "status", "precision": "day", "scope": "workspace",
    }  # fmt: skip
    roadmap.edit(by=cast.actor("alice"), name="Theirs", layout="list")
    answer = as_member(cast.mona).post(address(roadmap, "edit/"), body)
    assert answer.status_code == 409
    assert "Theirs" in answer.content.decode()
    form = answer.context["form"]
    assert (form["name"].value(), form["layout"].value(), form["seen"].value()) == ("Mine", "list", roadmap.change_id)
    body |= {"seen": form["seen"].value(), "layout": form["layout"].value()}
    assert as_member(cast.mona).post(address(roadmap, "edit/"), body).status_code == 302
    roadmap.refresh_from_db()
    assert (roadmap.name, roadmap.layout) == ("Mine", "list")
    assert "Board plan → Theirs" in as_member(cast.mona).get(address(roadmap, "edit/")).content.decode()


def test_only_managers_are_offered_everybody(cast: Cast, as_member):
    for who, offered in ((cast.mona, True), (cast.bob, False)):
        assert ('value="workspace"' in as_member(who).get(address(rest="add/")).content.decode()) is offered
        assert ('value="workspace"' in as_member(who).get("/w/polarline/p/DSP/roadmap/").content.decode()) is offered
