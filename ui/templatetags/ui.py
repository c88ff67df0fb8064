"""The components as template tags. They take plain values; `/styleguide/` shows each in every state."""

import datetime as dt
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from config import clock
from ui import formats, glyphs, markdown, stages
from ui import rail as drawn_rail
from ui.drawn import crumbs as drawn_crumbs
from ui.drawn import faces, fields, measures, states, times
from ui.folding import constant

register = template.Library()

#: Drawn from their arguments alone.
DRAWN = (
    glyphs.icon, faces.logo, faces.ptile, faces.monogram, faces.avatar, faces.person,
    states.ring, states.stage, states.status, states.health, states.pill, states.item_type,
    measures.progress, measures.weeks, measures.score, measures.delta, measures.spark,
    fields.field, fields.bare_field, fields.form_errors, times.ago,
)  # fmt: skip
for _draw in DRAWN:
    register.simple_tag(_draw)


@register.simple_tag
@constant
def kbd(*keys: str) -> SafeString:
    return format_html_join(" ", '<kbd class="kbd">{}</kbd>', ((key,) for key in keys))


# ---- The lifecycle, larger ---------------------------------------------------------------------------------------


@register.simple_tag
def rail_mini(current: str, note: str = "", url: str = "") -> SafeString:
    """The compact rail of a top bar. note: "Gate 4 on 5 Jan"."""
    return drawn_rail.mini(current, note, url)


@register.simple_tag
def rail(current: str, **parts: Any) -> SafeString:
    """The lifecycle curve. you: position 0–6 (default: the middle of the stage); gates: {number, state (go, cond,
    due, none), label, date, url}; notes: a line under each stage, by key or in order; place: is-left."""
    return drawn_rail.rail(current, **parts)


@register.simple_tag
@constant
def stage_curve(start: float = 0, end: float = 6, area: bool = False) -> str:
    """The path of the lifecycle curve between two positions, for a 600 × 100 view box."""
    return stages.segment(float(start), float(end), area=area)


@register.simple_tag
def all_stages() -> tuple[stages.Stage, ...]:
    return stages.STAGES


# ---- What a dotted lookup cannot say -----------------------------------------------------------------------------


@register.filter
def get(mapping: Any, key: str) -> Any:
    """`form|get:name`, `query|get:"score.gte"`: what a dotted lookup cannot say."""
    try:
        return mapping[key]
    except KeyError:
        return ""


@register.filter
def without(query: str, name: str) -> str:
    """A query string without one parameter."""
    return urlencode([(key, value) for key, value in parse_qsl(query) if key != name])


# ---- Dates, numbers, money, text ---------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def day(context: template.Context, value: Any) -> SafeString:
    """`8 Dec` in a time element; the year only if it is not this one."""
    return times.element(value, formats.day(value, today_of(context)))


@register.simple_tag(takes_context=True)
def near(context: template.Context, value: Any) -> SafeString:
    """Relative within a week, then the day."""
    return times.element(value, formats.near(value, today_of(context)))


@register.simple_tag(takes_context=True)
def span(context: template.Context, start: Any, end: Any) -> str:
    """`5 Oct – 4 Dec`."""
    return formats.span(start, end, today_of(context))


@register.simple_tag(takes_context=True)
def money(context: template.Context, value: Any, short: bool = False) -> str:
    """An amount in the workspace's currency; short for lists (`€1.42M`)."""
    workspace = getattr(context.get("request"), "workspace", None) or context.get("workspace")
    return formats.money(value, getattr(workspace, "currency", "EUR"), short=short)


@register.filter
def number(value: Any, places: int | None = None) -> str:
    return formats.number(value, places)


@register.filter
def percent(value: Any, places: int = 0) -> str:
    return formats.percent(value, places)


@register.filter
def compact(value: Any) -> str:
    return formats.compact(value)


@register.filter(name="markdown")
def markdown_filter(text: str | None) -> SafeString:
    return markdown.html_of(text) if text else mark_safe("")


def today_of(context: template.Context) -> dt.date:
    """The workspace's day, asked once per page."""
    request = context.get("request")
    known = getattr(request, "_today", None)
    if known is None:
        workspace = getattr(request, "workspace", None)
        known = workspace.today() if workspace is not None else clock.now().date()
        if request is not None:
            request._today = known
    return known


# ---- Lists -------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/pager.html")
def pager(previous: str = "", following: str = "", text: str = "", target: str = "") -> dict[str, Any]:
    """Keyset pages: a link back, a link on. target: the element that htmx replaces, else plain links."""
    return {"previous": previous, "following": following, "text": text, "target": target}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "", picture: bool = True) -> dict[str, Any]:
    """What belongs here, and the one thing to do next."""
    return {"title": title, "text": text, "url": url, "action": action, "picture": picture}


@register.simple_tag(takes_context=True)
def crumbs(context: template.Context, title: str, product: Any = None, *trail: Any) -> SafeString:
    """Where am I: product (name, stage and url) and the page, which is the h1. trail: url, text, url, text …"""
    home = context["shell"].url_of("product:overview") if product and "shell" in context else ""
    return drawn_crumbs.trail(title, product, home, zip(trail[::2], trail[1::2], strict=True))


@register.inclusion_tag("components/banner.html")
def banner(text: str, tone: str = "warn", title: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """A message that stays: what happened, what to do."""
    picture = {"ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}.get(tone, "info")
    return {"text": text, "tone": tone, "title": title, "url": url, "action": action, "picture": picture}


@register.simple_tag
def drawn() -> int:
    """The instant of this page in milliseconds: what is said later, it does not show."""
    return int(clock.now().timestamp() * 1000)
