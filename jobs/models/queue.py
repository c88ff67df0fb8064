"""In which states jobs are, and questions about many of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.places import places
from accounts.roles import Role
from config import clock

if TYPE_CHECKING:
    from jobs.models.job import Job  # noqa: F401 - named in quotes below

#: Then it is left for an admin to look at.
MOST_ATTEMPTS = 5


class State(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    PARKED = "parked", _("Parked")
    STOPPED = "stopped", _("Stopped")


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, member: Member) -> JobQuerySet:
        """One's own jobs at products that one still sees; all of the workspace for its admins."""
        rows = self.filter(workspace=member.workspace_id)
        if member.may(Role.ADMIN):
            return rows
        return rows.filter(Q(product_id=None) | places.through(member, "product_id"), member=member)

    def due(self) -> JobQuerySet:
        """Nobody works on them, and it is time: new, waiting for another try, or left by a worker that died."""
        now = clock.now()
        return self.filter(Q(state=State.QUEUED, run_at__lte=now) | Q(state=State.RUNNING, lease_until__lt=now))

    def silent(self, patience: timedelta) -> JobQuerySet:
        """No worker was called for them lately, or not since their worker died."""
        return self.filter(Q(woken_at=None) | Q(woken_at__lt=clock.now() - patience) | Q(woken_at__lt=F("lease_until")))

    def hopeless(self) -> JobQuerySet:
        """Their worker died as often as they may be tried."""
        return self.filter(state=State.RUNNING, lease_until__lt=clock.now(), attempts__gte=MOST_ATTEMPTS)

    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=[State.QUEUED, State.RUNNING])

    def over_for(self, time: timedelta) -> JobQuerySet:
        """Ended longer ago than `time`, and nobody need look at them: parked ones are kept until they are retried."""
        return self.filter(state__in=[State.DONE, State.FAILED, State.STOPPED], finished_at__lt=clock.now() - time)
