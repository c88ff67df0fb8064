"""Why an inline edit was not saved, for the field that it concerns: what was typed stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models

from changes.concurrency import Conflict


@dataclass(frozen=True)
class Trouble:
    """`id` and `field` name the cell, `url` is where it is sent. `conflict` is set when somebody was faster."""

    id: str
    field: str
    label: Any
    typed: str
    sentence: str
    url: str
    seen: int
    theirs: str = ""
    conflict: Conflict | None = None

    @property
    def status(self) -> int:
        return 409 if self.conflict else 422

    @property
    def cell(self) -> str:
        """The id of the cell that stays open."""
        return "" if self.conflict else f"{self.id}-{self.field}"


def faster(row: Any, id: str, conflict: Conflict, data: Any, url: str) -> Trouble:
    """Somebody changed the same field; `row` is as they left it, so saving again is a choice and not an accident."""
    name = conflict.field
    label = row._meta.get_field(name).verbose_name
    typed = str(data.get(name, ""))
    return Trouble(id, name, label, typed, str(conflict), url, row.change_id, _shown(row, name), conflict)


def wrong(row: Any, id: str, form: Any, url: str) -> Trouble:
    """What was sent cannot be: the first sentence of the form, at its field, or at the one that was sent."""
    name, sentences = next(iter(form.errors.items()))
    if name in ("__all__", "seen"):
        name = next((sent for sent in form.fields if sent != "seen" and sent in form.data), "")
    label = row._meta.get_field(name).verbose_name if name else ""
    return Trouble(id, name, label, str(form.data.get(name, "")), " ".join(sentences), url, row.change_id)


def _shown(row: models.Model, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else str(value)
