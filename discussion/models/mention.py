from __future__ import annotations

from typing import Any

from django.db import models

from accounts.constraints import SameWorkspace
from accounts.models import Member, Workspace


class Mention(models.Model):
    """A member whom a comment names, and who sees its thread. Derived from the comment's text."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    comment = models.ForeignKey("discussion.Comment", on_delete=models.CASCADE, related_name="mentions")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "member"], name="mentioned_once"),
            SameWorkspace(field="comment", target="discussion_comment", name="mention_comment_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="mention_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"@{self.member}"

    @classmethod
    def named(cls, path: str) -> models.Prefetch[Any]:
        """The mentions at `path` with those whom they name, in one statement."""
        return models.Prefetch(path, cls.objects.select_related("member__user"))
