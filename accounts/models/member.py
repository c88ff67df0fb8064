from __future__ import annotations

import zoneinfo
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import workspace_key
from accounts.history import Versioned
from accounts.identity import PublicIdField
from accounts.models.user import User
from accounts.models.workspace import Workspace
from accounts.ports import ports
from accounts.refusals import Refused
from accounts.roles import JobTitle, Role
from config import clock

if TYPE_CHECKING:
    from accounts.models.team import Team
    from accounts.places import Guarded


class LastOwner(Refused):
    """A workspace keeps at least one owner."""

    sentence = _("A workspace needs an owner. Make somebody else owner first.")


class MemberQuerySet(models.QuerySet["Member"]):
    def current(self) -> MemberQuerySet:
        return self.filter(removed_at=None, workspace__deleted_at=None, user__is_active=True)

    def visible_to(self, member: Member) -> MemberQuerySet:
        return self.filter(workspace=member.workspace_id)

    def named_like(self, text: str) -> MemberQuerySet:
        """Those whose name, e-mail or team contains `text`."""
        found = models.Q(user__name__icontains=text) | models.Q(user__email__icontains=text)
        in_team = self.model.teams.through.objects.filter(member=models.OuterRef("pk"), team__name__icontains=text)
        return self.filter(found | models.Exists(in_team))

    def by_name(self) -> MemberQuerySet:
        """In the order of the list of members; the e-mail makes it total."""
        return self.select_related("user").order_by(Lower("user__name"), "user__email")

    def after(self, member: Member) -> MemberQuerySet:
        """Those that come after `member` in the order of by_name."""
        name, email = Lower(models.Value(member.user.name)), member.user.email
        ordered = self.annotate(lower_name=Lower("user__name"))
        return ordered.filter(models.Q(lower_name__gt=name) | models.Q(lower_name=name, user__email__gt=email))


class Member(Versioned):
    """A person in a workspace, with a role. A removed member stays as the author of what they did."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="members")
    public_id = PublicIdField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.PositiveSmallIntegerField(_("role"), choices=Role, default=Role.VIEWER)
    job_title = models.CharField(_("job title"), max_length=40, choices=JobTitle, blank=True)
    joined_at = models.DateTimeField(default=clock.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MemberQuerySet.as_manager()

    undoable = False

    #: What was asked for this member once and holds until the answer: only while a request reads (see access.py),
    #: never where something is written or lives longer. None: nothing is remembered, everything is asked afresh.
    memory: dict[str, Any] | None = None

    class Meta(Versioned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user"], name="one_membership_per_workspace"),
            workspace_key("member_workspace_key"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def name(self) -> str:
        return str(self.user)

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone in which this member reads clock times; calendar days are the workspace's."""
        return zoneinfo.ZoneInfo(self.user.time_zone or self.workspace.time_zone)

    def may(self, role: Role, at: Guarded | None = None) -> bool:
        """Whether the role that holds for this member (at a product, when one is given) reaches `role`."""
        from_here = at.role_given_to(self) if at is not None and self.role < Role.ADMIN else None
        return (from_here or self.role) >= role

    def give_role(self, role: Role, *, by: Actor) -> None:
        """Change the workspace role. Raises LastOwner when the only owner would be lost."""
        with ports.open_change("member.role_changed", by=by, workspace=self.workspace):
            if role < Role.OWNER:
                self._keep_an_owner()
            self.role = role
            self.save(update_fields=["role"])
            self.close_streams()

    def look_after(self, *, role: Role, job_title: str, teams: Iterable[Team], by: Actor) -> None:
        """Set role, job title and teams together. Raises LastOwner, and then nothing is changed."""
        with ports.open_change("member.changed", by=by, workspace=self.workspace) as change:
            if role != self.role:
                self.give_role(role, by=change)
            if job_title != self.job_title:
                self.job_title = job_title
                self.save(update_fields=["job_title"])
            wanted = {team.pk: team for team in teams}
            present = set(self.team_memberships.values_list("team_id", flat=True))
            if present != wanted.keys():
                self.team_memberships.exclude(team__in=wanted).delete()
                for pk in wanted.keys() - present:
                    self.team_memberships.create(workspace=self.workspace, team=wanted[pk])
                self.close_streams()

    def remove(self, *, by: Actor) -> None:
        """End the membership at once: sessions' next request, open streams and tokens stop. Raises LastOwner.

        Teams, tokens and roles at products go too, so that somebody who is let in again starts afresh.
        """
        with ports.open_change("member.removed", by=by, workspace=self.workspace) as change:
            self._keep_an_owner()
            self.removed_at = clock.now()
            self.save(update_fields=["removed_at"])
            self.team_memberships.all().delete()
            self.tokens.filter(revoked_at=None).update(revoked_at=clock.now())
            for forget in ports.on_removed:
                forget(self, by=change)
            self.close_streams()

    def close_streams(self) -> None:
        """Once what was written is there to be read: open browsers lose their stream and ask again what they may see."""
        transaction.on_commit(lambda: ports.close_streams(self))

    def _keep_an_owner(self) -> None:
        owners = Member.objects.select_for_update().filter(
            workspace=self.workspace_id, role=Role.OWNER, removed_at=None
        )
        if {owner.pk for owner in owners} == {self.pk}:
            raise LastOwner

    @classmethod
    def admit(cls, user: User, workspace: Workspace, role: Role, *, by: Actor, **fields: Any) -> Member:
        """Make `user` a member, or bring a removed one back. Admitting a current member changes nothing."""
        with ports.open_change("member.joined", by=by, workspace=workspace):
            member, created = cls.objects.select_for_update().get_or_create(
                workspace=workspace, user=user, defaults={"role": role, **fields}
            )
            if not created and member.removed_at is not None:
                afresh = {"role": role, "removed_at": None, "joined_at": clock.now(), **fields}
                for name, value in afresh.items():
                    setattr(member, name, value)
                member.save(update_fields=list(afresh))
        return member

    @staticmethod
    def for_names(members: models.QuerySet[Member]) -> models.QuerySet[Member]:
        """History shows members by name: fetch what `str()` needs."""
        return members.select_related("user")
