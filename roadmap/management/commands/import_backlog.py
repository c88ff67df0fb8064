from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.actors import Actor
from accounts.models import Member
from accounts.refusals import Refused
from jobs import running
from jobs.models import Job
from products.commands import ProductCommand, find_product
from roadmap.importing import ImportRefused
from roadmap.models import BacklogImport

PATIENCE = 3.0


class Command(ProductCommand):
    help = (
        "Import a file of another tool into a product's backlog: Jira, Linear, Asana, GitLab or any other CSV, Trello or "
        "GitHub JSON, XLSX. A second import of the same file updates and duplicates nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path)
        parser.add_argument("--product", metavar="KEY", required=True)
        parser.add_argument("--by", metavar="EMAIL", help="The member who imports; the system by default.")

    def handle(self, *, file: Path, product: str, workspace: str | None, by: str | None, **options: Any) -> None:
        found = find_product(product, workspace)
        actor = self._actor(found.workspace_id, by)
        try:
            batch = BacklogImport.prepare(found, file.read_bytes(), file.name, by=actor)
            job = batch.begin(by=actor)
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from None
        except (ImportRefused, Refused) as refusal:
            raise CommandError(str(refusal)) from None
        self._wait(job)
        self._tell(Job.objects.get(pk=job.pk))

    def _actor(self, workspace_id: int, email: str | None) -> Actor:
        if email is None:
            return Actor.system()
        member = Member.objects.current().filter(workspace=workspace_id, user__email__iexact=email).first()
        if member is None:
            raise CommandError(f"{email} is no member of this workspace.")
        return Actor.of(member)

    def _wait(self, job: Job) -> None:
        """A running worker does it; where none takes it up, this process does. The claim lets only one do it."""
        began = time.monotonic()
        while True:
            job.refresh_from_db()
            if job.is_over:
                return
            if job.state == "queued" and time.monotonic() - began > PATIENCE:
                running.perform(job.pk)
            if self.stderr.isatty() and job.progress_total:
                self.stderr.write(f"\r{job.progress_done} of {job.progress_total} …", ending="")
            time.sleep(0.2)

    def _tell(self, job: Job) -> None:
        if job.state != "done":
            raise CommandError(job.error or f"The import ended as {job.state}.")
        counts = job.result
        self.stdout.write(
            f"{counts['rows']} rows: {counts['added']} added, {counts['updated']} updated, "
            f"{counts['unchanged']} unchanged, {counts['rejected']} rejected."
        )
        for where, reason in counts["reasons"]:
            self.stderr.write(f"{where}: {reason}")
