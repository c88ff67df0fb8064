from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser

from accounts.actors import Actor
from accounts.models import Workspace
from products.commands import ProductCommand, find_workspace
from products.models import Product


class Command(ProductCommand):
    help = "Make a product. Where there is no workspace yet, one is made too: UTC, weeks from Monday."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", help="2 to 10 capital letters and digits, such as DSP")
        parser.add_argument("name")
        parser.add_argument("--workspace", metavar="SLUG", help="may be left out while there is only one")

    def handle(self, *, key: str, name: str, workspace: str | None, **options: Any) -> None:
        place = find_workspace(workspace) if workspace else only_workspace()
        key = key.upper()
        if Product.objects.with_deleted().filter(workspace=place, key=key).exists():
            raise CommandError(f"The workspace {place.slug} has a product {key} already. Choose another key.")
        try:
            Product(workspace=place, key=key, name=name).clean_fields(exclude=["workspace"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        product = Product.introduce(place, key, name, by=Actor.system())
        self.stdout.write(f"Made the product {product.key} “{product.name}” in the workspace {place.slug}.")


def only_workspace() -> Workspace:
    """The one workspace there is; a new one where there is none."""
    found = list(Workspace.objects.filter(deleted_at=None).order_by("slug")[:50])
    if not found:
        return Workspace.found("Workspace", "workspace", by=Actor.system())
    if len(found) > 1:
        slugs = ", ".join(workspace.slug for workspace in found)
        raise CommandError(f"There are several workspaces: {slugs}. Add --workspace SLUG.")
    return found[0]
