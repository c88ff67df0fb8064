"""A scorecard's factor as a field of a form: one choice or one number, read by the factor itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused
from roadmap.scores.factors import Factor, Kind, plain
from ui import pieces

PREFIX = "factor_"


class FactorField(forms.Field):
    """Gives what the item keeps; None for nothing."""

    def __init__(self, factor: Factor) -> None:
        self.factor = factor
        super().__init__(required=False, label=factor.name, widget=_widget(factor))

    def prepare_value(self, value: Any) -> Any:
        return editable(value)

    def to_python(self, value: Any) -> Any:
        try:
            return self.factor.read(value)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal


def choices_of(factor: Factor) -> list[tuple[str, Any]]:
    """The values that can be chosen, as forms send them; empty for numbers of a range."""
    if factor.kind == Kind.YESNO:
        return [("true", _("Yes")), ("false", _("No"))]
    if factor.kind == Kind.POINTS:
        return [(str(plain(level.value)), str(level.name)) for level in factor.levels]
    return [(level.key, level.name) for level in factor.levels]


def editable(raw: Any) -> str:
    """What is kept, as an editor begins with it."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Decimal):
        raw = plain(raw)
    return "" if raw is None else str(raw)


def editor(factor: Factor) -> SafeString:
    """The template that `<c-cells>` clones to edit a cell of this factor."""
    name, chosen = escape(factor.field), choices_of(factor)
    if chosen:
        options = pieces.options([("", _now("Not set")), *((value, str(label)) for value, label in chosen)])
        inner = f'<select class="select" name="{name}">{options}</select>'
    else:
        limits = "".join(f' {key}="{value}"' for key, value in _limits(factor).items())
        inner = f'<input class="input" type="number" name="{name}"{limits}>'
    return mark_safe(f'<template data-editor="{name}">{inner}</template>')  # noqa: S308 - escaped above


def _widget(factor: Factor) -> forms.Widget:
    chosen = choices_of(factor)
    if chosen:
        return forms.Select(choices=[("", _("Not set")), *chosen])
    return forms.NumberInput(attrs=_limits(factor))


def _limits(factor: Factor) -> dict[str, str]:
    limits = {"min": str(plain(factor.low)), "step": "any"}
    if factor.high is not None:
        limits["max"] = str(plain(factor.high))
    return limits
