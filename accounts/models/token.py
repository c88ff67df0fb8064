from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor
from accounts.history import Versioned
from accounts.identity import PublicIdField
from accounts.models.member import Member
from accounts.models.workspace import Workspace
from accounts.ports import ports
from accounts.roles import Role
from config import clock

PREFIX = "cradle_"


def digest(secret: str) -> str:
    """Tokens are random 256-bit values, so a plain hash keeps them safe at rest."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, member: Member) -> ApiTokenQuerySet:
        """One's own tokens; admins look after everybody's."""
        tokens = self.filter(workspace=member.workspace_id)
        return tokens if member.may(Role.ADMIN) else tokens.filter(member=member)

    def valid(self, at: datetime | None = None) -> ApiTokenQuerySet:
        """Those that let somebody in, now or `at` another moment."""
        return self.filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=at or clock.now()),
            revoked_at=None,
            member__removed_at=None,
            member__user__is_active=True,
            workspace__deleted_at=None,
        )


class ApiToken(Versioned):
    """Lets a program act as its member, within its scope. Only a hash is kept; the secret is shown once."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    public_id = PublicIdField()
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=80)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=16, editable=False)
    scope = models.CharField(_("scope"), max_length=8, choices=Scope, default=Scope.READ)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    undoable = False

    class Meta(Versioned.Meta):
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def issue(
        cls, member: Member, name: str, scope: str = Scope.READ, expires_at: datetime | None = None, *, by: Actor
    ) -> tuple[ApiToken, str]:
        """The new token and its secret, which cannot be had again."""
        secret = PREFIX + secrets.token_urlsafe(32)
        with ports.open_change("token.issued", by=by, workspace=member.workspace):
            token = cls.objects.create(
                workspace=member.workspace,
                member=member,
                name=name,
                scope=scope,
                expires_at=expires_at,
                hash=digest(secret),
                hint=secret[: len(PREFIX) + 4],
            )
        return token, secret

    @classmethod
    def by_secret(cls, secret: str) -> ApiToken | None:
        return (
            cls.objects.valid().filter(hash=digest(secret)).select_related("member__user", "member__workspace").first()
        )

    def revoke(self, *, by: Actor) -> None:
        with ports.open_change("token.revoked", by=by, workspace=self.workspace):
            self.revoked_at = self.revoked_at or clock.now()
            self.save(update_fields=["revoked_at"])
