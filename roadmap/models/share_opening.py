from __future__ import annotations

from datetime import timedelta

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from accounts.constraints import SameWorkspace
from accounts.models import Workspace
from config import clock
from roadmap.models.share import ShareLink


class OpeningKind(models.TextChoices):
    PAGE = "page", _("Page")
    EMBED = "embed", _("Embedded")
    FILE = "file", _("File")
    FEED = "feed", _("Feed")


class ShareOpening(models.Model):
    """How often a link was opened on a day, and when last. Nothing of who did: no address, no cookie, no browser."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="openings")
    day = models.DateField()
    kind = models.CharField(max_length=5, choices=OpeningKind)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["link", "day", "kind"], name="one_count_per_link_and_day"),
            SameWorkspace(field="link", target="roadmap_sharelink", name="opening_link_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.link_id} {self.day}: {self.count}"

    @classmethod
    def note(cls, link: ShareLink, kind: str) -> None:
        """Count one opening. The page does not wait for the disk: a count that is lost with the machine is no harm."""
        with connection.cursor() as cursor:
            cursor.execute(
                "WITH quick AS (SELECT set_config('synchronous_commit', 'off', true))"
                " INSERT INTO roadmap_shareopening (workspace_id, link_id, day, kind, count, last_at)"
                " SELECT %s, %s, %s, %s, 1, %s FROM quick"
                " ON CONFLICT (link_id, day, kind) DO UPDATE SET count = roadmap_shareopening.count + 1,"
                " last_at = excluded.last_at",
                [link.workspace_id, link.pk, link.workspace.today(), kind, clock.now()],
            )

    @classmethod
    def recent(cls, link: ShareLink, days: int = 30) -> models.QuerySet[ShareOpening]:
        since = link.workspace.today() - timedelta(days=days)
        return cls.objects.filter(link=link, day__gt=since).order_by("-day", "kind")
