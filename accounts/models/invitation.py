from __future__ import annotations

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.constraints import SameWorkspace
from accounts.history import Versioned
from accounts.identity import PublicIdField
from accounts.models.member import Member
from accounts.models.team import Team
from accounts.models.token import digest
from accounts.models.user import User
from accounts.models.workspace import Workspace
from accounts.ports import ports
from accounts.refusals import Refused
from accounts.roles import JobTitle, Role
from config import clock

LASTS = timedelta(days=14)


def link_of(secret: str) -> str:
    """What the invited person opens. Whoever else has it before them may join in their name, so it is shown to nobody."""
    return settings.BASE_URL + reverse("accounts:join", args=[secret])


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, member: Member) -> InvitationQuerySet:
        return self.filter(workspace=member.workspace_id)

    def pending(self) -> InvitationQuerySet:
        """Neither accepted nor revoked; an expired one waits to be sent again."""
        return self.filter(accepted_at=None, revoked_at=None)

    def open(self) -> InvitationQuerySet:
        """Those whose link works."""
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
    team = models.ForeignKey(
        Team, verbose_name=_("team"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
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
        constraints = [SameWorkspace(field="team", target="accounts_team", name="invitation_team_same_workspace")]

    def __str__(self) -> str:
        return self.email

    @classmethod
    def write(
        cls, workspace: Workspace, email: str, role: Role, *, by: Actor, job_title: str = "", team: Team | None = None
    ) -> tuple[Invitation, str]:
        """Mail an invitation; returns it with the secret of its link. An older open one for the address is revoked."""
        secret, email = secrets.token_urlsafe(32), email.strip().lower()
        with ports.open_change("invitation.written", by=by, workspace=workspace):
            cls.objects.filter(workspace=workspace).open().filter(email=email).update(revoked_at=clock.now())
            invitation = cls.objects.create(
                workspace=workspace,
                email=email,
                role=role,
                job_title=job_title,
                team=team,
                hash=digest(secret),
                invited_by=by.member,
                expires_at=clock.now() + LASTS,
            )
            invitation._mail(secret)
        return invitation, secret

    def send_again(self, *, by: Actor) -> str:
        """A fresh link by mail, and its secret. The link sent before stops working."""
        secret = secrets.token_urlsafe(32)
        with ports.open_change("invitation.sent_again", by=by, workspace=self.workspace):
            row = Invitation.objects.select_for_update(of=("self",)).get(pk=self.pk)
            if row.accepted_at or row.revoked_at:
                raise Refused(_("This invitation was accepted or revoked in the meantime."))
            self.hash, self.expires_at = digest(secret), clock.now() + LASTS
            self.save(update_fields=["hash", "expires_at"])
            self._mail(secret)
        return secret

    @classmethod
    def by_secret(cls, secret: str) -> Invitation | None:
        return cls.objects.open().filter(hash=digest(secret)).select_related("workspace", "team").first()

    def accept(self, user: User) -> Member:
        """Make `user` a member and use the link up. Raises InvitationUnusable, also when two accept at once."""
        with ports.open_change("invitation.accepted", by=Actor.system(), workspace=self.workspace) as change:
            self._claim(user.email)
            return self._admit(user, by=change)

    def accept_as_newcomer(self, name: str, password: str) -> Member:
        """The same for somebody without an account, who gets one for the address that was invited."""
        with ports.open_change("invitation.accepted", by=Actor.system(), workspace=self.workspace) as change:
            self._claim(self.email)
            if User.objects.filter(email__iexact=self.email).exists():
                raise InvitationUnusable
            return self._admit(User.objects.create_user(self.email, password, name=name), by=change)

    def revoke(self, *, by: Actor) -> None:
        with ports.open_change("invitation.revoked", by=by, workspace=self.workspace):
            self.revoked_at = self.revoked_at or clock.now()
            self.save(update_fields=["revoked_at"])

    @property
    def has_expired(self) -> bool:
        return self.expires_at <= clock.now()

    def _claim(self, email: str) -> None:
        """Of two who come at once the second waits here for the first, and finds the link used up."""
        usable = Invitation.objects.filter(pk=self.pk, hash=self.hash).open().filter(email__iexact=email)
        if not usable.update(accepted_at=clock.now()):
            raise InvitationUnusable

    def _admit(self, user: User, *, by: Actor) -> Member:
        member = Member.admit(user, self.workspace, Role(self.role), by=by, job_title=self.job_title)
        if self.team is not None:
            self.team.add(member, by=by)
        return member

    def _mail(self, secret: str) -> None:
        ports.send_mail(
            self.email,
            "invitation",
            {
                "workspace": self.workspace.name,
                "inviter": self.invited_by.name if self.invited_by else "",
                "role": str(Role(self.role).label),
                "url": link_of(secret),
                "until": self.workspace.local(self.expires_at).date().isoformat(),
            },
            key=f"invitation:{self.public_id}:{self.hash[:16]}",
            workspace=self.workspace,
        )
