"""What ends with a sign-in: event streams. Sessions themselves end by Django's hash of the password."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib.auth.signals import user_logged_out

from accounts.models import Member, User


def listen() -> None:
    for signal in (password_changed, password_reset, user_logged_out):
        signal.connect(close_streams_of, dispatch_uid=f"close streams {id(signal)}")


def close_streams_of(sender: Any, user: User | None = None, **kwargs: Any) -> None:
    """Other browsers of the same person open theirs again, if they are still signed in."""
    if user is not None:
        for member in Member.objects.current().filter(user=user).select_related("workspace"):
            member.close_streams()
