from __future__ import annotations

from django.db import models

from accounts.constraints import SameWorkspace, workspace_key
from accounts.identity import PublicIdField
from accounts.models import Workspace
from config import clock
from roadmap.models.share import ShareLink


class ShareSnapshot(models.Model):
    """What a link showed when somebody looked last for moves: the cards as its audience may see them, by their opaque ids."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    link = models.OneToOneField(ShareLink, on_delete=models.CASCADE, related_name="snapshot")
    at = models.DateTimeField(default=clock.now)
    cards = models.JSONField(default=dict)

    class Meta:
        constraints = [SameWorkspace(field="link", target="roadmap_sharelink", name="snapshot_link_same_workspace")]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at}"


class ShareUpdate(models.Model):
    """What moved on a link since the update before: entries of opaque item, kind, before, after, reason."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="updates")
    at = models.DateTimeField(default=clock.now)
    entries = models.JSONField(default=list)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            workspace_key("shareupdate_workspace_key"),
            SameWorkspace(field="link", target="roadmap_sharelink", name="update_link_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.at}"
