"""allauth's forms in our words. What they check stays theirs."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms
from django.utils.translation import gettext_lazy as _


def quiet(field: forms.Field, label: Any, **attributes: str) -> None:
    """A visible label says what belongs here, so the placeholder goes."""
    field.label, field.help_text = label, ""
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update({"class": "input--lg", **attributes})


class SignInForm(allauth.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quiet(self.fields["login"], _("E-mail"), autocomplete="username", autofocus="autofocus")
        quiet(self.fields["password"], _("Password"))
        self.fields["remember"].label = _("Keep me signed in on this device for 30 days")
        self.fields["remember"].initial = True


class ReauthenticateForm(allauth.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quiet(self.fields["password"], _("Password"), autofocus="autofocus")


class AskForResetForm(allauth.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quiet(self.fields["email"], _("E-mail"), autocomplete="username", autofocus="autofocus")


class ResetForm(allauth.ResetPasswordKeyForm):
    """One field: the eye beside it shows what was typed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["password2"]
        quiet(self.fields["password1"], _("New password"), autofocus="autofocus")
        self.fields["password1"].help_text = _("At least 10 characters.")


class CodeForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quiet(self.fields["code"], _("Code"), inputmode="numeric", autofocus="autofocus")


class ReauthenticateByCodeForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quiet(self.fields["code"], _("Code"), inputmode="numeric", autofocus="autofocus")


class ActivateCodeForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quiet(self.fields["code"], _("Code that the app shows"), inputmode="numeric", autofocus="autofocus")
