"""What customers say: their conversations, and what they post and vote for on the portal."""

from __future__ import annotations

from typing import Any

from changes.models import Change
from demo.source import conversations
from demo.story import Story
from feedback.models import Contact, Conversation, Customer, Idea, Importance, Portal, Vote
from products.models import Problem, Stage


def listen(story: Story) -> None:
    told = conversations()
    with story.as_of("customer.added", -420) as change:
        for one in told["customers"]:
            _customer(story, one, change)
    customers = {customer.name: customer for customer in Customer.objects.filter(workspace=story.workspace)}
    contacts = _contacts(story)
    problems = {(row.product.key, row.statement): row for row in Problem.objects.select_related("product")}
    for one in told["conversations"]:
        with story.as_of("conversation.received", one["day"], one.get("added_by") or "", one["time"]) as change:
            conversation = Conversation.receive(
                story.workspace, one["subject"], one["text"], by=change, source=one["source"],
                customer=customers.get(one["customer"] or ""), contact=contacts.get(one["contact"] or ""),
                product=story.products.get(one["product"] or ""),
            )  # fmt: skip
            for mark in one["highlights"]:
                _highlight(story, conversation, mark, problems, change)
            if one["state"] == "done":
                conversation.finish(by=change)


def _customer(story: Story, told: dict[str, Any], change: Change) -> None:
    customer = Customer.add(
        story.workspace, by=change, name=told["name"], kind=told["kind"], domain=told["domain"], plan=told["plan"],
        segment=told["segment"], annual_revenue=told["annual_revenue"], account_key=told["account_key"],
    )  # fmt: skip
    for contract in told["contracts"]:
        customer.pays(
            story.products[contract["product"]], contract["annual_revenue"],
            story.day(contract["starts"]), story.day(contract["ends"]), by=change,
        )  # fmt: skip
    for contact in told["contacts"]:
        Contact.add(story.workspace, by=change, customer=customer, **contact)


def _contacts(story: Story) -> dict[str, Contact]:
    return {contact.email: contact for contact in Contact.objects.filter(workspace=story.workspace)}


def _highlight(
    story: Story,
    conversation: Conversation,
    told: dict[str, Any],
    problems: dict[tuple[str, str], Problem],
    change: Change,
) -> None:
    """A passage speaks of an item or of a problem; where the backlogs have neither, it stays unmarked."""
    target = told.get("item") or told.get("problem")
    item = story.items.get((target["product"], target.get("title", "")))
    problem = problems.get((target["product"], target.get("statement", "")))
    if item is not None or problem is not None:
        conversation.link(
            told["passage"], importance=told["importance"], item=item,
            problem=None if item is not None else problem, by=change,
        )  # fmt: skip


def open_portal(story: Story) -> None:
    told = story.source["portal"]
    with story.as_of("portal.set_up", -300, story.owner) as change:
        Portal.of(story.workspace).set_up(
            access=told["access"], title=told["title"], intro=told["intro"], by=change,
            products=[product for product in story.products.values() if product.stage != Stage.INNOVATION],
        )  # fmt: skip
    contacts = _contacts(story)
    for one in told["ideas"]:
        idea = _idea(story, one, contacts.get(one["contact"]))
        for vote in one["votes"]:
            voter = contacts.get(vote["contact"])
            if voter is not None:
                with story.as_of("idea.voted", vote["day"]) as change:
                    Vote.cast(idea, Importance(vote["importance"]), contact=voter, by=change)


def _idea(story: Story, told: dict[str, Any], contact: Contact | None) -> Idea:
    with story.as_of("idea.posted", told["day"]) as change:
        idea = Idea.post(
            story.workspace, told["title"], told["description"], by=change, contact=contact,
            product=story.products.get(told["product"] or ""),
        )  # fmt: skip
        item = story.items.get((told["product"] or "", told["item"] or ""))
        if item is not None:
            idea.link_to(item, by=change)
        if told["answer"]:
            idea.edit(by=change, answer=told["answer"])
    return idea
