from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models.token import digest
from accounts.models.user import User
from accounts.models.workspace import Workspace
from accounts.refusals import Refused
from config import clock


class LinkUnusable(Refused):
    """Used, expired, or replaced by a newer one. Strangers are not told which."""

    sentence = _("This link cannot be used any more. Ask for a new one.")


class Purpose(models.TextChoices):
    SET_UP = "set_up", _("Set up this installation")
    SIGN_UP = "sign_up", _("Sign up")


LASTS = {Purpose.SET_UP: timedelta(days=7), Purpose.SIGN_UP: timedelta(hours=24)}


class OneTimeLinkQuerySet(models.QuerySet["OneTimeLink"]):
    def usable(self) -> OneTimeLinkQuerySet:
        return self.filter(used_at=None, expires_at__gt=clock.now())


class OneTimeLink(models.Model):
    """A link that works once, before there is a workspace that it could belong to. Only a hash of its secret is kept."""

    purpose = models.CharField(max_length=8, choices=Purpose)
    email = models.EmailField(_("e-mail"), blank=True)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField(editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    objects = OneTimeLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.email}".strip()

    @classmethod
    def write(cls, purpose: Purpose, email: str = "") -> str:
        """The secret of a new link. Older ones for the same purpose and address stop working."""
        secret = secrets.token_urlsafe(32)
        with transaction.atomic():
            cls.objects.filter(purpose=purpose, email__iexact=email).usable().update(expires_at=clock.now())
            cls.objects.create(
                purpose=purpose,
                email=email.strip().lower(),
                hash=digest(secret),
                expires_at=clock.now() + LASTS[purpose],
            )
        return secret

    @classmethod
    def by_secret(cls, purpose: Purpose, secret: str) -> OneTimeLink | None:
        return cls.objects.usable().filter(purpose=purpose, hash=digest(secret)).first()

    def set_up(self, name: str, slug: str, *, owner: User, **fields: object) -> Workspace:
        """Found the first workspace of this installation. Raises LinkUnusable, also when there is one by now."""
        with transaction.atomic():
            self._use_up()
            if Workspace.objects.exists():
                raise LinkUnusable
            if owner.pk is None:
                owner.save()
            return Workspace.found(name, slug, owner=owner, **fields)

    def sign_up(self, name: str, password: str) -> User:
        """A new account for the address that the link was sent to. Raises LinkUnusable, also when two use it at once."""
        with transaction.atomic():
            self._use_up()
            if User.objects.filter(email__iexact=self.email).exists():
                raise LinkUnusable
            return User.objects.create_user(self.email, password, name=name)

    def _use_up(self) -> None:
        if not OneTimeLink.objects.filter(pk=self.pk).usable().update(used_at=clock.now()):
            raise LinkUnusable
