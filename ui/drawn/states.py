"""In which state something is: stages, statuses, health, types, and short states in words."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from ui import glyphs, stages
from ui.folding import constant
from ui.glyphs import icon
from ui.words import gettext as _

HEALTHS = {
    "on_track": (gettext_lazy("On track"), "ok", "circle-check"),
    "at_risk": (gettext_lazy("At risk"), "warn", "triangle-alert"),
    "off_track": (gettext_lazy("Off track"), "bad", "octagon-alert"),
    "not_set": (gettext_lazy("Not set"), "neutral", "circle-dashed"),
}


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


@constant
def stage(key: str, css: str = "") -> SafeString:
    """Stage badge: glyph and name. css: stage--plain."""
    found = stages.BY_KEY.get(key)
    if found is None:
        return format_html('<span class="stage stage--plain faint">{}</span>', _("Not started"))
    return format_html('<span class="stage {}" data-stage="{}">{}{}</span>', css, key, icon(found.icon), found.name)


@constant
def status(name: str, category: str, share: float | None = None, text: bool = True) -> SafeString:
    """Item status: the glyph of its category and its name. share: how far a building status is (0.5, 0.75)."""
    return format_html(
        '<span class="status">{}<span class="{}">{}</span></span>',
        glyphs.status(category, share),
        "status__text" if text else "sr",
        name,
    )


@constant
def health(key: str, text: bool = True) -> SafeString:
    """Health of a product, goal or release: on_track, at_risk, off_track, not_set."""
    name, tone, picture = HEALTHS.get(key, HEALTHS["not_set"])
    word = name if text else format_html('<span class="sr">{}</span>', name)
    return format_html('<span class="health" data-tone="{}">{}{}</span>', tone, icon(picture), word)


@constant
def pill(text: Any, tone: str = "neutral", picture: str = "") -> SafeString:
    """A short state. tone: neutral, accent, ok, warn, bad."""
    inner = icon(picture) if picture else ""
    return format_html('<span class="pill" data-tone="{}">{}{}</span>', tone, inner, text)


def item_type(name: str, picture: str, tone: str) -> SafeString:
    """What an item is, by its type's name, picture and colour."""
    return format_html('<span class="itype" data-tone="{}">{}{}</span>', tone, icon(picture, "icon--14"), name)
