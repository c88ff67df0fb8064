"""The workspace's own fields of items: how lists filter by them, sort by them and read them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Case, DecimalField, F, Func, IntegerField, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import Workspace
from listing.conditions import Field
from roadmap.backlog.choices import people
from roadmap.models import CustomField, FieldKind


class WithOwnFields(dict[str, Field]):
    """The fields that all items have, and those of the workspace, which are asked only when one is named."""

    def __init__(self, workspace: Workspace, fields: dict[str, Field]) -> None:
        super().__init__(fields)
        self.workspace, self.asked = workspace, False

    def __contains__(self, name: object) -> bool:
        self._known(name)
        return super().__contains__(name)

    def __getitem__(self, name: str) -> Field:
        self._known(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._known(name)
        return super().get(name, default)

    def values(self) -> Any:
        """All of them."""
        self._ask()
        return super().values()

    def _known(self, name: object) -> None:
        if isinstance(name, str) and OWN_KEY.fullmatch(name):
            self._ask()

    def _ask(self) -> None:
        if not self.asked:
            self.asked = True
            rows = CustomField.objects.filter(workspace=self.workspace)
            self.update({field.key: own_field(field) for field in rows})


OWN_KEY = re.compile(r"f[0-9a-f]{8}")
KINDS = {"text": "text", "url": "text", "number": "number", "date": "date", "multi": "many"}


def own_field(field: CustomField) -> Field:
    """How the filter language knows one of the workspace's own fields: by its key."""

    def options() -> Iterable[tuple[str, Any]]:
        if field.kind == FieldKind.CHECKBOX:
            return [("true", _("Yes")), ("false", _("No"))]
        if field.kind == FieldKind.PERSON:
            return people(field.workspace_id)
        return [(one["key"], one["name"]) for one in field.options]

    kind = KINDS.get(field.kind, "choice")
    values = options if kind in ("choice", "many") else None
    return Field(field.key, field.name, kind, f"custom__{field.key}", values, inside=field.key)


def own_sort(field: CustomField) -> Any:
    """What a list is sorted by for one of the workspace's own fields: options in their order, no before yes, else the
    value. Empty is NULL."""
    if field.has_options:
        places = [
            When(own_field(field).among([one["key"]]), then=Value(place)) for place, one in enumerate(field.options)
        ]
        return Case(*places, default=None, output_field=IntegerField())
    text = KeyTextTransform(field.key, "custom")
    if field.kind == FieldKind.NUMBER:
        return Cast(text, DecimalField(max_digits=20, decimal_places=4))
    return Lower(text) if field.kind == FieldKind.TEXT else text


def own_text(field: CustomField) -> Any:
    """The value as its column keeps it, as text. The key stands in the statement itself: a parameter could not be grouped by."""
    if not OWN_KEY.fullmatch(field.key):
        raise ValueError(field.key)
    return Func(F("custom"), template=f"(%(expressions)s ->> '{field.key}')", output_field=TextField())
