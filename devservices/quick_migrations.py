"""Migrating an empty database in a small part of the time.

After nearly every operation Django renders the model and all its relatives anew, as new classes; with us everything is related to the
workspace. Here the classes stay: a new model is rendered alone, because nobody can refer to it yet; a new field is added to the class
that is there; constraints, indexes and triggers are written into its options. Whatever else changes goes Django's way.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED, Field, Model
from pgtrigger.migrations import AddTrigger


@contextmanager
def keeping_classes() -> Iterator[None]:
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ours in OURS]
    try:
        for owner, name, ours in OURS:
            setattr(owner, name, ours)
        yield
    finally:
        for owner, name, djangos in kept:
            setattr(owner, name, djangos)


def add_model(state: ProjectState, added: ModelState) -> None:
    key = added.app_label, added.name_lower
    state.models[key] = added
    if state._relations is not None:
        state.resolve_model_relations(key)
    if "apps" in state.__dict__:  # rendered
        state.apps.render_multiple([added])


def add_field(
    state: ProjectState, app_label: str, model_name: str, name: str, field: Field[Any, Any], preserve_default: bool
) -> None:
    if not preserve_default:
        field = field.clone()
        field.default = NOT_PROVIDED
    state.models[app_label, model_name].fields[name] = field
    if state._relations is not None:
        state.resolve_model_field_relations((app_label, model_name), name, field)
    model = rendered(state, app_label, model_name)
    if model is not None:
        field.clone().contribute_to_class(model, name)
        state.apps.clear_cache()


def append_option(state: ProjectState, app_label: str, model_name: str, option: str, value: Any) -> None:
    set_option(state, app_label, model_name, option, lambda values: [*values, value])


def remove_option(state: ProjectState, app_label: str, model_name: str, option: str, name: str) -> None:
    set_option(state, app_label, model_name, option, lambda values: [one for one in values if one.name != name])


def set_option(state: ProjectState, app_label: str, model_name: str, option: str, changed: Any) -> None:
    """In the record and in the rendered model: altering a field looks at the constraints of its model."""
    recorded = state.models[app_label, model_name].options
    recorded[option] = changed(recorded.get(option, []))
    model = rendered(state, app_label, model_name)
    if model is not None:
        setattr(model._meta, option, changed(getattr(model._meta, option, [])))


def rendered(state: ProjectState, app_label: str, model_name: str) -> type[Model] | None:
    return state.apps.get_model(app_label, model_name) if "apps" in state.__dict__ else None


def add_trigger(operation: AddTrigger, app_label: str, state: ProjectState) -> None:
    append_option(state, app_label, operation.model_name, "triggers", operation.trigger)


OURS = [
    (ProjectState, "add_model", add_model),
    (ProjectState, "add_field", add_field),
    (ProjectState, "_append_option", append_option),
    (ProjectState, "_remove_option", remove_option),
    (AddTrigger, "state_forwards", add_trigger),
]
