from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from products.commands import ProductCommand, find_product
from usage.ingest_file import Count, ingest_file
from usage.logfile import UnreadableLog


class Command(ProductCommand):
    help = (
        "Take in a usage log: CSV or JSONL, gzipped or not, with event_id, feature_key, user_key, account_key and ts "
        "(without a zone: UTC). Figures follow within a minute or two, or at once with rollup_usage."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--product", metavar="KEY", required=True)

    def handle(self, *, file: Path, product: str, workspace: str | None, **options: Any) -> None:
        found = find_product(product, workspace)
        try:
            count = ingest_file(found, file, told=self.tell)
        except UnreadableLog as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            f"{count.read} read, {count.accepted} taken in, {count.rejected} rejected, {count.already} were here already."
        )
        for rejection in count.examples:
            self.stderr.write(f"line {rejection.line}: {rejection.detail}")
        if count.rejected > len(count.examples):
            self.stderr.write(f"… and {count.rejected - len(count.examples)} more, listed in the app under Insights.")

    def tell(self, count: Count) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{count.read} lines …", ending="")
