"""Where the home of a workspace leads while no product stands there: filled in AppConfig.ready() of apps to the right."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def _stay(request: HttpRequest) -> HttpResponse | None:
    return None


#: Called as when_empty(request) for a member who sees no product: the page to show instead, or None.
when_empty: Callable[[HttpRequest], HttpResponse | None] = _stay
