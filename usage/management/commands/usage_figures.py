from __future__ import annotations

import csv
from datetime import date
from typing import Any

from django.core.management.base import CommandError, CommandParser

from products.commands import ProductCommand, find_product
from usage.figures import FIGURES


class Command(ProductCommand):
    help = "Print a figure of a product as CSV."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("key")
        parser.add_argument("figure", choices=FIGURES, metavar="FIGURE", help=", ".join(FIGURES))
        parser.add_argument(
            "--until", metavar="DAY", help="adoption_last28: the last of the 28 days, such as 2026-03-31"
        )

    def handle(self, *, key: str, figure: str, until: str | None, workspace: str | None, **options: Any) -> None:
        if until and figure != "adoption_last28":
            raise CommandError("--until goes with adoption_last28 only.")
        product = find_product(key, workspace)
        columns, rows_of = FIGURES[figure]
        rows = rows_of(product, parse_day(until)) if until else rows_of(product)
        writer = csv.writer(self.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is not a day. Write it as 2026-03-31.") from None
