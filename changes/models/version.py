from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import models

from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from changes.models.change import Change


class Operation(models.TextChoices):
    INSERT = "I"
    UPDATE = "U"
    DELETE = "D"


class VersionQuerySet(models.QuerySet["Version"]):
    def visible_to(self, member: Member) -> VersionQuerySet:
        """Versions of the workspace's rows without a product; `listing` adds those of visible products."""
        return self.filter(workspace=member.workspace_id)

    def of(self, row: models.Model) -> VersionQuerySet:
        return self.filter(noun=row._meta.db_table, row_id=row.pk)

    def of_rows(self, model: type[models.Model], ids: list[int]) -> VersionQuerySet:
        return self.filter(noun=model._meta.db_table, row_id__among=ids)

    def since(self, change_id: int) -> VersionQuerySet:
        return self.filter(change_id__gt=change_id)


class Version(models.Model):
    """The full state of one row from one Change until the next. Written by the database alone (see the migration)."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+", db_index=False)
    product_id = models.BigIntegerField(null=True)
    noun = models.CharField(max_length=63, help_text="The table.")
    row_id = models.BigIntegerField()
    change = models.ForeignKey(Change, on_delete=models.CASCADE, related_name="versions")
    operation = models.CharField(max_length=1, choices=Operation)
    valid = DateTimeRangeField()
    columns = ArrayField(models.CharField(max_length=63), help_text="Changed by this version; empty for a new row.")
    state = models.JSONField()

    objects = VersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["noun", "row_id"], condition=models.Q(valid__upper_inf=True), name="one_open_version_per_row"
            )
        ]
        indexes = [
            models.Index(fields=["noun", "row_id", "id"], name="version_of_row"),
            models.Index(fields=["workspace", "product_id", "-change"], name="version_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.row_id} @ {self.change_id}"

    @classmethod
    def latest_of(cls, workspace: Workspace, nouns: list[str], *, skip: int = 0, limit: int = 50) -> list[Version]:
        """The newest versions of rows without a product, of these tables. `earlier` is the state before each."""
        return LATEST.rows(workspace, variant=(tuple(nouns), skip, limit))

    def before(self) -> dict[str, Any] | None:
        """The row's state before this version; None when it was new."""
        previous = Version.objects.filter(noun=self.noun, row_id=self.row_id, pk__lt=self.pk).order_by("-pk").first()
        return previous and previous.state


def _latest(workspace: Workspace, nouns: tuple[str, ...], skip: int, limit: int) -> models.QuerySet[Version]:
    before = Version.objects.filter(
        noun=models.OuterRef("noun"), row_id=models.OuterRef("row_id"), pk__lt=models.OuterRef("pk")
    )
    found = Version.objects.filter(workspace=workspace, product_id=None, noun__in=nouns).order_by("-pk")
    found = found.select_related("change__member__user")
    return found.annotate(earlier=models.Subquery(before.order_by("-pk").values("state")[:1]))[skip : skip + limit]


LATEST = Prepared(_latest)
