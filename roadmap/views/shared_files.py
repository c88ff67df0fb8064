"""What the audience of a link takes along: files, and a calendar that keeps itself up to date. Each asks the link again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import public
from roadmap.exporting import FORMATS, file_of
from roadmap.exporting.calendar import calendar_of
from roadmap.models import OpeningKind, ShareLink, ShareOpening
from roadmap.sharing.cards import shared_roadmap
from roadmap.views.shared import closed, kept_safe, opened


@public
@require_safe
@opened
def download(request: HttpRequest, link: ShareLink, format: str) -> HttpResponse:
    """The roadmap as the link shows it now, in one of the formats."""
    if format not in FORMATS:
        return closed(request)
    ShareOpening.note(link, OpeningKind.FILE)
    return file_of(link, shared_roadmap(link), format)


@public
@require_safe
def calendar(request: HttpRequest, public_id: str, signature: str) -> HttpResponse:
    """A calendar to subscribe to. Its address is a capability of its own, since calendars cannot type passwords; it ends with the link."""
    link = ShareLink.fed_by(public_id, signature)
    if link is None:
        return closed(request)
    ShareOpening.note(link, OpeningKind.FEED)
    response = HttpResponse(calendar_of(link, shared_roadmap(link)), content_type="text/calendar; charset=utf-8")
    return kept_safe(response, link)
