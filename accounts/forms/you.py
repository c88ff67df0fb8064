from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accounts.forms.parts import field_of
from accounts.models import User, Workspace
from accounts.models.workspace import validate_zone


class ProfileForm(forms.Form):
    name = field_of(
        User, "name", required=True, label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    time_zone = field_of(
        User,
        "time_zone",
        label=_("Time zone"),
        required=False,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        help_text=_("For clock times. Left empty, it is the workspace's. Days and weeks are always the workspace's."),
    )

    def clean_time_zone(self) -> str:
        zone = self.cleaned_data["time_zone"]
        if zone:
            validate_zone(zone)
        return zone


class PasswordForm(forms.Form):
    current = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters. Other devices are signed out."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_current(self) -> str:
        if not self.user.check_password(self.cleaned_data["current"]):
            raise forms.ValidationError(_("This is not your current password."))
        return self.cleaned_data["current"]

    def clean_new(self) -> str:
        validate_password(self.cleaned_data["new"], self.user)
        return self.cleaned_data["new"]


class NameAgainForm(forms.Form):
    """Type the workspace's name: for what cannot be undone."""

    again = forms.CharField(label=_("Type the workspace's name"), max_length=200)

    def __init__(self, *args: Any, workspace: Workspace, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.workspace = workspace

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.workspace.name:
            raise forms.ValidationError(_("This is not the workspace's name."))
        return self.cleaned_data["again"]
