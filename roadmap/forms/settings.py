"""Forms of what admins define: own fields, templates, statuses. Parsing only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from changes.forms import EditForm
from roadmap.models import (
    CustomField,
    FieldKind,
    ItemType,
    Status,
)


class CustomFieldForm(EditForm):
    """A field of the workspace's own. Options are given one a line, and only when it is new."""

    options = forms.CharField(
        label=_("Options"), required=False, max_length=20_000, help_text=_("One a line, for a list."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    default = forms.CharField(
        label=_("Default"), required=False, max_length=2000,
        help_text=_("What new items start with. For a list, the name of an option; for a checkbox, yes or no."),
    )  # fmt: skip

    class Meta:
        model = CustomField
        fields = ["name", "kind", "options", "default", "required_from"]
        help_texts = {
            "required_from": _("Before an item gets a status of this kind or a later one, it must be filled in.")
        }

    def __init__(self, *args: Any, instance: CustomField, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        if instance.pk:
            self.initial["default"] = instance.shown(instance.default, {})
            for name in ("kind", "options"):
                self.fields.pop(name, None)
        self.initial.pop("options", None)  # of a new one: what is kept as a list is typed as lines
        if "required_from" in self.fields:
            _nothing, *categories = self.fields["required_from"].choices  # type: ignore[attr-defined]
            self.fields["required_from"].choices = [("", _("Never")), *categories]  # type: ignore[attr-defined]

    def clean_options(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["options"].splitlines() if line.strip()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "default" in cleaned:
            typed = cleaned["default"].strip()
            kind = self.row.kind if self.row.pk else cleaned.get("kind")
            several = [part.strip() for part in typed.split(",")] if kind == FieldKind.MULTI and typed else typed
            cleaned["default"] = several or None
            if typed and kind == FieldKind.PERSON:
                self.add_error("default", _("A person cannot be a default. Leave this empty."))
        return cleaned


class TemplatesForm(forms.Form):
    """A text for each type of item; empty means none."""

    def __init__(self, *args: Any, types: Iterable[ItemType], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in types:
            self.fields[one.key] = forms.CharField(
                label=one.name, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
            )


class OptionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)


class StatusForm(EditForm):
    leads_to = forms.MultipleChoiceField(
        label=_("From here to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: to any status."),
        error_messages={"invalid_choice": _("A status that may follow was removed in the meantime. Choose again.")},
    )

    class Meta:
        model = Status
        fields = ["name", "public_name", "category", "leads_to"]
        help_texts = {"public_name": _("What customers see in the portal and on shared roadmaps.")}

    def __init__(self, *args: Any, among: Iterable[Status], **options: Any) -> None:
        super().__init__(*args, **options)
        others = [(one.public_id, one.name) for one in among if one.pk != self.row.pk]
        self.fields["leads_to"].choices = others  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    """Which status the items of a removed one get; asked only where there are any."""

    to = forms.ModelChoiceField(
        Status.objects.none(),
        label=_("Its items become"),
        required=False,
        empty_label=_("Choose"),
        to_field_name="public_id",
    )

    def __init__(self, data: Any = None, *, status: Status) -> None:
        super().__init__(data)
        others = Status.objects.filter(workspace=status.workspace_id).exclude(pk=status.pk)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
