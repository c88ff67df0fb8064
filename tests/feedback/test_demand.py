"""Demand as PRODUCT.md defines it, by rows that are easy to count by hand."""

from datetime import timedelta
from decimal import Decimal

from config import clock
from feedback.demand import Demand, customers_asking_for, demand_of_items
from feedback.models import Importance, Vote
from tests.factories import (
    SYSTEM,
    make_contact,
    make_conversation,
    make_customer,
    make_idea,
    make_item,
)


def ask(customer, item, importance=Importance.IMPORTANT, **fields):
    conversation = make_conversation(customer, "We need it badly.", **fields)
    return conversation.link("need it", item=item, importance=importance, by=SYSTEM)


def paying(cast, name, revenue, product=None):
    customer = make_customer(cast.workspace, name)
    customer.pays(product or cast.product, revenue, by=SYSTEM)
    return customer


def test_distinct_customers_their_revenue_here_and_the_largest_share(cast):
    item = make_item(cast.product)
    north, south = paying(cast, "North", 300), paying(cast, "South", 100)
    ask(north, item)
    ask(north, item, Importance.CRITICAL)
    ask(south, item)
    demand = demand_of_items([item.pk], cast.mona)[item.pk]
    assert (demand.customers, demand.revenue, demand.largest_share) == (2, Decimal(400), 75)


def test_revenue_of_other_products_and_in_all_is_left_out(cast):
    item = make_item(cast.product)
    customer = make_customer(cast.workspace, annual_revenue=9999)
    customer.pays(cast.secret, 500, by=SYSTEM)
    ask(customer, item)
    assert demand_of_items([item.pk], cast.mona)[item.pk] == Demand(1, Decimal(0), Decimal(0))
    assert demand_of_items([item.pk], cast.mona)[item.pk].largest_share is None


def test_none_and_nice_do_not_count(cast):
    item = make_item(cast.product)
    ask(paying(cast, "A", 10), item, Importance.NONE)
    ask(paying(cast, "B", 10), item, Importance.NICE)
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 0


def test_the_latest_importance_of_a_customer_counts(cast):
    item = make_item(cast.product)
    customer = paying(cast, "A", 10)
    now = clock.now()
    ask(customer, item, Importance.NICE, received_at=now)
    ask(customer, item, Importance.CRITICAL, received_at=now - timedelta(days=1))
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 0
    ask(customer, item, Importance.IMPORTANT, received_at=now + timedelta(seconds=1))
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 1


def test_of_two_passages_of_one_conversation_the_later_judgement_counts(cast):
    item = make_item(cast.product)
    conversation = make_conversation(paying(cast, "A", 10), "First this. Then that.")
    first = conversation.link("First this", item=item, importance=Importance.CRITICAL, by=SYSTEM)
    conversation.link("Then that", item=item, importance=Importance.NICE, by=SYSTEM)
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 0
    first.weigh(Importance.IMPORTANT, by=SYSTEM)
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 1


def test_votes_count_through_the_contacts_customer_once(cast):
    item = make_item(cast.product)
    customer = paying(cast, "A", 10)
    idea = make_idea(cast.workspace, contact=make_contact(customer))
    Vote.cast(idea, Importance.CRITICAL, contact=make_contact(customer), by=SYSTEM)
    idea.link_to(item, by=SYSTEM)
    ask(customer, item)
    assert demand_of_items([item.pk], cast.mona)[item.pk] == Demand(1, Decimal(10), Decimal(10))


def test_a_member_and_a_contact_without_a_customer_are_no_customers(cast):
    item = make_item(cast.product)
    idea = make_idea(cast.workspace, item=item)
    Vote.cast(idea, member=cast.bob, by=cast.actor("bob"))
    contact = make_contact(make_customer(cast.workspace))
    contact.edit(by=SYSTEM, customer=None)
    Vote.cast(idea, contact=contact, by=contact.actor)
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 0


def test_a_conversation_counts_for_its_contacts_customer_when_it_names_none(cast):
    item = make_item(cast.product)
    customer = paying(cast, "A", 10)
    contact = make_contact(customer)
    conversation = make_conversation(customer, "We need it.", contact=contact)
    conversation.edit(by=SYSTEM, customer=None)
    conversation.link("need it", item=item, importance=2, by=SYSTEM)
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 1


def test_what_is_in_the_bin_does_not_count(cast):
    item = make_item(cast.product)
    insight = ask(paying(cast, "A", 10), item)
    conversation = ask(paying(cast, "B", 10), item).conversation
    gone = paying(cast, "C", 10)
    ask(gone, item)
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 3
    insight.delete_softly(by=SYSTEM)
    conversation.delete_softly(by=SYSTEM)
    gone.delete_softly(by=SYSTEM)
    assert demand_of_items([item.pk], cast.mona)[item.pk].customers == 0


def test_items_out_of_sight_have_no_demand_for_the_viewer(cast):
    secret = make_item(cast.secret)
    ask(paying(cast, "A", 10, cast.secret), secret)
    assert demand_of_items([secret.pk], cast.mona)[secret.pk].customers == 1
    assert demand_of_items([secret.pk], cast.dave) == {}
    assert demand_of_items([secret.pk], cast.mallory) == {}
    assert customers_asking_for(secret, cast.dave) == []


def test_many_items_cost_as_many_statements_as_one(cast, count_queries):
    items = [make_item(cast.product) for _ in range(30)]
    for item in items:
        ask(paying(cast, "", 10), item)
    one = count_queries(lambda: demand_of_items([items[0].pk], cast.mona))
    assert count_queries(lambda: demand_of_items([item.pk for item in items], cast.mona)) == one


def test_it_agrees_with_counting_on_sets(cast):
    """The same by hand: every customer's latest word on every item."""
    items = [make_item(cast.product) for _ in range(3)]
    customers = [paying(cast, f"C{number}", number * 10) for number in range(5)]
    start, latest = clock.now(), {}
    for step in range(60):
        customer, item, importance = customers[step * 7 % 5], items[step * 5 % 3], step * 11 % 4
        ask(customer, item, importance, received_at=start + timedelta(minutes=step))
        latest[item.pk, customer.pk] = importance
    found = demand_of_items([item.pk for item in items], cast.mona)
    for item in items:
        asking = [customer for customer in customers if latest.get((item.pk, customer.pk), 0) >= 2]
        worth = [customers.index(customer) * 10 for customer in asking]
        assert found[item.pk] == Demand(len(asking), Decimal(sum(worth)), Decimal(max(worth, default=0)))
        assert [one.name for one in customers_asking_for(item, cast.mona)] == [
            customer.name for customer in sorted(asking, key=lambda one: -customers.index(one))
        ]
