"""Plain functions that reach a state through the verbs, as a person would."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.actors import Actor
from accounts.models import Member, Team, TeamMember, User, Workspace
from accounts.roles import Role
from changes.models import Change
from feedback.models import Contact, Conversation, Customer, Idea, Portal, PortalAccess
from products.models import Product
from roadmap.models import Item, Status

SYSTEM = Actor.system()
_numbers = count(1)


def make_user(name: str = "", **fields: Any) -> User:
    name = name or f"person{next(_numbers)}"
    return User.objects.create_user(f"{name.lower()}@example.com", "correct horse battery", name=name, **fields)


def make_workspace(slug: str = "", **fields: Any) -> Workspace:
    slug = slug or f"workspace{next(_numbers)}"
    return Workspace.found(fields.pop("name", slug.capitalize()), slug, **fields)


def make_member(workspace: Workspace, role: Role = Role.MANAGER, name: str = "", **fields: Any) -> Member:
    return Member.admit(make_user(name), workspace, role, by=SYSTEM, **fields)


def make_team(workspace: Workspace, name: str, *members: Member) -> Team:
    with Change.open("team.made", by=SYSTEM, workspace=workspace):
        team = Team.objects.create(workspace=workspace, name=name)
        for member in members:
            TeamMember.objects.create(workspace=workspace, team=team, member=member)
    return team


def make_product(workspace: Workspace, key: str = "", **fields: Any) -> Product:
    key = key or f"P{next(_numbers)}"
    return Product.introduce(workspace, key, fields.pop("name", f"Product {key}"), by=SYSTEM, **fields)


def make_item(product: Product, title: str = "", **fields: Any) -> Item:
    return Item.add(product, title or f"Item {next(_numbers)}", by=fields.pop("by", SYSTEM), **fields)


def status(workspace: Workspace, name: str) -> Status:
    return Status.objects.get(workspace=workspace, name=name)


def make_customer(workspace: Workspace, name: str = "", **fields: Any) -> Customer:
    return Customer.add(workspace, name=name or f"Customer {next(_numbers)}", by=fields.pop("by", SYSTEM), **fields)


def make_contact(customer: Customer, name: str = "", **fields: Any) -> Contact:
    name = name or f"Contact {next(_numbers)}"
    email = fields.pop("email", f"{name.lower().replace(' ', '.')}@{customer.domain or 'example.com'}")
    return Contact.add(customer.workspace, by=SYSTEM, name=name, email=email, customer=customer, **fields)


def make_conversation(customer: Customer, text: str = "", **fields: Any) -> Conversation:
    number = next(_numbers)
    subject = fields.pop("subject", f"Conversation {number}")
    return Conversation.receive(
        customer.workspace,
        subject,
        text or f"They said {number}.",
        customer=customer,
        by=fields.pop("by", SYSTEM),
        **fields,
    )


def make_idea(workspace: Workspace, title: str = "", **fields: Any) -> Idea:
    return Idea.post(workspace, title or f"Idea {next(_numbers)}", by=fields.pop("by", SYSTEM), **fields)


def make_portal(workspace: Workspace, *products: Product, access: str = PortalAccess.PUBLIC) -> Portal:
    portal = Portal.of(workspace)
    portal.set_up(access=access, title="What next?", intro="Tell us.", products=products, by=SYSTEM)
    return portal
