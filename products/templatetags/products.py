"""What templates of products and of the apps to its right draw alike."""

from __future__ import annotations

from typing import Any

from django import template
from django.db import models
from django.utils.safestring import SafeString

from changes.feed import Activity
from products import activity as drawn_activity
from products import introducing
from products.trouble import Trouble
from ui import formats
from ui.templatetags.ui import rail_mini

register = template.Library()


@register.filter
def activity_rows(activity: list[Activity]) -> SafeString:
    return drawn_activity.rows(activity)


@register.inclusion_tag("products/_cell.html", takes_context=True)
def cell(
    context: template.Context,
    row: models.Model,
    name: str,
    url: str,
    section: str,
    kind: str = "input",
    shown: Any = None,
    css: str = "",
) -> dict[str, Any]:
    """A field of `row` that becomes its own form (c-edit) where the reader may edit, else its text.

    `section` is the id of the part of the page that the answer replaces. kind: input, number, textarea, select.
    `shown` replaces the value on display.
    """
    field = row._meta.get_field(name)
    id = getattr(row, "public_id", None) or row.key  # type: ignore[attr-defined]
    trouble: Trouble | None = context.get("trouble")
    held = trouble if trouble and trouble.cell == f"{id}-{name}" else None
    value = getattr(row, name)
    display = getattr(row, f"get_{name}_display", None)
    return {
        "id": f"{id}-{name}",
        "url": url,
        "name": name,
        "label": field.verbose_name,
        "value": held.typed if held else "" if value is None else value,
        "shown": shown if shown is not None else display() if display else value,
        "seen": row.change_id,  # type: ignore[attr-defined]
        "section": section,
        "kind": kind,
        "choices": field.choices,
        "longest": getattr(field, "max_length", None),
        "css": css,
        "trouble": held,
        "may_edit": context.get("may_edit"),
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def measure(value: Any, unit: str) -> str:
    """A value and its unit: 14%, 23 min."""
    gap = "" if unit in ("", "%", "°") else "\N{NO-BREAK SPACE}"
    return f"{formats.number(value)}{gap}{unit}"


@register.simple_tag
def shown(row: models.Model, name: str) -> Any:
    """A field of `row` as people read it, or a dash."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "–" if value is None or value == "" else value


@register.inclusion_tag("components/rail_mini.html", takes_context=True)
def product_rail(context: template.Context) -> dict[str, Any]:
    """The place in life of the product of this page, compact, with its next review. For the `rail` block."""
    request = context["request"]
    note, url = introducing.next_review(request.product, request.member)
    return rail_mini(request.product.stage, note, url)
