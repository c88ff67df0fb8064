"""Forms of release notes. Parsing only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changes.forms import EditForm
from roadmap.models import Item, ReleaseNotes


class NotesForm(EditForm):
    class Meta:
        model = ReleaseNotes
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 18})}
        help_texts = {"text": _("Markdown: ## for a heading, - for a line of a list.")}


class PublicLinesForm(forms.Form):
    """What people outside read of each item: `line-<number>`, and `internal-<number>` where they read nothing of it."""

    def __init__(self, data: Mapping[str, Any], *, items: list[Item]) -> None:
        super().__init__(data)
        self.items = items
        for item in items:
            self.fields[f"line-{item.number}"] = forms.CharField(
                required=False, max_length=240, label=_("What people outside read")
            )
            self.fields[f"internal-{item.number}"] = forms.BooleanField(required=False)

    @property
    def lines(self) -> dict[Item, tuple[str, bool]]:
        """A line that only repeats the title is none: it follows the title."""
        said = self.cleaned_data
        return {
            item: (
                "" if said[f"line-{item.number}"] == item.title else said[f"line-{item.number}"],
                said[f"internal-{item.number}"],
            )
            for item in self.items
        }
