import pytest

from changes.models import Change
from changes.undo import undo
from feedback.demand import demand_of_items
from feedback.models import Idea, Insight, Vote
from roadmap.models import ItemLink
from tests.factories import make_contact, make_conversation, make_customer, make_idea, make_item, make_product


@pytest.fixture
def twins(cast):
    original, duplicate = make_item(cast.product, "Bulk re-plan"), make_item(cast.product, "Re-plan many")
    mona = cast.actor("mona")
    for name, importance in (("Nordfrisk", 3), ("Aurora", 2)):
        customer = make_customer(cast.workspace, name)
        make_conversation(customer, "We plan by night.").link(
            "by night", item=duplicate, importance=importance, by=mona
        )
    both = make_conversation(customer, "Every truck by hand.")
    both.link("by hand", item=original, importance=1, by=mona)
    both.link("by hand", item=duplicate, importance=3, by=mona)
    contact = make_contact(make_customer(cast.workspace, "FreshPoint"), "Ida")
    idea = make_idea(cast.workspace, "Plan all at once", item=duplicate)
    Vote.cast(idea, 3, contact=contact, by=contact.actor)
    return original, duplicate


def spoken(item):
    return sorted(Insight.objects.filter(item=item).values_list("passage", "importance"))


def test_a_duplicate_passes_its_insights_and_ideas_on(cast, twins):
    original, duplicate = twins
    ItemLink.add(duplicate, "duplicates", original, by=cast.actor("mona"))
    assert spoken(duplicate) == []
    assert spoken(original) == [("by hand", 3), ("by night", 2), ("by night", 3)]
    assert Idea.objects.get().item == original
    assert demand_of_items([original.pk], cast.mona)[original.pk].customers == 3


def test_undoing_the_link_brings_them_back(cast, twins):
    original, duplicate = twins
    before = spoken(original), spoken(duplicate)
    link = ItemLink.add(duplicate, "duplicates", original, by=cast.actor("mona"))
    undo(Change.objects.get(pk=link.change_id), by=cast.actor("mona"))
    assert (spoken(original), spoken(duplicate)) == before
    assert Idea.objects.get().item == duplicate
    assert not ItemLink.objects.exists()


def test_insights_follow_to_the_product_of_the_original(cast, twins):
    _original, duplicate = twins
    elsewhere = make_item(make_product(cast.workspace, "CLD"), "Cold chain")
    ItemLink.add(duplicate, "duplicates", elsewhere, by=cast.actor("mona"))
    assert {one.product for one in Insight.objects.filter(item=elsewhere)} == {elsewhere.product}


def test_it_takes_a_manager_at_both_products(cast, as_member, api, twins):
    _original, duplicate = twins
    elsewhere = make_item(make_product(cast.workspace, "CLD"), "Cold chain")
    elsewhere.product.give_role(cast.mona, 20, by=cast.actor("alice"))
    url = f"/w/polarline/p/DSP/items/{duplicate.number}/links/add/"
    answer = as_member(cast.mona).post(url, {"kind": "duplicates", "other": elsewhere.key})
    assert answer.status_code == 422
    assert "manager at both products" in answer.content.decode()
    body = {"item": duplicate.key, "kind": "duplicates", "other": elsewhere.key}
    assert api(cast.mona, "post", "/api/v1/item-links/", body).status_code == 403
    assert not ItemLink.objects.exists()
