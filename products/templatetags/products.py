"""What templates of products and of the apps to its right draw alike."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models
from django.utils.safestring import SafeString

from changes.feed import Activity
from products import activity as drawn_activity
from products import introducing
from products.cells import Cells
from products.goals import measured
from ui.templatetags.ui import rail_mini

register = template.Library()


@register.filter
def activity_rows(activity: list[Activity]) -> SafeString:
    return drawn_activity.rows(activity)


@register.simple_tag(takes_context=True)
def cell(context: template.Context, row: models.Model, name: str) -> SafeString:
    """A field of `row` with the way to its editor where the reader `may_edit`, else its text (see products/cells.py)."""
    cells = Cells(context["request"], may_edit=context["may_edit"], trouble=context.get("trouble"))
    return cells.draw(row, name)


@register.simple_tag
def measure(value: Any, unit: str) -> str:
    """A value and its unit: 14%, 23 min."""
    return measured(value, unit)


@register.simple_tag
def shown(row: models.Model, name: str) -> Any:
    """A field of `row` as people read it, or a dash."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "–" if value is None or value == "" else value


@register.simple_tag(takes_context=True)
def product_rail(context: template.Context) -> SafeString:
    """The place in life of the product of this page, compact, with its next review. For the `rail` block."""
    request = context["request"]
    note, url = introducing.next_review(request.product, request.member)
    return rail_mini(request.product.stage, note, url)
