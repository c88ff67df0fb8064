from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.history import Versioned
from accounts.identity import PublicIdField
from accounts.models.member import Member
from accounts.models.token import digest
from accounts.models.user import User
from accounts.models.workspace import Workspace
from accounts.ports import ports
from accounts.refusals import Refused
from accounts.roles import JobTitle, Role
from config import clock

LASTS = timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, member: Member) -> InvitationQuerySet:
        return self.filter(workspace=member.workspace_id)

    def open(self) -> InvitationQuerySet:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=clock.now(), workspace__deleted_at=None)


class InvitationUnusable(Refused):
    """Used, revoked, expired, or for another address. Strangers are not told which."""

    sentence = _("This invitation cannot be used. Ask for a new one.")


class Invitation(Versioned):
    """A link for one address, usable once, until it expires or is revoked. Only a hash of its secret is kept."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    public_id = PublicIdField()
    email = models.EmailField(_("e-mail"))
    role = models.PositiveSmallIntegerField(_("role"), choices=Role, default=Role.CONTRIBUTOR)
    job_title = models.CharField(_("job title"), max_length=40, choices=JobTitle, blank=True)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Member, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    undoable = False

    class Meta(Versioned.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def write(
        cls, workspace: Workspace, email: str, role: Role, *, by: Actor, job_title: str = ""
    ) -> tuple[Invitation, str]:
        """The invitation and the secret of its link. An older open one for the same address is revoked."""
        secret = secrets.token_urlsafe(32)
        with ports.open_change("invitation.written", by=by, workspace=workspace):
            cls.objects.filter(workspace=workspace).open().filter(email__iexact=email).update(revoked_at=clock.now())
            invitation = cls.objects.create(
                workspace=workspace,
                email=email.strip().lower(),
                role=role,
                job_title=job_title,
                hash=digest(secret),
                invited_by=by.member,
                expires_at=clock.now() + LASTS,
            )
        return invitation, secret

    @classmethod
    def by_secret(cls, secret: str) -> Invitation | None:
        return cls.objects.open().filter(hash=digest(secret)).select_related("workspace").first()

    def accept(self, user: User) -> Member:
        """Make `user` a member and use the link up. Raises InvitationUnusable, also when two accept at once."""
        actor = Actor.system()
        with ports.open_change("invitation.accepted", by=actor, workspace=self.workspace) as change:
            taken = Invitation.objects.filter(pk=self.pk).open().filter(email__iexact=user.email)
            if not taken.update(accepted_at=clock.now()):
                raise InvitationUnusable
            return Member.admit(user, self.workspace, Role(self.role), by=change, job_title=self.job_title)

    def revoke(self, *, by: Actor) -> None:
        with ports.open_change("invitation.revoked", by=by, workspace=self.workspace):
            self.revoked_at = self.revoked_at or clock.now()
            self.save(update_fields=["revoked_at"])
