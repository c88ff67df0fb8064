from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from products.commands import ProductCommand, find_product
from usage.rollup.plan import roll_up
from usage.rollup.watermark import complete_through


class Command(ProductCommand):
    help = "Roll up the events of a product that are not rolled up yet, now."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("key")

    def handle(self, *, key: str, workspace: str | None, **options: Any) -> None:
        product = find_product(key, workspace)
        days = roll_up(product.pk)
        through = complete_through(product.pk)
        self.stdout.write(f"{days} days rolled up" + (f", complete through {through}." if through else "."))
