from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from changes.editable import Editable
from changes.models import Change
from config import clock

if TYPE_CHECKING:
    from accounts.places import Guarded


class Health(models.TextChoices):
    NOT_SET = "not_set", _("Not set")
    ON_TRACK = "on_track", _("On track")
    AT_RISK = "at_risk", _("At risk")
    OFF_TRACK = "off_track", _("Off track")


HEALTH_IS_STALE_AFTER = timedelta(days=30)
NEEDS_A_REASON = {Health.AT_RISK, Health.OFF_TRACK}


class HasHealth(Editable):
    """Something whose lead says how it stands: dated, with a reason, stale after 30 days."""

    health = models.CharField(_("health"), max_length=10, choices=Health, default=Health.NOT_SET)
    health_reason = models.CharField(_("why"), max_length=280, blank=True)
    health_at = models.DateTimeField(_("health set"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def set_health(self, health: str, reason: str, *, by: Actor | Change, seen: int | None = None) -> None:
        """Say how it stands today. Saying the same again dates it anew. Raises Refused for trouble without a reason."""
        with Change.open(f"{self.noun}.judged", by=by, workspace=self.workspace) as change:
            self.edit(by=change, seen=seen, health=health, health_reason=reason)
            at = change.at if health != Health.NOT_SET else None
            if self.health_at != at:
                self.health_at = at
                self.save(update_fields=["health_at"])
                self.change_id = change.pk
                self._tell(change)

    def prepare(self, names: set[str], change: Change) -> None:
        super().prepare(names, change)
        if not names & {"health", "health_reason"}:
            return
        self.health_reason = self.health_reason.strip()
        if self.health in NEEDS_A_REASON and not self.health_reason:
            raise Refused(gettext("Say in a sentence why it is at risk or off track."))
        self.health_at = change.at if self.health != Health.NOT_SET else None
        names.add("health_at")

    def may_be_judged_by(self, member: Member, at: Guarded | None) -> bool:
        """Its lead, whatever their role, and managers say how it stands."""
        return self.lead_id == member.pk or member.may(Role.MANAGER, at=at)  # type: ignore[attr-defined]

    @property
    def health_is_stale(self) -> bool:
        return self.health_at is not None and clock.now() - self.health_at > HEALTH_IS_STALE_AFTER
