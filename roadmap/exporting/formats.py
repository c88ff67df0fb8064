from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from roadmap.exporting.calendar import calendar_of
from roadmap.exporting.markdown import markdown_of
from roadmap.exporting.picture import svg_of
from roadmap.exporting.sheet import csv_of, xlsx_of
from roadmap.models import ShareLink
from roadmap.sharing.cards import SharedRoadmap


@dataclass(frozen=True)
class Format:
    name: str
    label: Any
    type: str
    write: Callable[[ShareLink, SharedRoadmap], bytes]


FORMATS = {
    one.name: one
    for one in (
        Format("csv", _("CSV"), "text/csv; charset=utf-8", csv_of),
        Format("xlsx", _("Excel"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx_of),
        Format("md", _("Markdown"), "text/markdown; charset=utf-8", markdown_of),
        Format("svg", _("SVG picture"), "image/svg+xml", svg_of),
        Format("ics", _("Calendar file"), "text/calendar; charset=utf-8", calendar_of),
    )
}


def file_of(link: ShareLink, roadmap: SharedRoadmap, name: str) -> HttpResponse:
    """The download, in a sandbox: a picture that is opened in a tab runs nothing."""
    chosen = FORMATS[name]
    response = HttpResponse(chosen.write(link, roadmap), content_type=chosen.type)
    response["Content-Disposition"] = f'attachment; filename="{slugify(link.file_name)}.{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return response
