from __future__ import annotations

from django.db import models

from accounts.constraints import SameWorkspace
from accounts.models import Member, Workspace
from roadmap.models.share import ShareLink


class ShareRecipient(models.Model):
    """A member whom a link is for: it stands on their home."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="recipients")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "member"], name="one_recipient_per_link"),
            SameWorkspace(field="link", target="roadmap_sharelink", name="recipient_link_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="recipient_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.member_id}"
