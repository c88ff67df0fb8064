"""Where django-allauth asks us: mails, addresses, limits, words."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts.ports import ports

MAILS = {"account/email/password_reset_key": "password_reset"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This e-mail and password do not match."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": _("This code does not match. Enter the one that your app shows now."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by our own links (accounts/views/join.py), never by allauth's form."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """allauth would answer scripts with a description of its forms, and take reset keys without the session."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """`next` leads to a path of ours. Other hosts are refused, our own aliases too."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """From BASE_URL: the Host header of whoever asked must not get into a mail."""
        uid, _dash, secret = key.partition("-")
        return reset_url(uid, secret)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the job rows, as every mail. Only the mails named in MAILS are ever sent by allauth here."""
        ports.send_mail(
            email,
            MAILS[template_prefix],
            {"name": str(context["user"]), "url": context["password_reset_url"]},
            key=f"password-reset:{context['uid']}:{context['key']}",
            workspace=None,
        )

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth counts by host and address, so that spelling the host otherwise would give ten tries more."""
        return str(credentials.get("email", "")).strip().lower()


class MfaAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return "Cradle"


def reset_url(uid: str, secret: str) -> str:
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": secret})
    return settings.BASE_URL + path
