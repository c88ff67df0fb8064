"""What the bench of roadmaps needs: a kept roadmap of all products, and two releases between which cards are dragged."""

from __future__ import annotations

import django

django.setup()

from accounts.actors import Actor  # noqa: E402 - needs django.setup()
from accounts.models import Member  # noqa: E402
from products.models import Product  # noqa: E402
from roadmap.models import Release, Roadmap  # noqa: E402

NAME = "Everything"


def keep(product: Product) -> str:
    """The public id of a roadmap of all products, as now, next, later."""
    known = Roadmap.objects.filter(workspace=product.workspace_id, name=NAME).first()
    if known is None:
        owner = Member.objects.filter(workspace=product.workspace_id).order_by("pk").first()
        products = Product.objects.filter(workspace=product.workspace_id)
        known = Roadmap.keep(
            product.workspace, NAME, products, by=Actor.system(), owner=owner, is_shared=True, layout="nnl"
        )
    return known.public_id


def columns(product: Product) -> list[str]:
    return list(Release.objects.of(product).order_by("-ends_on").values_list("public_id", flat=True)[:2])
