"""How much: bars, scores, changes and sparklines."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ui import formats
from ui.folding import constant
from ui.glyphs import icon
from ui.words import gettext as _


@constant
def progress(value: float | None, tone: str = "", css: str = "", label: str = "") -> SafeString:
    """A bar from 0 to 100. None is shown as empty and read as "Not set"."""
    held = 0 if value is None else max(0, min(100, round(float(value))))
    now = (
        format_html('aria-valuenow="{}"', held)
        if value is not None
        else format_html('aria-valuetext="{}"', _("Not set"))
    )
    return format_html(
        '<div class="progress {}"{} role="progressbar" aria-label="{}" {} aria-valuemin="0" aria-valuemax="100"'
        ' style="--v:{}"></div>',
        css,
        format_html(' data-tone="{}"', tone) if tone else "",
        label or _("Progress"),
        now,
        held,
    )


@constant
def weeks(effort: Decimal, of: Decimal | None = None, css: str = "") -> SafeString:
    """An estimate, or how much of a capacity is planned: short, and in full where it is pointed at."""
    full, short = formats.weeks(effort, of=of), formats.weeks(effort, of=of, short=True)
    return format_html('<span class="num nowrap{}" title="{}">{}</span>', f" {css}" if css else "", full, short)


@constant
def score(value: Any, highest: Any = 100) -> SafeString:
    """A score and its bar, drawn against the highest one of the list."""
    if value is None:
        return format_html('<span class="score faint" style="--v:0">{}</span>', formats.NOT_SET)
    share = min(100, round(float(value) / float(highest or 1) * 100)) if highest else 0
    places = 0 if abs(float(value)) >= 10 else 1
    return format_html(
        '<span class="score" style="--v:{}">{}</span>', max(0, share), formats.number(round(float(value), places))
    )


@constant
def delta(value: float | None, good: bool = True, unit: str = "%") -> SafeString:
    """A change against the period before. good: whether this direction is welcome."""
    if value is None:
        return mark_safe("")
    up = value >= 0
    return format_html(
        '<span class="delta" data-tone="{}">{}{}{}{}</span>',
        "ok" if good else "bad",
        icon("arrow-up-right" if up else "arrow-down-right"),
        "+" if up else "−",
        formats.number(abs(value)),
        unit,
    )


def spark(values: Sequence[float], target: float | None = None, area: bool = True, css: str = "") -> SafeString:
    """A sparkline of at least two values; the numbers must stand beside it in words."""
    points = [float(value) for value in values if value is not None]
    if len(points) < 2:
        return mark_safe("")
    known = [*points, float(target)] if target is not None else points
    low, reach = min(known), (max(known) - min(known)) or 1
    line = "M" + " L".join(
        f"{i * 100 / (len(points) - 1):.1f} {30 - (value - low) / reach * 26:.1f}" for i, value in enumerate(points)
    )
    parts = [f'<path class="spark__area" d="{line} L100 34 L0 34Z"/>'] if area else []
    if target is not None:
        parts.append(f'<path class="spark__target" d="M0 {30 - (float(target) - low) / reach * 26:.1f}H100"/>')
    return format_html(
        '<svg class="spark {}" viewBox="0 0 100 34" preserveAspectRatio="none" aria-hidden="true">{}'
        '<path d="{}"/></svg>',
        css,
        mark_safe("".join(parts)),  # noqa: S308  made of numbers only
        line,
    )
