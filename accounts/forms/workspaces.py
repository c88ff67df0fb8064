from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.forms.parts import NewPasswordForm, field_of
from accounts.models import User, Workspace
from accounts.models.workspace import RESERVED_SLUGS


class WorkspaceForm(forms.Form):
    """What admins may say of their workspace."""

    name = field_of(Workspace, "name", label=_("Name"))
    time_zone = field_of(
        Workspace,
        "time_zone",
        label=_("Time zone"),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        help_text=_("When a day and a week begin. When it changes, recorded usage is counted anew in the background."),
    )
    week_start = field_of(Workspace, "week_start", label=_("Weeks start on"))
    currency = field_of(
        Workspace,
        "currency",
        label=_("Currency"),
        widget=forms.TextInput(attrs={"list": "currencies", "autocomplete": "off"}),
        help_text=_("One for all amounts. It cannot be changed once there are amounts."),
    )


class SettingsForm(WorkspaceForm):
    accent = field_of(
        Workspace, "accent", label=_("Brand colour"), required=False, help_text=_("Such as #2559d8, for shared pages.")
    )

    slip_days = field_of(
        Workspace,
        "slip_days",
        label=_("Days that a plan may slip without a reason"),
        required=False,
        help_text=_("Whoever moves a planned end later by more is asked why. A product can have a number of its own."),
    )

    @property
    def values(self) -> dict[str, Any]:
        """Without what was left empty that is never empty: it stays."""
        given = dict(self.cleaned_data)
        if given["slip_days"] is None:
            del given["slip_days"]
        return given


class NewWorkspaceForm(WorkspaceForm):
    slug = field_of(
        Workspace,
        "slug",
        label=_("Address"),
        required=False,
        help_text=_("What stands in links after /w/. Left empty, it is made from the name."),
    )
    field_order = ("name", "slug", "time_zone", "week_start", "currency")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "slug" in self.errors:
            return cleaned
        slug = cleaned.get("slug") or slugify(cleaned.get("name", ""))[:40].strip("-")
        if slug in RESERVED_SLUGS or Workspace.objects.filter(slug=slug).exists():
            self.add_error("slug", _("This address is taken. Choose another."))
        elif not slug and "name" not in self.errors:
            self.add_error(
                "slug", _("No address can be made from this name. Write one: small letters, digits, hyphens.")
            )
        cleaned["slug"] = slug
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        names = ("name", "slug", "time_zone", "week_start", "currency")
        return {name: self.cleaned_data[name] for name in names}


class SetUpForm(NewPasswordForm, NewWorkspaceForm):
    """The first workspace of an installation, and its owner."""

    email = field_of(User, "email", label=_("Your e-mail"))
    field_order = ("person", "email", "password", *NewWorkspaceForm.field_order)

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("There is an account with this address. Sign in, then open the link again."))
        return email

    def owner(self) -> User:
        """The account to be made, not saved yet."""
        owner = User(email=self.cleaned_data["email"], name=self.cleaned_data["person"])
        owner.set_password(self.cleaned_data["password"])
        return owner
