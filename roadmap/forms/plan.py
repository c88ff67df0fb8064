"""Forms of ranks, releases, milestones and the timeline. Parsing only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from changes.forms import EditForm
from products.models import Objective, Product
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


class ScheduleForm(forms.Form):
    """A bar's new place: both days or neither, and the lane's goal or release when the lane changed."""

    seen = forms.IntegerField(required=False)
    reason = forms.CharField(required=False, max_length=1000)
    starts_on = forms.DateField(required=False, label=_("Start"))
    ends_on = forms.DateField(required=False, label=_("End"))
    objective = forms.ModelChoiceField(Objective.objects.none(), required=False, to_field_name="public_id")
    release = forms.ModelChoiceField(Release.objects.none(), required=False, to_field_name="public_id")

    def __init__(self, data: Any, *, product: Product, member: Member) -> None:
        super().__init__(data)
        self.fields["objective"].queryset = Objective.objects.visible_to(member).filter(product__in=[product.pk, None])
        self.fields["release"].queryset = Release.objects.visible_to(member).of(product)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("starts_on") is None) != (cleaned.get("ends_on") is None):
            raise forms.ValidationError(_("A bar needs both a start and an end."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        lane = {name: self.cleaned_data[name] for name in ("objective", "release") if name in self.data}
        return {"starts_on": self.cleaned_data["starts_on"], "ends_on": self.cleaned_data["ends_on"], **lane}
