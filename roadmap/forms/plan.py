"""Forms of ranks, releases, milestones and the timeline. Parsing only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changes.forms import EditForm
from roadmap.models import (
    Horizon,
    Item,
    Milestone,
    Release,
)


class RankForm(forms.Form):
    """Where an item goes: right after one, right before one, or to the top when both are empty."""

    after = forms.IntegerField(required=False, min_value=1)
    before = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: Any, *, items: Mapping[int, Item], **kwargs: Any) -> None:
        """`items`: those of the numbers that were sent, by number (see picking.numbered)."""
        super().__init__(data, **kwargs)
        self.items = items

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for name in ("after", "before"):
            number = cleaned.get(name)
            cleaned[name] = self.items.get(number) if number else None
            if number and cleaned[name] is None:
                self.add_error(name, _("The item beside that place is gone. Reload the backlog and try again."))
        return cleaned


class HorizonForm(RankForm):
    list = forms.ChoiceField(choices=Horizon.choices, required=False)


class ReleaseColumnForm(RankForm):
    """A card's column on the board: a release, or none."""

    list = forms.ModelChoiceField(Release.objects.none(), required=False, to_field_name="public_id")

    def __init__(self, data: Any, *, items: Mapping[int, Item], releases: Any) -> None:
        super().__init__(data, items=items)
        self.fields["list"].queryset = releases


class MilestoneForm(EditForm):
    class Meta:
        model = Milestone
        fields = ["name", "day"]
        widgets = {"day": forms.DateInput(attrs={"type": "date"})}
