"""Forms of views that are kept. Parsing only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from changes.forms import EditForm
from roadmap.models import SavedView


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
