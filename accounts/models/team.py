from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace, workspace_key
from accounts.history import Versioned
from accounts.identity import PublicIdField
from accounts.models.member import Member
from accounts.models.workspace import Workspace
from accounts.ports import ports


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

    @classmethod
    def form(cls, workspace: Workspace, name: str, members: Iterable[Member] = (), *, by: Actor) -> Team:
        """A new team. Raises IntegrityError when the name is taken; forms check before."""
        with ports.open_change("team.formed", by=by, workspace=workspace) as change:
            team = cls.objects.create(workspace=workspace, name=name)
            team.seat(members, by=change)
        return team

    def become(self, name: str, members: Iterable[Member], *, by: Actor) -> None:
        """This name and exactly these members."""
        with ports.open_change("team.changed", by=by, workspace=self.workspace) as change:
            if self.name != name:
                self.name = name
                self.save(update_fields=["name"])
            self.seat(members, by=change)

    def seat(self, members: Iterable[Member], *, by: Actor) -> None:
        """Exactly `members` are in the team from now on. Who comes or goes loses open streams and asks anew."""
        wanted = {member.pk: member for member in members}
        with ports.open_change("team.seated", by=by, workspace=self.workspace):
            present = {seat.member_id: seat for seat in self.memberships.select_related("member").select_for_update()}
            for pk in present.keys() - wanted.keys():
                present[pk].delete()
                present[pk].member.close_streams()
            for pk, member in wanted.items():  # in this order: lists show those who came first
                if pk not in present:
                    self.memberships.create(workspace=self.workspace, member=member)
                    member.close_streams()

    def add(self, member: Member, *, by: Actor) -> None:
        with ports.open_change("team.seated", by=by, workspace=self.workspace):
            _seat, created = self.memberships.get_or_create(workspace=self.workspace, team=self, member=member)
            if created:
                member.close_streams()

    def dissolve(self, *, by: Actor) -> None:
        """The team is gone; products limited to it alone are seen by admins only until they get another."""
        with ports.open_change("team.dissolved", by=by, workspace=self.workspace) as change:
            self.seat([], by=change)
            self.delete()


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
