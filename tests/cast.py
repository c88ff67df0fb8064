"""The same people in every test (FOUNDATION.md): who may what is easier to follow when the names never change."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.actors import Actor
from accounts.models import Member, Workspace
from accounts.roles import Role
from products.models import Product
from tests.factories import SYSTEM, make_member, make_product, make_team, make_workspace


@dataclass
class Cast:
    """Alice owns, Anton administers, Mona manages, Bob contributes, Carol views, Dave is in the wrong team.

    `product` (DSP) is open to the workspace, `secret` (SEC) is limited to a team with Mona, Bob and Carol.
    Mallory owns another workspace with a product (MAL) of her own.
    """

    workspace: Workspace
    alice: Member
    anton: Member
    mona: Member
    bob: Member
    carol: Member
    dave: Member
    product: Product
    secret: Product
    mallory: Member
    elsewhere: Product

    def actor(self, name: str) -> Actor:
        return Actor.of(getattr(self, name))


def make_cast() -> Cast:
    workspace = make_workspace("polarline")
    people = {
        name: make_member(workspace, role, name.capitalize())
        for name, role in {
            "alice": Role.OWNER,
            "anton": Role.ADMIN,
            "mona": Role.MANAGER,
            "bob": Role.CONTRIBUTOR,
            "carol": Role.VIEWER,
            "dave": Role.MANAGER,
        }.items()
    }
    secret = make_product(workspace, "SEC", name="Secret product")
    secret.limit_to([make_team(workspace, "Inner", people["mona"], people["bob"], people["carol"])], by=SYSTEM)
    other = make_workspace("elsewhere")
    return Cast(
        workspace=workspace,
        **people,
        product=make_product(workspace, "DSP", name="Dispatch"),
        secret=secret,
        mallory=make_member(other, Role.OWNER, "Mallory"),
        elsewhere=make_product(other, "MAL", name="Mallory's product"),
    )
