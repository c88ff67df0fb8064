from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from changes.models import Change
from products.models import KeyResult, Objective, Problem, Product
from tests.factories import SYSTEM, make_item, make_product


def at(product, path=""):
    return f"/w/{product.workspace.slug}/p/{product.key}/{path}"


def new(cast):
    return f"/w/{cast.workspace.slug}/products/add/"


def test_a_manager_introduces_a_product(cast, as_member):
    answer = as_member(cast.mona).post(new(cast), {"name": "Coldwatch", "key": "cld", "kind": "physical"})
    assert answer.status_code == 302
    product = Product.objects.get(workspace=cast.workspace, key="CLD")
    assert (product.name, product.kind, product.stage) == ("Coldwatch", "physical", "innovation")
    assert Change.objects.get(pk=product.change_id).member == cast.mona


@pytest.mark.parametrize("name", ["bob", "carol"])
def test_contributors_and_viewers_introduce_none(cast, as_member, name):
    person = as_member(getattr(cast, name))
    assert person.get(new(cast)).status_code == 403
    assert person.post(new(cast), {"name": "x", "key": "XX", "kind": "software"}).status_code == 403


def test_a_key_that_is_taken_is_said_so_and_what_was_typed_stays(cast, as_member):
    typed = {"name": "Dispatch two", "key": "DSP", "kind": "software", "tagline": "Again"}
    answer = as_member(cast.mona).post(new(cast), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This key is taken in your workspace. Choose another one." in page
    assert 'value="Dispatch two"' in page
    assert 'value="Again"' in page


def test_the_key_of_a_hidden_product_is_taken_without_naming_it(cast, as_member):
    answer = as_member(cast.dave).post(new(cast), {"name": "x", "key": "SEC", "kind": "software"})
    assert answer.status_code == 422
    assert "Secret product" not in answer.content.decode()


@pytest.mark.parametrize("key", ["1AB", "A", "A-B", "ABCDEFGHIJK", "ÄB", "A\0B", ""])
def test_a_key_of_another_shape_is_refused_with_a_sentence(cast, as_member, key):
    answer = as_member(cast.mona).post(new(cast), {"name": "x", "key": key, "kind": "software"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["key"]


def test_the_overview_says_what_it_is_for_and_where_it_stands(cast, as_member):
    cast.product.edit(by=SYSTEM, vision="Every trailer leaves full", lead=cast.bob)
    objective = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="Cut empty kilometres")
    KeyResult.add_to(objective, by=SYSTEM, name="Share", start=22, now=16, target=14)
    Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Trailers drive home empty")
    page = as_member(cast.carol).get(at(cast.product)).content.decode()
    for text in ("Every trailer leaves full", "Cut empty kilometres", "75%", "Trailers drive home empty", "Bob"):
        assert text in page
    assert "products:edit" not in page


def test_problems_that_are_solved_leave_the_overview(cast, as_member):
    problem = Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Trailers drive home empty")
    assert "Trailers drive home empty" in as_member(cast.carol).get(at(cast.product)).context["problems"]
    problem.edit(by=SYSTEM, state="solved")
    assert as_member(cast.carol).get(at(cast.product)).context["problems"] == ""


def test_the_overview_asks_as_much_for_thirty_goals_as_for_three(cast, as_member, count_queries):
    mona = as_member(cast.mona)

    def grow(number):
        for _ in range(number):
            objective = Objective.add(cast.workspace, by=SYSTEM, product=cast.product, name="Goal", lead=cast.bob)
            KeyResult.add_to(objective, by=SYSTEM, name="Share", target=14)
            Problem.add(cast.workspace, by=SYSTEM, product=cast.product, statement="Problem")
            make_item(cast.product, by=cast.actor("bob"))

    for number, path in ((3, ""), (3, "strategy/")):
        grow(number)
        mona.get(at(cast.product, path))
        few = count_queries(lambda path=path: mona.get(at(cast.product, path)))
        grow(27)
        assert count_queries(lambda path=path: mona.get(at(cast.product, path))) == few


def test_the_lead_says_how_it_stands_and_others_may_not(cast, as_member):
    cast.product.edit(by=SYSTEM, lead=cast.carol)
    said = {"health": "at_risk", "health_reason": "The retest is late"}
    assert as_member(cast.bob).post(at(cast.product, "health/"), said).status_code == 403
    assert as_member(cast.carol).post(at(cast.product, "health/"), said).status_code == 302
    page = as_member(cast.bob).get(at(cast.product)).content.decode()
    assert "The retest is late" in page
    assert "Carol" in page


def test_trouble_without_a_reason_is_asked_for_one(cast, as_member):
    answer = as_member(cast.mona).post(at(cast.product, "health/"), {"health": "off_track", "health_reason": ""})
    assert answer.status_code == 422
    assert "Say in a sentence why" in answer.content.decode()
    assert answer.context["form"]["health"].value() == "off_track"


def test_a_stale_health_says_so(cast, as_member):
    with Change.open("test", by=SYSTEM, workspace=cast.workspace) as change:
        change.at -= timedelta(days=31)
        cast.product.set_health("on_track", "", by=change)
    assert "stale" in as_member(cast.bob).get(at(cast.product)).content.decode()


def test_two_people_who_change_different_fields_of_the_form_both_win(cast, as_member):
    seen = cast.product.change_id
    form = {"seen": seen, "name": "Dispatch", "tagline": "", "kind": "software"}
    assert as_member(cast.mona).post(at(cast.product, "edit/"), {**form, "name": "Dispatch 2"}).status_code == 302
    assert as_member(cast.alice).post(at(cast.product, "edit/"), {**form, "tagline": "One plan"}).status_code == 302
    product = Product.objects.get(pk=cast.product.pk)
    assert (product.name, product.tagline) == ("Dispatch 2", "One plan")


def test_the_same_field_answers_409_with_both_values_and_sending_it_again_is_a_choice(cast, as_member):
    seen = cast.product.change_id
    form = {"seen": seen, "name": "Dispatch", "tagline": "", "kind": "software"}
    as_member(cast.mona).post(at(cast.product, "edit/"), {**form, "name": "Mona's", "tagline": "Mona wrote this"})
    alice = as_member(cast.alice)
    answer = alice.post(at(cast.product, "edit/"), {**form, "name": "Alice's"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Mona&#x27;s" in page
    assert 'value="Alice&#x27;s"' in page
    again = {name: answer.context["form"][name].value() for name in form}
    assert again["tagline"] == "Mona wrote this"
    assert alice.post(at(cast.product, "edit/"), again).status_code == 302
    product = Product.objects.get(pk=cast.product.pk)
    assert (product.name, product.tagline) == ("Alice's", "Mona wrote this")


def test_the_key_of_a_product_cannot_be_changed(cast, as_member):
    as_member(cast.mona).post(at(cast.product, "edit/"), {"key": "NEW", "name": "Renamed"})
    assert Product.objects.get(pk=cast.product.pk).key == "DSP"


def test_an_archived_product_is_gone_until_the_archiving_is_undone(cast, as_member):
    mona = as_member(cast.mona)
    assert mona.post(at(cast.product, "archive/")).status_code == 302
    assert mona.get(at(cast.product)).status_code == 404
    change = Change.objects.latest("pk")
    assert mona.post(f"/w/{cast.workspace.slug}/changes/{change.pk}/undo/").status_code == 302
    assert mona.get(at(cast.product)).status_code == 200


def test_a_wrong_team_and_a_stranger_get_404(cast, as_member):
    for person in (cast.dave, cast.mallory):
        for path in ("", "strategy/", "edit/", "health/", "goals/add/"):
            assert as_member(person).get(at(cast.secret, path)).status_code == 404


def test_a_product_role_counts_there_alone(cast, as_member):
    cast.product.give_role(cast.carol, Role.MANAGER, by=SYSTEM)
    carol = as_member(cast.carol)
    assert carol.post(at(cast.product, "edit/"), {"name": "Hers"}).status_code == 302
    assert carol.post(at(cast.secret, "edit/"), {"name": "Hers"}).status_code == 403


def test_what_happened_is_told_with_who_and_when_and_rank_moves_are_not(cast, as_member):
    first, second = make_item(cast.product, "First"), make_item(cast.product, "Second")
    second.rank_between(None, first, by=cast.actor("bob"))
    cast.product.edit(by=cast.actor("mona"), tagline="One plan")
    activity = as_member(cast.carol).get(at(cast.product)).context["activity"]
    assert activity[0].who == "Mona"
    assert activity[0].fields == ["in a line"]
    assert all(one.verb != "item.ranked" for one in activity)


def test_a_lead_of_another_workspace_is_no_choice(cast, as_member):
    answer = as_member(cast.mona).post(at(cast.product, "edit/"), {"lead": cast.mallory.public_id})
    assert answer.status_code == 422
    assert make_product(cast.workspace).lead is None


def test_the_numbers_around_the_overview_come_with_the_statement_that_reads_it(cast, as_member):
    client = as_member(cast.mona)
    client.get(at(cast.product))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(at(cast.product)).status_code == 200
    counting = [one["sql"] for one in asked if "discussion_notification" in one["sql"]]
    assert len(counting) == 1
    assert "changes_version" in counting[0]


def test_who_changed_what_last_is_told_to_all_but_who_did(cast, as_member):
    cast.product.edit(by=cast.actor("mona"), name="Dispatch 2")
    address, piece = "/w/polarline/p/DSP/latest/", {"hx-request": "true"}
    assert "Dispatch 2" in as_member(cast.carol).get(address, headers=piece).content.decode()
    assert "Dispatch 2" not in as_member(cast.mona).get(address, headers=piece).content.decode()
