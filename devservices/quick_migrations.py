"""Migrating an empty database in a third of the time.

After each constraint, index or trigger that a migration adds, Django renders the model and all its relatives anew, although
their fields are the same; with us everything is related to the workspace. Only operations on fields need that.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


@contextmanager
def rendering_only_fields() -> Iterator[None]:
    """Constraints, indexes and triggers are written into the models that are already rendered."""
    django, triggers = ProjectState._append_option, AddTrigger.state_forwards
    ProjectState._append_option = append_option
    AddTrigger.state_forwards = add_trigger  # type: ignore[method-assign]
    try:
        yield
    finally:
        ProjectState._append_option = django
        AddTrigger.state_forwards = triggers  # type: ignore[method-assign]


def append_option(state: ProjectState, app_label: str, model_name: str, option: str, value: Any) -> None:
    recorded = state.models[app_label, model_name].options
    recorded[option] = [*recorded.get(option, []), value]
    if "apps" in state.__dict__:  # rendered: altering a field looks at the constraints of its model
        rendered = state.apps.get_model(app_label, model_name)._meta
        setattr(rendered, option, [*getattr(rendered, option, []), value])


def add_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    append_option(state, app_label, operation.model_name, "triggers", operation.trigger)
