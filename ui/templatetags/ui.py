"""The components as template tags. They take plain values; `/styleguide/` shows each in every state."""

import datetime as dt
import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django import template
from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.utils.html import conditional_escape, escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from config import clock
from ui import formats, glyphs, markdown, stages
from ui import rail as drawn_rail
from ui.folding import constant
from ui.words import gettext as _

register = template.Library()

HEALTHS = {
    "on_track": (gettext_lazy("On track"), "ok", "circle-check"),
    "at_risk": (gettext_lazy("At risk"), "warn", "triangle-alert"),
    "off_track": (gettext_lazy("Off track"), "bad", "octagon-alert"),
    "not_set": (gettext_lazy("Not set"), "neutral", "circle-dashed"),
}


# ---- Pictures -----------------------------------------------------------------------------------------------


icon = register.simple_tag(glyphs.icon)


@register.simple_tag
@constant
def logo(size: int = 24) -> SafeString:
    """The cradle: an open bowl of six segments, holding a seed."""
    return format_html(
        '<svg class="logo" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke-width="4"'
        ' aria-hidden="true">{1}<circle cx="12" cy="8.6" r="3.6" fill="currentColor"/></svg>',
        size,
        glyphs.bowl(),
    )


@register.simple_tag
@constant
def ptile(name: str, stage: str = "", size: str = "") -> SafeString:
    """Product tile: the first two letters of its name in the colour of its stage. size: "", md, lg."""
    css = f" ptile--{size}" if size else ""
    return format_html('<span class="ptile{}" data-stage="{}" aria-hidden="true">{}</span>', css, stage, monogram(name))


@register.simple_tag
@constant
def ring(stage: str, label: bool = True) -> SafeString:
    """The lifecycle at its smallest: as many of six segments lit as stages reached."""
    found = stages.BY_KEY.get(stage)
    if found is None:
        return mark_safe("")
    text = _("Stage %(n)d of 6: %(name)s") % {"n": found.number, "name": found.name}
    role = format_html('role="img" aria-label="{}"', text) if label else mark_safe('aria-hidden="true"')
    lit = " ".join(["8 2"] * found.number) + f" 0 {60 - 10 * found.number or 0.01}"
    return format_html(
        '<svg class="ring" viewBox="0 0 16 16" data-stage="{}" {}><g transform="rotate(-84 8 8)" stroke-width="3">'
        '<circle class="ring__track" cx="8" cy="8" r="6" pathLength="60" stroke-dasharray="8 2"/>'
        '<circle class="ring__lit" cx="8" cy="8" r="6" pathLength="60" stroke-dasharray="{}"/></g></svg>',
        stage,
        role,
        lit,
    )


@register.simple_tag
@constant
def stage(key: str, css: str = "") -> SafeString:
    """Stage badge: glyph and name. css: stage--plain."""
    found = stages.BY_KEY.get(key)
    if found is None:
        return format_html('<span class="stage stage--plain faint">{}</span>', _("Not started"))
    return format_html('<span class="stage {}" data-stage="{}">{}{}</span>', css, key, icon(found.icon), found.name)


@register.simple_tag
@constant
def avatar(name: str, size: str = "", org: bool = False, css: str = "", label: bool = True) -> SafeString:
    """Initials in a tone of their own. size: sm, md, lg; org for customers; label False beside the written name."""
    classes = " ".join(filter(None, ["avatar", size and f"avatar--{size}", "avatar--org" if org else "", css]))
    role = format_html('title="{0}" role="img" aria-label="{0}"', name) if label else mark_safe('aria-hidden="true"')
    return format_html('<span class="{}" style="--hue:{}" {}>{}</span>', classes, hue(name), role, initials(name))


@register.simple_tag
@constant
def person(name: str, size: str = "") -> SafeString:
    """Avatar and name; without a name, "Not set"."""
    if not name:
        return format_html('<span class="person faint">{}</span>', _("Not set"))
    return format_html(
        '<span class="person">{}<span class="truncate">{}</span></span>', avatar(name, size, label=False), name
    )


@register.simple_tag
@constant
def status(name: str, category: str, share: float | None = None, text: bool = True) -> SafeString:
    """Item status: the glyph of its category and its name. share: how far a building status is (0.5, 0.75)."""
    return format_html(
        '<span class="status">{}<span class="{}">{}</span></span>',
        glyphs.status(category, share),
        "status__text" if text else "sr",
        name,
    )


@register.simple_tag
@constant
def health(key: str, text: bool = True) -> SafeString:
    """Health of a product, goal or release: on_track, at_risk, off_track, not_set."""
    name, tone, picture = HEALTHS.get(key, HEALTHS["not_set"])
    word = name if text else format_html('<span class="sr">{}</span>', name)
    return format_html('<span class="health" data-tone="{}">{}{}</span>', tone, icon(picture), word)


@register.simple_tag
@constant
def pill(text: Any, tone: str = "neutral", picture: str = "") -> SafeString:
    """A short state. tone: neutral, accent, ok, warn, bad."""
    inner = icon(picture) if picture else ""
    return format_html('<span class="pill" data-tone="{}">{}{}</span>', tone, inner, text)


@register.simple_tag
def item_type(name: str, picture: str, tone: str) -> SafeString:
    """What an item is, by its type's name, picture and colour."""
    return format_html('<span class="itype" data-tone="{}">{}{}</span>', tone, icon(picture, "icon--14"), name)


@register.simple_tag
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


@register.simple_tag
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


@register.simple_tag
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


@register.simple_tag
@constant
def kbd(*keys: str) -> SafeString:
    return format_html_join(" ", '<kbd class="kbd">{}</kbd>', ((key,) for key in keys))


@register.simple_tag
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


# ---- The lifecycle, larger ----------------------------------------------------------------------------------


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


# ---- Forms --------------------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: BoundField, label: str = "", hint: str = "", css: str = "", **attributes: Any) -> SafeString:
    """A form field with label, hint and error tied to its input. Further arguments become its attributes."""
    kind = _kind(bound.field.widget)
    label, hint = label or bound.label, (hint or bound.help_text).strip()
    described = [f"{bound.auto_id}-hint"] if hint else []
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    attrs = {name.replace("_", "-"): value for name, value in attributes.items()}
    if kind in ("input", "select", "textarea"):
        attrs["class"] = " ".join(filter(None, [kind, css, bound.field.widget.attrs.get("class", "")]))
    elif kind == "switch":
        attrs["class"] = "switch"
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    said = _said(bound, hint)
    control = bound.as_widget(attrs=attrs)
    if kind == "check":
        form = '<div class="field"><label class="check" for="{}">{}<span>{}</span></label>{}</div>'
        return format_html(form, bound.id_for_label, control, label, said)
    if isinstance(bound.field.widget, RadioSelect | CheckboxSelectMultiple):
        form = (
            '<fieldset class="field"><legend class="field__label">{}</legend>'
            '<div class="stack gap-2 choices">{}</div>{}</fieldset>'
        )
        return format_html(form, label, control, said)
    optional = ""
    if not bound.field.required:
        optional = format_html(' <span class="field__optional">{}</span>', _("optional"))
    form = '<div class="field"><label class="field__label" for="{}">{}{}</label>{}{}</div>'
    return format_html(form, bound.id_for_label, label, optional, control, said)


def _said(bound: BoundField, hint: str) -> SafeString:
    """What stands below an input: the hint, and what is wrong."""
    said = format_html('<span class="field__hint" id="{}-hint">{}</span>', bound.auto_id, hint) if hint else ""
    if not bound.errors:
        return mark_safe(said)  # noqa: S308  drawn above
    form = '{}<span class="field__error" id="{}-error">{}<span>{}</span></span>'
    wrong = " ".join(str(error) for error in bound.errors)
    return format_html(form, said, bound.auto_id, icon("circle-alert", "icon--14"), wrong)


@register.simple_tag
def bare_field(bound: BoundField, typed: str = "", **attributes: Any) -> SafeString:
    """Only the input of a field, for a value that is edited in place; `typed` is what a person had entered."""
    kind = _kind(bound.field.widget)
    attrs = {"class": f"{kind} cell-edit is-editing", "data-input": "", "aria-label": str(bound.label), **attributes}
    return bound.field.widget.render(bound.html_name, typed or bound.field.prepare_value(bound.value()), attrs)


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


@register.simple_tag
def form_errors(form: Any) -> SafeString:
    """What is wrong with the form as a whole; the fields speak for themselves."""
    errors = form.non_field_errors() if form.is_bound else []
    if not errors:
        return mark_safe("")
    return format_html(
        '<div class="banner" data-tone="bad" role="alert">{}<div class="grow">{}</div></div>',
        icon("circle-alert"),
        format_html_join("", "<p>{}</p>", ((error,) for error in errors)),
    )


# ---- Dates, numbers, money, text ------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def day(context: template.Context, value: Any) -> SafeString:
    """`8 Dec` in a time element; the year only if it is not this one."""
    return _time(value, formats.day(value, today_of(context)))


@register.simple_tag(takes_context=True)
def near(context: template.Context, value: Any) -> SafeString:
    """Relative within a week, then the day."""
    return _time(value, formats.near(value, today_of(context)))


@register.simple_tag(takes_context=True)
def span(context: template.Context, start: Any, end: Any) -> str:
    """`5 Oct – 4 Dec`."""
    return formats.span(start, end, today_of(context))


@register.simple_tag
def ago(instant: dt.datetime | None) -> SafeString:
    """`5 min ago`; the exact time is the title."""
    if instant is None:
        return conditional_escape(formats.NOT_SET)
    text = formats.ago(instant, clock.now())
    exact, text = escape(formats.moment(instant)), escape(text)
    return mark_safe(f'<time datetime="{instant.isoformat()}" title="{exact}">{text}</time>')  # noqa: S308 - escaped


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


# ---- Lists ----------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/pager.html")
def pager(previous: str = "", following: str = "", text: str = "", target: str = "") -> dict[str, Any]:
    """Keyset pages: a link back, a link on. target: the element that htmx replaces, else plain links."""
    return {"previous": previous, "following": following, "text": text, "target": target}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str = "", url: str = "", action: str = "", picture: bool = True) -> dict[str, Any]:
    """What belongs here, and the one thing to do next."""
    return {"title": title, "text": text, "url": url, "action": action, "picture": picture}


@register.inclusion_tag("components/crumbs.html", takes_context=True)
def crumbs(context: template.Context, title: str, product: Any = None, *trail: Any) -> dict[str, Any]:
    """Where am I: product (name, stage and url) and the page, which is the h1. trail: url, text, url, text …"""
    links = [{"url": url, "text": text} for url, text in zip(trail[::2], trail[1::2], strict=True)]
    home = context["shell"].url_of("product:overview") if product is not None and "shell" in context else ""
    return {"title": title, "product": product, "links": links, "url": home}


@register.inclusion_tag("components/banner.html")
def banner(text: str, tone: str = "warn", title: str = "", url: str = "", action: str = "") -> dict[str, Any]:
    """A message that stays: what happened, what to do."""
    picture = {"ok": "circle-check", "warn": "triangle-alert", "bad": "circle-alert"}.get(tone, "info")
    return {"text": text, "tone": tone, "title": title, "url": url, "action": action, "picture": picture}


@register.simple_tag
def drawn() -> int:
    """The instant of this page in milliseconds: what is said later, it does not show."""
    return int(clock.now().timestamp() * 1000)


# ---- Parts ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def hue(name: str) -> int:
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:4], 16) % 360


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    words = name.replace("&", " ").split()
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.simple_tag
@constant
def monogram(name: str) -> str:
    """The two letters on a product's tile."""
    letters = "".join(character for character in name if character.isalnum())
    return letters[:2].capitalize() or "?"


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


def _kind(widget: Any) -> str:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, Select):
        return "select"
    if isinstance(widget, Textarea):
        return "textarea"
    return "input"


def _time(value: Any, text: str) -> SafeString:
    if value is None or value == "":
        return conditional_escape(formats.NOT_SET)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)
