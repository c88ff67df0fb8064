"""The base of forms that edit a versioned row: they parse some of its fields and the version that the person saw."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint
from django.utils.translation import gettext_lazy as _

from changes.concurrency import intended
from changes.editable import BACKWARDS

SPAN = "_ends_after_start"  # how constraints are called that hold the order of two days
BLANK = "---------"  # what Django offers where nothing is chosen


class EditForm(forms.ModelForm):
    """Only the fields that were sent are parsed, so one class serves a cell, a drawer and a page.

    `only` names the fields of a form that is drawn for a part. `values` are for the verb. The row given is never written to. Related rows are chosen by public id.
    """

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, instance: Any, whole: bool = False, only: list[str] | None = None, **options: Any
    ) -> None:
        self.row = instance
        wanted = self.base_fields
        if only is not None:
            wanted = {name: field for name, field in wanted.items() if name in only}
        if data is not None and not whole:
            wanted = {name: field for name, field in wanted.items() if name in data}
        self.base_fields = wanted  # of this form alone: each field of a form is a copy, which costs
        super().__init__(data, instance=copy.copy(instance), **options)
        self.initial["seen"] = instance.change_id

    def limit(self, name: str, rows: Any, by: str = "public_id") -> None:
        """Let the choice `name` be made among `rows` alone."""
        field = self.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = rows
            field.to_field_name = by
            if field.empty_label == BLANK:
                field.empty_label = _("Not set")
            related = getattr(self.row, name) if getattr(self.row, f"{name}_id") else None
            self.initial[name] = getattr(related, by) if related is not None else None
            field.error_messages["invalid_choice"] = _("This choice is not there any more. Choose another.")

    def offer(self, name: str, choices: Iterable[tuple[str, Any]], by: str = "public_id") -> None:
        """As `limit`, for a form that is only drawn: choices are (value, label), and nothing that is sent would be found."""
        field = self.fields.get(name)
        if isinstance(field, forms.ModelChoiceField):
            self.limit(name, field.queryset.none(), by)  # type: ignore[union-attr]
            empty = [] if field.empty_label is None else [("", field.empty_label)]
            field.widget.choices = [*empty, *choices]  # type: ignore[attr-defined]

    def require(self, *names: str) -> None:
        """These must be sent, also when the form is sent without them."""
        for name in names:
            self.fields.setdefault(name, copy.deepcopy(type(self).base_fields[name])).required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str) and "\0" in value:
                self.add_error(name, _("This text contains a character that cannot be stored. Type it again."))
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        """Checks of the table speak of constraints: of a span that ends before it starts its end says so instead, and what a field was
        refused for already is not said once more."""
        checks = {str(one.get_violation_error_message()): one.name for one in self._meta.model._meta.constraints if isinstance(one, CheckConstraint)}  # fmt: skip
        found = getattr(errors, "error_dict", {})
        broken = {checks.get(str(one.message), "") for one in found.get(NON_FIELD_ERRORS, [])} - {""}
        if broken:
            spans = {one for one in broken if one.endswith(SPAN)} if "ends_on" in self.fields else set()
            told = broken if len(found) > 1 or self.errors else spans
            found[NON_FIELD_ERRORS] = [
                one for one in found[NON_FIELD_ERRORS] if checks.get(str(one.message)) not in told
            ]
            if not found[NON_FIELD_ERRORS]:
                del found[NON_FIELD_ERRORS]
            if spans:
                found.setdefault("ends_on", []).append(ValidationError(BACKWARDS))
        super()._update_errors(errors)  # type: ignore[misc]

    def catch_up(self, row: Any) -> None:
        """After a conflict: fields that this person left alone show what others wrote, and the version seen is the one
        of today, so that sending the form again is a choice. `row` is as the others left it."""
        mine = intended(row, self.seen_version, self.values)
        self.data = self.data.copy()
        self.data["seen"] = row.change_id
        for name in self.values:
            if name not in mine:
                self.data[name] = self.fields[name].prepare_value(getattr(row, name))

    @property
    def seen_version(self) -> int | None:
        return self.cleaned_data.get("seen")

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


class ExplainedForm(EditForm):
    """A form that asks why once the verb wants to hear a reason: `ask` puts the question into it, `why` is the answer."""

    reason = forms.CharField(
        label=_("Why?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3, "autofocus": True})
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        if data is None or "reason" not in data:
            self.fields.pop("reason", None)

    def ask(self, sentence: str) -> None:
        """The form again with the question."""
        self.fields.setdefault("reason", copy.deepcopy(type(self).base_fields["reason"]))
        self.add_error("reason", sentence)

    @property
    def why(self) -> str:
        return str(self.cleaned_data.get("reason") or "").strip()

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values.items() if name != "reason"}
