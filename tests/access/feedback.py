from accounts.actors import Actor
from feedback.models import Vote
from products.models import Problem
from tests.access.world import World
from tests.factories import (
    make_contact,
    make_conversation,
    make_customer,
    make_idea,
    make_item,
    make_portal,
)


def contribute(world: World) -> None:
    """A customer whom everybody in the workspace may know; all that is about SEC carries the canary."""
    cast, secret = world.cast, world.cast.secret
    mona = Actor.of(cast.mona)
    customer = make_customer(cast.workspace, "Nordfrisk", domain="nordfrisk.example")
    contact = make_contact(customer, "Henrike")
    contract = customer.pays(secret, 424242, by=mona)
    text = f"About {world.canary}: tell the docks."
    conversation = make_conversation(
        customer, text, subject=f"Call {world.canary}", product=secret, contact=contact, lead=cast.mona
    )
    item = make_item(secret, f"Docks {world.canary}")
    insight = conversation.link("tell the docks", item=item, importance=3, by=mona)
    problem = Problem.add(cast.workspace, statement=f"Problem {world.canary}", product=secret, by=mona)
    conversation.link(world.canary, problem=problem, importance=2, by=mona)
    make_portal(cast.workspace, cast.product)
    idea = make_idea(cast.workspace, f"Idea {world.canary}", description=world.canary, product=secret, item=item)
    other = make_idea(cast.workspace, f"Other {world.canary}", product=secret)
    vote = Vote.cast(idea, 3, contact=contact, by=contact.actor)
    for name in ("conversation", "conversation_edit", "conversation_done", "conversation_reopen"):
        world.arguments[f"feedback:{name}", "public_id"] = conversation.public_id
    for name in ("conversation_delete", "conversation_link"):
        world.arguments[f"feedback:{name}", "public_id"] = conversation.public_id
    for name in ("insight_weigh", "insight_unlink"):
        world.arguments[f"feedback:{name}", "public_id"] = insight.public_id
    for name in ("customer", "customer_edit", "customer_delete", "customer_contract", "contact_add"):
        world.arguments[f"feedback:{name}", "public_id"] = customer.public_id
    for name in ("contact", "contact_delete"):
        world.arguments[f"feedback:{name}", "public_id"] = contact.public_id
    for name in ("", "_edit", "_vote", "_merge", "_decline", "_reconsider", "_delete"):
        world.arguments[f"feedback:idea{name}", "public_id"] = idea.public_id
    for noun, row in {
        "customer": customer, "contact": contact, "contract": contract, "conversation": conversation,
        "insight": insight, "idea": idea, "vote": vote,
    }.items():  # fmt: skip
        world.arguments[f"{noun}-list", "public_id"] = world.arguments[f"{noun}-detail", "public_id"] = row.public_id
    world.foreign.update(
        conversation=conversation.public_id, problem=problem.public_id, into=other.public_id, idea=idea.public_id,
        target=f"item:{item.key}", passage="tell the docks", importance=2, remove=secret.key, item_key=item.key,
    )  # fmt: skip
    world.controls["feedback:insight_weigh"] = ("post", {"importance": 1}, {})
    world.controls["conversation-list"] = ("post", {"subject": "control", "text": "control", "product": "SEC"}, {})
    world.controls["conversation-detail"] = ("patch", {"subject": "control"}, {"If-Match": "*"})
    world.controls["customer-list"] = ("post", {"name": "control"}, {})
    world.controls["customer-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    world.controls["contact-list"] = ("post", {"name": "control"}, {})
    world.controls["contact-detail"] = ("patch", {"name": "control"}, {"If-Match": "*"})
    world.controls["contract-detail"] = ("patch", {"annual_revenue": "1.00"}, {"If-Match": "*"})
    world.controls["insight-detail"] = ("patch", {"importance": 1}, {"If-Match": "*"})
