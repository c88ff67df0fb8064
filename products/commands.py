"""What commands about one product share: finding it by its key, and by its workspace where the key is not unique."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Workspace
from products.models import Product


class ProductCommand(BaseCommand):
    """Adds `--workspace SLUG`, which may be left out while the product's key is unique in the installation."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="may be left out while the product's key is unique")


def find_product(key: str, workspace: str | None) -> Product:
    """The product with this key. Raises CommandError with a sentence when there is none, or more than one."""
    products = Product.objects.filter(key=key.upper(), workspace__deleted_at=None).select_related("workspace")
    if workspace is not None:
        products = products.filter(workspace=find_workspace(workspace))
    found = list(products.order_by("workspace__slug")[:50])
    if not found:
        where = f" in the workspace {workspace}" if workspace else ""
        raise CommandError(f"There is no product {key.upper()}{where}. Make it with: create_product {key.upper()} NAME")
    if len(found) > 1:
        slugs = ", ".join(product.workspace.slug for product in found)
        raise CommandError(f"Several workspaces have a product {key.upper()}: {slugs}. Add --workspace SLUG.")
    return found[0]


def find_workspace(slug: str) -> Workspace:
    try:
        return Workspace.objects.get(slug=slug, deleted_at=None)
    except Workspace.DoesNotExist:
        slugs = ", ".join(
            Workspace.objects.filter(deleted_at=None).order_by("slug").values_list("slug", flat=True)[:50]
        )
        there = f"There are: {slugs}." if slugs else "There is none yet."
        raise CommandError(f"There is no workspace {slug}. {there}") from None
