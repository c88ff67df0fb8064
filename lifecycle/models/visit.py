from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

from accounts.constraints import SameWorkspace
from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.together import Together
from config import clock

#: Who comes back after so long is on another visit.
PAUSE = timedelta(minutes=30)
#: While somebody stays, it is noted this often.
EVERY = timedelta(minutes=1)


class Visit(models.Model):
    """Where one member left off: when they last looked, and whether they put the first steps away.

    It says something of the reader, nothing of the workspace, so it has no history.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    member = models.OneToOneField(Member, on_delete=models.CASCADE, related_name="visit")
    looked_at = models.DateTimeField(null=True, editable=False)
    looked_before = models.DateTimeField(null=True, editable=False)
    hid_steps_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            SameWorkspace(field="member", target="accounts_member", name="visit_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.looked_at}"

    @classmethod
    def of(cls, member: Member, together: Together | None = None) -> Visit:
        """The member's own; read together with the rest of a page, where that is given."""
        found = (together or Together()).ask(VISIT, member)()
        if found:
            return found[0]
        visit, _created = cls.objects.get_or_create(member=member, defaults={"workspace_id": member.workspace_id})
        return visit

    def look(self) -> datetime | None:
        """They look now. Returns when the visit before this one ended; None on the first."""
        now = clock.now()
        if self.looked_at is None or now - self.looked_at >= PAUSE:
            self.looked_before, self.looked_at = self.looked_at, now
            self.save(update_fields=["looked_before", "looked_at"])
        elif now - self.looked_at >= EVERY:
            self.looked_at = now
            self.save(update_fields=["looked_at"])
        return self.looked_before

    def hide_steps(self) -> None:
        """The first steps stay away for this member. Repeating it does no harm."""
        self.hid_steps_at = self.hid_steps_at or clock.now()
        self.save(update_fields=["hid_steps_at"])

    def show_steps(self) -> None:
        self.hid_steps_at = None
        self.save(update_fields=["hid_steps_at"])


VISIT = Prepared(lambda member: Visit.objects.filter(member=member)[:1])
