from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.constraints import SameWorkspace, workspace_key
from accounts.history import Versioned
from accounts.identity import PublicIdField
from accounts.models.member import Member
from accounts.models.workspace import Workspace


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, member: Member) -> TeamQuerySet:
        return self.filter(workspace=member.workspace_id)


class Team(Versioned):
    """Members who look after some products together."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="teams")
    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=80)
    members = models.ManyToManyField(Member, through="TeamMember", related_name="teams")

    objects = TeamQuerySet.as_manager()

    undoable = False

    class Meta(Versioned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["workspace", "name"], name="team_name_is_unique"),
            workspace_key("team_workspace_key"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(Versioned):
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="team_memberships")

    undoable = False

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["team", "member"], name="once_in_a_team"),
            SameWorkspace(field="team", target="accounts_team", name="teammember_team_same_workspace"),
            SameWorkspace(field="member", target="accounts_member", name="teammember_member_same_workspace"),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.team}"
