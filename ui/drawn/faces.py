"""Who and what at a glance: the logo, products' tiles, people's initials."""

import hashlib
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ui import glyphs
from ui.folding import constant
from ui.words import gettext as _


@constant
def logo(size: int = 24) -> SafeString:
    """The cradle: an open bowl of six segments, holding a seed."""
    return format_html(
        '<svg class="logo" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none" stroke-width="4"'
        ' aria-hidden="true">{1}<circle cx="12" cy="8.6" r="3.6" fill="currentColor"/></svg>',
        size,
        glyphs.bowl(),
    )


@constant
def ptile(name: str, stage: str = "", size: str = "") -> SafeString:
    """Product tile: the first two letters of its name in the colour of its stage. size: "", md, lg."""
    css = f" ptile--{size}" if size else ""
    return format_html('<span class="ptile{}" data-stage="{}" aria-hidden="true">{}</span>', css, stage, monogram(name))


@constant
def monogram(name: str) -> str:
    """The two letters on a product's tile."""
    letters = "".join(character for character in name if character.isalnum())
    return letters[:2].capitalize() or "?"


@constant
def avatar(name: str, size: str = "", org: bool = False, css: str = "", label: bool = True) -> SafeString:
    """Initials in a tone of their own. size: sm, md, lg; org for customers; label False beside the written name."""
    classes = " ".join(filter(None, ["avatar", size and f"avatar--{size}", "avatar--org" if org else "", css]))
    role = format_html('title="{0}" role="img" aria-label="{0}"', name) if label else mark_safe('aria-hidden="true"')
    return format_html('<span class="{}" style="--hue:{}" {}>{}</span>', classes, hue(name), role, initials(name))


@constant
def person(name: str, size: str = "") -> SafeString:
    """Avatar and name; without a name, "Not set"."""
    if not name:
        return format_html('<span class="person faint">{}</span>', _("Not set"))
    return format_html(
        '<span class="person">{}<span class="truncate">{}</span></span>', avatar(name, size, label=False), name
    )


@lru_cache(maxsize=4096)
def hue(name: str) -> int:
    return int(hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:4], 16) % 360


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    words = name.replace("&", " ").split()
    return "".join(word[0] for word in words[:2]).upper() or "?"
