import pytest

from accounts.refusals import Refused
from changes.concurrency import Conflict
from changes.models import Change
from changes.undo import undo
from feedback.models import Contact, Conversation, Customer, Insight
from feedback.passages import find, paragraphs
from products.models import Problem
from tests.factories import SYSTEM, make_contact, make_conversation, make_customer, make_item

TEXT = "Henrike called.\r\n\r\nHenrike: We re-planned 38 trucks\r\none by one. Nobody told the docks."


@pytest.fixture
def conversation(cast):
    return make_conversation(make_customer(cast.workspace, "Nordfrisk"), TEXT, product=cast.product)


def test_a_passage_is_found_across_line_breaks_and_kept_as_written(cast, conversation):
    insight = conversation.link("38 trucks one  by one", item=make_item(cast.product), importance=2, by=SYSTEM)
    assert insight.passage == "38 trucks\none by one"
    assert conversation.text[insight.starts : insight.ends] == insight.passage


def test_a_passage_that_is_not_there_is_refused_with_a_sentence(cast, conversation):
    for passage in ("39 trucks", "", "  ", ".*", "x" * 5000):
        with pytest.raises(Refused, match="does not have this passage"):
            conversation.link(passage, item=make_item(cast.product), importance=2, by=SYSTEM)


def test_it_is_linked_to_an_item_or_a_problem_and_not_to_both(cast, conversation):
    item = make_item(cast.product)
    problem = Problem.add(cast.workspace, statement="One by one", product=cast.product, by=SYSTEM)
    assert conversation.link("the docks", problem=problem, importance=3, by=SYSTEM).target == problem
    for targets in ({}, {"item": item, "problem": problem}):
        with pytest.raises(Refused, match="one item or one problem"):
            conversation.link("the docks", importance=3, by=SYSTEM, **targets)


def test_linking_the_same_again_sets_the_importance(cast, conversation):
    item = make_item(cast.product)
    first = conversation.link("the docks", item=item, importance=1, by=SYSTEM)
    again = conversation.link("the docks", item=item, importance=3, by=SYSTEM)
    assert first.pk == again.pk
    assert Insight.objects.get().importance == 3


def test_an_insight_follows_its_item(cast, conversation):
    insight = conversation.link("the docks", item=make_item(cast.secret), importance=2, by=SYSTEM)
    for member, sees in ((cast.mona, True), (cast.alice, True), (cast.dave, False), (cast.mallory, False)):
        assert Insight.objects.visible_to(member).filter(pk=insight.pk).exists() == sees


def test_a_conversation_is_for_all_unless_its_product_is_not(cast):
    customer = make_customer(cast.workspace)
    shared, secret = make_conversation(customer), make_conversation(customer, product=cast.secret)
    assert set(Conversation.objects.visible_to(cast.dave)) == {shared}
    assert set(Conversation.objects.visible_to(cast.carol)) == {shared, secret}
    assert not Conversation.objects.visible_to(cast.mallory).exists()


def test_highlights_follow_their_words_when_the_text_changes(cast, conversation):
    item = make_item(cast.product)
    stays = conversation.link("the docks", item=item, importance=2, by=SYSTEM)
    goes = conversation.link("one by one", item=item, importance=2, by=SYSTEM)
    conversation.edit(by=SYSTEM, text="Then they told the docks.")
    stays.refresh_from_db()
    goes.refresh_from_db()
    assert conversation.text[stays.starts : stays.ends] == "the docks"
    assert (goes.starts, goes.passage) == (None, "one by one")


def test_two_who_judge_one_passage_differently_conflict(cast, conversation):
    insight = conversation.link("the docks", item=make_item(cast.product), importance=2, by=SYSTEM)
    seen = insight.change_id
    insight.weigh(3, by=cast.actor("bob"))
    with pytest.raises(Conflict):
        Insight.objects.get().weigh(1, by=cast.actor("mona"), seen=seen)


def test_a_link_is_undone_by_one_change(cast, conversation):
    insight = conversation.link("the docks", item=make_item(cast.product), importance=2, by=cast.actor("mona"))
    undo(Change.objects.get(pk=insight.change_id), by=cast.actor("mona"))
    assert not Insight.objects.exists()


def test_a_conversation_belongs_to_its_contacts_customer(cast):
    contact = make_contact(make_customer(cast.workspace, "Aurora"))
    received = Conversation.receive(cast.workspace, "Hello", "Text", contact=contact, by=cast.actor("bob"))
    assert received.customer.name == "Aurora"
    assert received.added_by == cast.bob


def test_a_known_address_is_the_same_contact_also_from_the_bin(cast):
    contact = make_contact(make_customer(cast.workspace), "Ann", email="ann@aurora.example")
    contact.delete_softly(by=SYSTEM)
    again = Contact.add(cast.workspace, email="ANN@aurora.example", role="Buyer", by=SYSTEM)
    assert (again.pk, again.name, again.role, again.deleted_at) == (contact.pk, "Ann", "Buyer", None)


def test_an_address_in_use_is_refused_with_a_sentence(cast):
    customer = make_customer(cast.workspace)
    make_contact(customer, email="ann@aurora.example")
    other = make_contact(customer)
    with pytest.raises(Refused, match="Another contact"):
        other.edit(by=SYSTEM, email="ANN@aurora.example")


def test_customers_are_found_by_name_and_by_domain(cast):
    customer = make_customer(cast.workspace, "Aurora Foods", domain="aurora.example")
    assert Customer.named(cast.workspace, "aurora foods", by=SYSTEM) == customer
    assert Customer.of_address(cast.workspace, "x@AURORA.example") == customer
    make_customer(cast.workspace, "Aurora again", domain="aurora.example")
    assert Customer.of_address(cast.workspace, "x@aurora.example") is None


def test_a_contract_that_ends_before_it_starts_is_refused(cast):
    customer = make_customer(cast.workspace)
    today = cast.workspace.today()
    with pytest.raises(Refused, match="ends before it starts"):
        customer.pays(cast.product, 10, today, today.replace(year=2000), by=SYSTEM)


def test_find_matches_any_white_space_and_nothing_else():
    assert find("a b", "x a\n\t b y") == (2, "a\n\t b")
    assert find("a.b", "a b axb") is None
    assert find("", "a") is None


def test_text_is_cut_at_marks_that_overlap_and_at_speakers():
    first, second = paragraphs("Intro here.\n\nAnn: one two three.", [(18, 25, 1), (22, 31, 2)])
    assert (first.speaker, [piece.text for piece in first.pieces]) == ("", ["Intro here."])
    assert second.speaker == "Ann:"
    assert [(piece.text, piece.marked, piece.numbers) for piece in second.pieces] == [
        (" ", False, []),
        ("one ", True, []),
        ("two", True, [1]),
        (" three", True, [2]),
        (".", False, []),
    ]


def test_a_paragraph_of_line_breaks_alone_is_none():
    assert paragraphs("\n \n\n", []) == []
