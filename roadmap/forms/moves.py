"""Forms of what is moved, resized and linked on a timeline. Parsing only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from products.models import Initiative, Objective, Product
from roadmap.forms.items import ItemField
from roadmap.models import Item, Release
from roadmap.timelines.scheduling import Step

GONE = {"invalid_choice": _("This lane is of another product, or it is gone. Choose another one.")}


class LaneForm(forms.Form):
    """What a lane sets, when the lane changed, and why a promised end slips."""

    reason = forms.CharField(required=False, max_length=1000)

    objective = forms.ModelChoiceField(
        Objective.objects.none(), required=False, to_field_name="public_id", error_messages=GONE
    )
    release = forms.ModelChoiceField(
        Release.objects.none(), required=False, to_field_name="public_id", error_messages=GONE
    )
    initiative = forms.ModelChoiceField(
        Initiative.objects.none(), required=False, to_field_name="public_id", error_messages=GONE
    )

    def __init__(self, data: Any, *, product: Product, member: Member) -> None:
        left_out = LANES.keys() - data.keys()
        self.base_fields = {name: field for name, field in self.base_fields.items() if name not in left_out}
        super().__init__(data)
        for name in self.fields.keys() & LANES.keys():
            self.fields[name].queryset = LANES[name](member, product)  # type: ignore[attr-defined]

    @property
    def lane(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in LANES if name in self.fields}


LANES: dict[str, Callable[[Member, Product], Any]] = {
    "objective": lambda member, product: Objective.objects.visible_to(member).filter(product__in=[product.pk, None]),
    "release": lambda member, product: Release.objects.visible_to(member).of(product),
    "initiative": lambda member, product: Initiative.objects.visible_to(member).filter(product__in=[product.pk, None]),
}


class ScheduleForm(LaneForm):
    """A bar's new place: both days or neither, and what its lane sets when that changed."""

    seen = forms.IntegerField(required=False)
    starts_on = forms.DateField(required=False, label=_("Start"))
    ends_on = forms.DateField(required=False, label=_("End"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if (cleaned.get("starts_on") is None) != (cleaned.get("ends_on") is None):
            raise forms.ValidationError(_("A bar needs both a start and an end."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        return {"starts_on": self.cleaned_data["starts_on"], "ends_on": self.cleaned_data["ends_on"], **self.lane}


class MovesForm(LaneForm):
    """Many bars' new places, each between semicolons in `moves`: `214,2026-11-02,2026-11-20,4711` are number, start, end, the version seen."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        try:
            self.steps = [_step(text) for text in self.data.get("moves", "").split(";") if text]
        except ValueError as error:
            raise forms.ValidationError(_("One of the moves cannot be read. Reload the page and try again.")) from error
        if not self.steps:
            raise forms.ValidationError(_("Nothing was moved."))
        return cleaned


def _step(text: str) -> Step:
    """Raises ValueError."""
    number, first, last, seen = text.split(",")
    days = [date.fromisoformat(one) if one else None for one in (first, last)]
    if not (number.isdecimal() and len(number) < 10 and (days[0] is None) == (days[1] is None)):
        raise ValueError(text)
    return Step(int(number), *days, seen=int(seen) if seen else None)


class ArrowForm(forms.Form):
    """The item, by its key, that another one needs from now on."""

    needs = ItemField(label=_("Needs"))

    def __init__(self, data: Any, *, member: Member) -> None:
        super().__init__(data)
        self.fields["needs"].rows = Item.objects.visible_to(member)  # type: ignore[attr-defined]
