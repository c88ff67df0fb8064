from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils.translation import gettext_lazy as _

from jobs.models import Job
from jobs.registry import job
from roadmap.bin import empty
from roadmap.bringing_in import bring_in
from roadmap.models import BacklogImport


@shared_task(expires=3600)
def empty_bin() -> None:
    """Once a day: what was deleted thirty days ago goes for good."""
    empty()


@job("import_backlog", _("Import"), template="roadmap/imports/_result.html", stoppable=True)
def import_backlog(job: Job, *, backlog_import: int) -> dict[str, Any]:
    batch = BacklogImport.objects.select_related("workspace", "product__workspace").get(pk=backlog_import)
    return {"batch": batch.public_id, "key": batch.product.key, **bring_in(job, batch)}
