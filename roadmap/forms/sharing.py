"""Forms of what is kept and shown to others: views and share links. Parsing only."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, Workspace
from changes.forms import EditForm
from roadmap.models import (
    SavedView,
    SharedField,
)
from roadmap.models.share import DEFAULT_FIELDS


class ShareForm(forms.Form):
    """A new share link: for whom, what they may see, how they get in and until when."""

    audience = forms.CharField(
        label=_("Audience"), max_length=80, help_text=_("Who it is for, such as “Board and partners”.")
    )
    fields_allowed = forms.MultipleChoiceField(
        label=_("Fields they may see, besides the title"), choices=SharedField.choices, required=False,
        initial=DEFAULT_FIELDS, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), required=False, max_length=200, min_length=6,
        help_text=_("At least six characters. Tell it to them by another way than the link."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    last_day = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label=_("Note to the audience"), required=False, max_length=280)

    def __init__(self, data: Any = None, *, workspace: Workspace) -> None:
        super().__init__(data)
        self.workspace = workspace

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day is not None and day < self.workspace.today():
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return day

    @property
    def values(self) -> dict[str, Any]:
        """The link ends when its last day is over in the workspace's zone."""
        day = self.cleaned_data["last_day"]
        ends = datetime.combine(day + timedelta(days=1), time(), self.workspace.zone) if day else None
        return {
            "audience": self.cleaned_data["audience"],
            "fields": self.cleaned_data["fields_allowed"],
            "password": self.cleaned_data["password"],
            "note": self.cleaned_data["note"],
            "expires_at": ends,
        }


class SavedViewForm(EditForm):
    """A view's name, what it asks, and whom it is for: `private`, `workspace`, or a team by its id."""

    scope = forms.CharField(required=False, max_length=40)

    class Meta:
        model = SavedView
        fields = ["name", "query"]

    def clean_scope(self) -> dict[str, Any]:
        scope = self.cleaned_data["scope"]
        if scope in ("", "private", "workspace"):
            return {"is_shared": scope == "workspace", "team": None}
        team = Team.objects.filter(workspace=self.row.workspace_id, public_id=scope).first()
        if team is None:
            raise forms.ValidationError(_("This team is not there any more. Choose another."))
        return {"is_shared": False, "team": team}

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        return {"is_shared": False, "team": None, **(values.pop("scope", None) or {}), **values}
