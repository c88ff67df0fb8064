"""Forms of the workspace's types of items. Parsing only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changes.forms import EditForm
from roadmap.models import ItemType


class ItemTypeForm(EditForm):
    class Meta:
        model = ItemType
        fields = ["name", "kind", "icon", "tone"]
        widgets = {"icon": forms.RadioSelect, "tone": forms.RadioSelect}
        help_texts = {"kind": _("Only items of the kind epic have others under them. Imports look for the others.")}


class TypeHandOverForm(forms.Form):
    """Which type the items of a removed one get; asked only where there are any."""

    to = forms.ModelChoiceField(
        ItemType.objects.none(),
        label=_("Its items become"),
        required=False,
        empty_label=_("Choose"),
        to_field_name="public_id",
    )

    def __init__(self, data: Any = None, *, row: ItemType) -> None:
        super().__init__(data)
        others = ItemType.objects.filter(workspace=row.workspace_id).exclude(pk=row.pk)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
