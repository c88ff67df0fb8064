"""How decisions and progress towards a gate are drawn."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from lifecycle import board
from lifecycle.models import Verdict
from lifecycle.reviewing import Decided

register = template.Library()


@register.simple_tag
def decision(one: Decided) -> SafeString:
    return mark_safe(board.decision(one.kind))  # noqa: S308 - drawn of constants


@register.filter
def verdict(kind: str) -> Any:
    """The name of a kind of decision that was kept as its key."""
    return Verdict(kind).label if kind in Verdict.values else ""
