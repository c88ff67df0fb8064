from decimal import Decimal

import pytest

from accounts.roles import Role
from changes.models import Change
from feedback.models import Contact, Conversation, Customer, Insight
from products.models import Problem
from roadmap.models import Item
from tests.factories import SYSTEM, make_contact, make_conversation, make_customer, make_item


def at(cast, path=""):
    return f"/w/{cast.workspace.slug}/feedback/{path}"


@pytest.fixture
def conversation(cast):
    customer = make_customer(cast.workspace, "Nordfrisk", annual_revenue=Decimal(310_000))
    return make_conversation(
        customer, "Henrike: the receiving docks should hear it.", subject="A13 closure", product=cast.product
    )


def test_what_was_said_in_a_line_is_offered_as_the_passage(cast, as_member, conversation):
    mona = as_member(cast.mona)
    short = mona.get(at(cast, f"{conversation.public_id}/link/"))
    assert short.context["form"].initial["passage"] == conversation.text
    long = make_conversation(conversation.customer, "A whole story. " * 40, product=cast.product)
    assert mona.get(at(cast, f"{long.public_id}/link/")).context["form"].initial["passage"] == ""


def test_the_inbox_lists_what_is_new_and_opens_the_first(cast, as_member, conversation):
    make_conversation(conversation.customer, subject="Already read").finish(by=SYSTEM)
    page = as_member(cast.carol).get(at(cast)).content.decode()
    assert "A13 closure" in page
    assert "the receiving docks" in page
    assert "€310k" in page
    assert "Already read" not in page


@pytest.mark.parametrize(
    ("tab", "subject"), [("", "New one"), ("mine", "Hers"), ("linked", "Linked one"), ("done", "Done one")]
)
def test_each_tab_shows_its_own(cast, as_member, tab, subject):
    customer = make_customer(cast.workspace)
    make_conversation(customer, subject="New one")
    make_conversation(customer, subject="Hers", lead=cast.mona)
    linked = make_conversation(customer, "Words.", subject="Linked one")
    linked.link("Words", item=make_item(cast.product), importance=2, by=SYSTEM)
    linked.finish(by=SYSTEM)
    make_conversation(customer, subject="Done one").finish(by=SYSTEM)
    rows = as_member(cast.mona).get(at(cast, f"?tab={tab}"), headers={"HX-Request": "true"}).content.decode()
    assert subject in rows


def test_a_wrong_team_neither_sees_nor_counts_conversations_of_a_limited_product(cast, as_member):
    make_conversation(make_customer(cast.workspace), subject="Hidden thing", product=cast.secret)
    dave = as_member(cast.dave)
    for path in ("", "?tab=done", "?q=hidden", "?tab=linked", "?sort=oldest"):
        page = dave.get(at(cast, path)).content.decode()
        assert "Hidden thing" not in page
        assert "side__count--new" not in page
    assert '<span class="count">1</span>' not in page
    assert "side__count--new" in as_member(cast.carol).get(at(cast)).content.decode()


def test_a_stranger_and_a_wrong_team_get_404(cast, as_member):
    hidden = make_conversation(make_customer(cast.workspace), product=cast.secret)
    for member in (cast.dave, cast.mallory):
        assert as_member(member).get(at(cast, f"{hidden.public_id}/")).status_code == 404
        assert as_member(member).post(at(cast, f"{hidden.public_id}/done/")).status_code == 404


def test_a_viewer_reads_and_changes_nothing(cast, as_member, conversation):
    carol = as_member(cast.carol)
    assert carol.get(at(cast, f"{conversation.public_id}/")).status_code == 200
    for path in ("done/", "edit/", "link/", "reopen/", "delete/"):
        assert carol.post(at(cast, f"{conversation.public_id}/{path}"), {"subject": "x"}).status_code == 403
    assert carol.get(at(cast, "add/")).status_code == 403


def test_a_manager_deletes_a_conversation_and_undo_brings_it_back(cast, as_member, conversation):
    mona = as_member(cast.mona)
    page = mona.post(at(cast, f"{conversation.public_id}/delete/"), follow=True).content.decode()
    assert "Deleted: A13 closure" in page
    assert not Conversation.objects.exists()
    change = Change.objects.get(verb="conversation.deleted")
    assert f"/changes/{change.pk}/undo/" in page
    mona.post(f"/w/polarline/changes/{change.pk}/undo/")
    assert Conversation.objects.get() == conversation


def test_a_role_at_a_product_counts_for_its_conversations_alone(cast, as_member, conversation):
    cast.product.give_role(cast.carol, Role.CONTRIBUTOR, by=SYSTEM)
    other = make_conversation(conversation.customer)
    carol = as_member(cast.carol)
    assert carol.post(at(cast, f"{conversation.public_id}/done/")).status_code == 302
    assert carol.post(at(cast, f"{other.public_id}/done/")).status_code == 403
    sent = {"subject": "Hers", "text": "Text", "product": "DSP"}
    assert carol.post(at(cast, "add/"), sent).status_code == 302
    assert carol.post(at(cast, "add/"), {**sent, "product": ""}).status_code == 422


def test_a_contributor_adds_feedback_with_a_new_customer_and_contact(cast, as_member):
    answer = as_member(cast.bob).post(
        at(cast, "add/"),
        {
            "subject": "Renewal call", "text": "They will sign.\r\nBy April.", "source": "sales", "product": "DSP",
            "customer_name": "FreshPoint", "contact_name": "Joris", "contact_email": "Joris@FreshPoint.example",
        },
    )  # fmt: skip
    assert answer.status_code == 302
    said = Conversation.objects.get()
    assert (said.customer.name, said.contact.name, said.contact.email) == (
        "FreshPoint",
        "Joris",
        "joris@freshpoint.example",
    )
    assert said.text == "They will sign.\nBy April."
    assert said.added_by == cast.bob
    assert Change.objects.filter(verb__startswith="conversation").count() == 1


def test_known_names_are_not_doubled(cast, as_member):
    contact = make_contact(make_customer(cast.workspace, "FreshPoint"), "Joris", email="joris@freshpoint.example")
    for person in ({"customer_name": "freshpoint"}, {"contact_email": contact.email}, {
        "customer_name": "FreshPoint", "contact_name": "joris"}):  # fmt: skip
        as_member(cast.bob).post(at(cast, "add/"), {"subject": "s", "text": "t", **person})
    assert Customer.objects.count() == 1
    assert Contact.objects.count() == 1
    assert {said.customer.name for said in Conversation.objects.all()} == {"FreshPoint"}


def test_bad_input_is_answered_with_sentences_and_the_typing_is_kept(cast, as_member):
    answer = as_member(cast.bob).post(
        at(cast, "add/"),
        {"subject": "", "text": "Kept words", "product": "SEC!", "contact_email": "nobody", "received_at": "soon"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Kept words" in page
    assert page.count("field__error") >= 4


@pytest.mark.parametrize("text", ["a\x00b", "<script>alert(1)</script>", "‮abc", "😀" * 300, "' OR 1=1 --"])
def test_any_text_is_kept_or_refused_and_never_runs(cast, as_member, text):
    answer = as_member(cast.bob).post(at(cast, "add/"), {"subject": "x", "text": text, "customer_name": text[:100]})
    assert answer.status_code in (302, 422)
    page = as_member(cast.bob).get(at(cast)).content.decode()
    assert "<script>alert" not in page


def test_done_leaves_the_inbox_and_says_how_to_undo(cast, as_member, conversation):
    mona = as_member(cast.mona)
    answer = mona.post(at(cast, f"{conversation.public_id}/done/"), {"keep": "tab=mine"})
    assert answer.url == at(cast, "?tab=mine")
    page = mona.get(answer.url).content.decode()
    assert "Done: A13 closure" in page
    undo = f"/w/polarline/changes/{Conversation.objects.get().change_id}/undo/"
    assert undo in page
    mona.post(undo)
    assert Conversation.objects.get().state == "new"


def test_a_passage_is_linked_without_scripts(cast, as_member, conversation):
    item = make_item(cast.product, "Tell the dock when a slot will be missed")
    mona = as_member(cast.mona)
    form = mona.get(at(cast, f"{conversation.public_id}/link/?q=dock")).content.decode()
    assert f"item:{item.key}" in form
    answer = mona.post(
        at(cast, f"{conversation.public_id}/link/"),
        {"passage": "receiving docks", "target": f"item:{item.key}", "importance": 3},
    )
    assert answer.status_code == 302
    page = mona.get(answer.url).content.decode()
    assert '<mark class="hl">receiving docks<sup>1</sup></mark>' in page
    assert "Tell the dock" in page


def test_a_passage_is_linked_to_a_problem_or_a_new_item(cast, as_member, conversation):
    problem = Problem.add(cast.workspace, statement="Docks hear it last", product=cast.product, by=SYSTEM)
    bob, url = as_member(cast.bob), at(cast, f"{conversation.public_id}/link/")
    bob.post(url, {"passage": "docks", "target": f"problem:{problem.public_id}", "importance": 1})
    bob.post(url, {"passage": "hear it", "target": "new:DSP", "title": "Tell docks", "importance": 2})
    assert {str(insight.target) for insight in Insight.objects.all()} == {"Docks hear it last", "Tell docks"}
    assert Item.objects.get().status.category == "proposed"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"passage": "not in it"}, "does not have this passage"),
        ({"passage": ""}, "Fill this in"),
        ({"target": ""}, "Choose an item or a problem"),
        ({"target": "item:DSP-999"}, "not there any more"),
        ({"target": "item:SEC-1"}, "not there any more"),
        ({"target": "item:DSP-٣"}, "not there any more"),
        ({"target": "new:DSP", "title": " "}, "Give the new item a title"),
        ({"target": "new:SEC"}, "not there any more"),
        ({"importance": "7"}, "not there any more"),
    ],
)
def test_a_link_that_makes_no_sense_is_refused_with_a_sentence(cast, as_member, conversation, fields, sentence):
    item = make_item(cast.product)
    make_item(cast.secret)
    sent = {"passage": "docks", "target": f"item:{item.key}", "importance": 2, **fields}
    answer = as_member(cast.dave).post(at(cast, f"{conversation.public_id}/link/"), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Insight.objects.exists()


def test_suggestions_and_search_never_name_what_is_hidden(cast, as_member, conversation):
    make_item(cast.secret, "Receiving docks alarm")
    Problem.add(cast.workspace, statement="Receiving docks problem", product=cast.secret, by=SYSTEM)
    dave = as_member(cast.dave)
    conversation.edit(by=SYSTEM, product=None)
    for path in (f"{conversation.public_id}/", f"{conversation.public_id}/link/?q=docks&part=targets"):
        page = dave.get(at(cast, path)).content.decode()
        assert "docks alarm" not in page
        assert "docks problem" not in page
        assert "in Secret product" not in page
    assert "docks alarm" in as_member(cast.mona).get(at(cast, f"{conversation.public_id}/")).content.decode()


def test_an_insight_of_a_hidden_item_shows_neither_card_nor_highlight(cast, as_member, conversation):
    conversation.link("docks", item=make_item(cast.secret, "Secret plan"), importance=2, by=SYSTEM)
    page = as_member(cast.dave).get(at(cast, f"{conversation.public_id}/")).content.decode()
    assert "Secret plan" not in page
    assert '<mark class="hl">' not in page


def test_an_insight_is_weighed_and_unlinked(cast, as_member, conversation):
    insight = conversation.link("docks", item=make_item(cast.product), importance=2, by=SYSTEM)
    bob = as_member(cast.bob)
    bob.post(at(cast, f"insights/{insight.public_id}/weigh/"), {"importance": 3, "seen": insight.change_id})
    assert Insight.objects.get().importance == 3
    stale = bob.post(at(cast, f"insights/{insight.public_id}/weigh/"), {"importance": 1, "seen": insight.change_id})
    assert stale.status_code == 409
    assert bob.post(at(cast, f"insights/{insight.public_id}/weigh/"), {"importance": 9}).status_code == 422
    assert as_member(cast.carol).post(at(cast, f"insights/{insight.public_id}/unlink/")).status_code == 403
    bob.post(at(cast, f"insights/{insight.public_id}/unlink/"))
    assert not Insight.objects.exists()


def test_an_edit_in_the_meantime_conflicts_with_both_values(cast, as_member, conversation):
    seen = conversation.change_id
    conversation.edit(by=cast.actor("bob"), subject="Bob's subject")
    answer = as_member(cast.mona).post(
        at(cast, f"{conversation.public_id}/edit/"), {"subject": "Mona's subject", "seen": seen}
    )
    assert answer.status_code == 409
    assert "Bob&#x27;s subject" in answer.content.decode()
    assert "Mona&#x27;s subject" in answer.content.decode()


def test_the_item_shows_who_asks_for_it(cast, as_member, conversation):
    item = make_item(cast.product)
    conversation.customer.pays(cast.product, 310_000, by=SYSTEM)
    conversation.link("receiving docks", item=item, importance=3, by=SYSTEM)
    page = as_member(cast.carol).get(f"/w/polarline/p/DSP/items/{item.number}/").content.decode()
    assert "receiving docks" in page
    assert "€310k" in page
    assert "Nordfrisk" in page


def test_the_panel_links_to_conversations_that_the_viewer_sees_alone(cast, as_member):
    item = make_item(cast.product)
    hidden = make_conversation(make_customer(cast.workspace), "Some words.", product=cast.secret)
    hidden.link("Some words", item=item, importance=2, by=SYSTEM)
    url = f"/w/polarline/p/DSP/items/{item.number}/"
    assert hidden.public_id in as_member(cast.mona).get(url).content.decode()
    assert hidden.public_id not in as_member(cast.dave).get(url).content.decode()


def fill(cast, number):
    for _ in range(number):
        customer = make_customer(cast.workspace)
        said = make_conversation(customer, "Some words here.", contact=make_contact(customer), product=cast.product)
        said.link("Some words", item=make_item(cast.product), importance=2, by=SYSTEM)


@pytest.mark.parametrize("path", ["", "?tab=linked", "?q=words&source=other"])
def test_thirty_conversations_cost_as_many_statements_as_three(cast, as_member, count_queries, path):
    mona = as_member(cast.mona)
    fill(cast, 3)
    mona.get(at(cast, path))
    few = count_queries(lambda: mona.get(at(cast, path)))
    fill(cast, 27)
    assert count_queries(lambda: mona.get(at(cast, path))) == few
