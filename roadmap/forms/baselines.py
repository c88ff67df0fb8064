"""The form of a baseline. Parsing only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changes.forms import EditForm
from roadmap.models import Baseline


class BaselineForm(EditForm):
    """A name, and a day: left empty, it is now for a new one, and stays for one that is there."""

    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Its end counts. Left empty, it is this moment."),
    )  # fmt: skip

    class Meta:
        model = Baseline
        fields = ["name"]

    def __init__(self, data: Any = None, *, instance: Baseline, **options: Any) -> None:
        super().__init__(data, instance=instance, **options)
        if instance.pk:
            self.initial["day"] = instance.day
            self.fields["day"].help_text = ""

    @property
    def values(self) -> dict[str, Any]:
        """A day that stays as it is, or is left empty, is none: the moment was more exact."""
        given = super().values
        if self.row.pk and given.get("day") in (None, self.row.day):
            given.pop("day", None)
        return given
