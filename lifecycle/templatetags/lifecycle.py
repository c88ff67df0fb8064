"""How decisions and progress towards a gate are drawn."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from lifecycle.models import Decision, Verdict
from lifecycle.words import LOOKS
from ui.templatetags.ui import icon

register = template.Library()


@register.simple_tag
def decision(one: Decision) -> SafeString:
    """What was decided: glyph and word in its tone."""
    tone, picture = LOOKS[Verdict(one.kind)]
    return format_html('<span class="decision" data-tone="{}">{}{}</span>', tone, icon(picture), one.get_kind_display())


@register.simple_tag
def dots(met: int, all: int) -> SafeString:
    """One mark for each criterion, lit for those that are met; at most twelve are drawn."""
    drawn = min(all, 12)
    lit = round(met / all * drawn) if all else 0
    return format_html_join("", "<i{}></i>", ((SafeString(' class="on"') if i < lit else "",) for i in range(drawn)))


@register.filter
def verdict(kind: str) -> Any:
    """The name of a kind of decision that was kept as its key."""
    return Verdict(kind).label if kind in Verdict.values else ""
