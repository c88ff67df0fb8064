from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.constraints import SameWorkspace
from accounts.models import Workspace
from accounts.models.token import digest
from accounts.ports import ports
from config import clock
from feedback.models.contact import Contact
from feedback.models.portal import Portal

DIGITS = 8
CODE_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(days=30)


class PortalCode(models.Model):
    """A one-time code for one address at one portal. Only a keyed hash is kept; a new code replaces the one before."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    hash = models.CharField(max_length=64)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["workspace", "email"], name="portal_code_of_address")]

    def __str__(self) -> str:
        return f"code for {self.email}"

    @classmethod
    def send(cls, portal: Portal, email: str) -> None:
        """Mail a new code to `email` where the portal admits it. Otherwise the same is done but for the mail."""
        email = email.strip().lower()
        code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
        now = clock.now()
        cls.objects.filter(models.Q(workspace=portal.workspace_id, email=email) | models.Q(expires_at__lt=now)).delete()
        row = cls.objects.create(
            workspace=portal.workspace, email=email, hash=cls._hash(portal, email, code), expires_at=now + CODE_LASTS
        )
        if portal.admits(email):
            ports.send_mail(
                email,
                "portal_code",
                {"code": f"{code[:4]} {code[4:]}", "portal": portal.title, "workspace": portal.workspace.name},
                key=f"portal-code:{row.pk}:{row.hash[:16]}",
                workspace=portal.workspace,
            )

    @classmethod
    def redeem(cls, portal: Portal, email: str, code: str) -> bool:
        """Use the code up. False for a wrong, used or expired one, one of another address, or an address not admitted."""
        email = email.strip().lower()
        digits = "".join(character for character in code if character.isascii() and character.isdigit())
        open_codes = cls.objects.filter(
            workspace=portal.workspace_id, email=email, used_at=None, expires_at__gt=clock.now()
        )
        row = open_codes.order_by("-pk").first()
        right = constant_time_compare(row.hash if row else "", cls._hash(portal, email, digits))
        if row is None or not right or not portal.admits(email):
            return False
        return bool(open_codes.filter(pk=row.pk).update(used_at=clock.now()))

    @staticmethod
    def _hash(portal: Portal, email: str, code: str) -> str:
        """Codes are short, so the hash is keyed with the installation's secret."""
        return salted_hmac(
            "feedback.portal_code", f"{portal.workspace_id}:{email}:{code}", algorithm="sha256"
        ).hexdigest()


class PortalSession(models.Model):
    """A contact signed in at the portal in one browser. The cookie holds a secret, this row its hash."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            SameWorkspace(field="contact", target="feedback_contact", name="portalsession_contact_same_workspace")
        ]

    def __str__(self) -> str:
        return f"session of {self.contact}"

    @classmethod
    def start(cls, contact: Contact) -> str:
        """The secret for the cookie, which cannot be had again."""
        secret = secrets.token_urlsafe(32)
        cls.objects.filter(expires_at__lt=clock.now()).delete()
        cls.objects.create(
            workspace=contact.workspace, contact=contact, hash=digest(secret), expires_at=clock.now() + SESSION_LASTS
        )
        return secret

    @classmethod
    def contact_of(cls, secret: str, portal: Portal) -> Contact | None:
        """Who holds this secret at this portal; None when it ended, and when the contact is gone or not admitted any more."""
        row = (
            cls.objects.filter(
                hash=digest(secret),
                workspace=portal.workspace_id,
                expires_at__gt=clock.now(),
                contact__deleted_at=None,
            )
            .select_related("contact__customer")
            .first()
        )
        admitted = row is not None and (portal.is_public or portal.admits(row.contact.email))
        return row.contact if row is not None and admitted else None

    @classmethod
    def end(cls, secret: str) -> None:
        cls.objects.filter(hash=digest(secret)).delete()
