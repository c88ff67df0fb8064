"""Sign-up without an invitation: off, unless the operator opens it to all or to some domains."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import OneTimeLink, User
from accounts.models.link import Purpose
from accounts.models.token import digest
from accounts.ports import ports


def is_open() -> bool:
    return bool(settings.OPEN_SIGN_UP or settings.SIGN_UP_DOMAINS)


def is_allowed(email: str) -> bool:
    """SIGN_UP_DOMAINS, where set, says who may; else OPEN_SIGN_UP lets everybody."""
    if settings.SIGN_UP_DOMAINS:
        return email.rpartition("@")[2].lower() in {domain.lower() for domain in settings.SIGN_UP_DOMAINS}
    return bool(settings.OPEN_SIGN_UP)


def mail_link(email: str) -> None:
    """A sign-up link to `email`, or, where it has an account, a mail that says so and links to the sign-in page."""
    with transaction.atomic():
        known = User.objects.filter(email__iexact=email).exists()
        secret = OneTimeLink.write(Purpose.SIGN_UP, email)
        path = reverse("account_login") if known else reverse("accounts:finish_sign_up", args=[secret])
        ports.send_mail(
            email,
            "account_exists" if known else "sign_up",
            {"url": settings.BASE_URL + path},
            key=f"sign-up:{digest(secret)[:32]}",
            workspace=None,
        )
