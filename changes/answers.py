"""What an answer says of the change that its request made. Where nothing was changed (0) it says nothing, and offers no undo."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from ui.pieces import address


def undo_address(request: HttpRequest, change: int) -> str:
    """Where the change is turned back; empty where there was none."""
    return address("changes:undo", request.workspace.slug) % change if change else ""


def naming(response: HttpResponse, change: int) -> HttpResponse:
    """So that the browser that did it knows the change when the stream tells of it."""
    if change:
        response["X-Change"] = str(change)
    return response
