"""A shared roadmap as one file that needs nothing else: styles and fonts are in it, scripts and addresses are not."""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from roadmap.models import ShareLink
from roadmap.sharing.page import SharedPage
from ui import glyphs

LAYERS = ("reset", "tokens", "base", "layout", "components", "screens", "utilities", "print")
URL = re.compile(r"url\(\"?([^)\"]+)\"?\)")
#: The papers that a roadmap prints on, landscape: how much wider than A4, for which the scale is reckoned.
PAPERS = {"a4": 1.0, "a3": 2**0.5}


def standalone(link: ShareLink, paper: str = "a4") -> str:
    page = SharedPage(link)
    zoom = float(page.roadmap.paper.zoom if page.is_grid else 0.82) * PAPERS[paper]
    context = {
        "page": page,
        "link": link,
        "paper": paper,
        "zoom": f"{zoom:.3f}",
        "styles": styles(),
        "pictures": pictures(),
    }
    return render_to_string("roadmap/shares/standalone.html", context).replace(f'href="{glyphs.sprite()}#', 'href="#')


@cache
def styles() -> str:
    """All layers, with their fonts. Ours alone, so they may stand in the page as they are."""
    return mark_safe("\n".join(_layer(name) for name in LAYERS))  # noqa: S308 - files of ours


@cache
def pictures() -> str:
    """The sprite, in the page: what its icons use."""
    found = finders.find("icons/sprite.svg")
    assert found, "The sprite is missing."
    return mark_safe(Path(found).read_text().replace("<svg ", "<svg hidden ", 1))  # noqa: S308 - a file of ours


def _layer(name: str) -> str:
    found = finders.find(f"css/{name}.css")
    assert found, f"The stylesheet {name}.css is missing."
    return URL.sub(_inside, Path(found).read_text().replace("</", "<\\/"))


def _inside(match: re.Match[str]) -> str:
    """A font as its bytes; anything else is left out."""
    font = finders.find(f"fonts/{Path(match.group(1)).name}")
    if not font or not match.group(1).endswith(".woff2"):
        return match.group(0) if match.group(1).startswith("data:") else "none"
    return f"url(data:font/woff2;base64,{b64encode(Path(font).read_bytes()).decode()})"
