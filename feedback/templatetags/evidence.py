"""What customers say, on pages of apps to the left: `{% load evidence %}{% passages evidence.insights %}`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from feedback import item_drawing
from ui.templatetags.ui import today_of

register = template.Library()


@register.simple_tag(takes_context=True)
def demand_sums(context: template.Context, shown: dict[str, Any]) -> SafeString:
    """The demand on an item and who makes it up; nothing where nobody asks."""
    if not shown["demand"].customers:
        return SafeString()
    request = context["request"]
    return item_drawing.sums(shown["demand"], shown["evidence"](), request.product.name, request.workspace.currency)


@register.simple_tag(takes_context=True)
def passages(context: template.Context, insights: Iterable[Any]) -> SafeString:
    """Passages of conversations as cards."""
    return item_drawing.passages(insights, today_of(context))
