"""What every answer gets on its way out."""

import json
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

from accounts.refusals import Refused
from ui.errors import answer
from ui.pages import pending_toasts, wants_fragment

PRIVATE = "private, no-store"
#: As an address spells it.
NUL = "%00"


def compressed_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Pages travel compressed to browsers that read it. Only pages: files mostly are compressed already, and compressing what the API
    answers would weaken the ETags that programs send back with If-Match."""
    compressing = GZipMiddleware(get_response)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_page = not response.streaming and response.get("Content-Type", "").startswith("text/html")
        return compressing.process_response(request, response) if is_page else response

    return middleware


def private_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Pages of signed-in people are never stored, by a proxy or by the browser's back cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated and "Cache-Control" not in response.headers:
            response["Cache-Control"] = PRIVATE
        return response

    return middleware


def toasts(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Sends waiting messages with an htmx fragment as the `toast` event; full pages draw them themselves.

    Redirects keep them for the page they lead to.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not wants_fragment(request) or 300 <= response.status_code < 400 or "HX-Redirect" in response:
            return response
        waiting = pending_toasts(request) if hasattr(request, "_messages") else []
        if waiting:
            _add_toasts(response, waiting)
        return response

    return middleware


class Refusals:
    """A verb may say no where its view expected none: somebody else was faster. Then its sentence is the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer(request, 422, str(exception)) if isinstance(exception, Refused) else None


def readable_cookies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A cookie with a NUL is none of ours (browsers keep none, a header may spell it): nothing is looked up by it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        for name in [name for name, value in request.COOKIES.items() if "\0" in value]:
            del request.COOKIES[name]
        return get_response(request)

    return middleware


def known_characters(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Nothing is at an address with a NUL: PostgreSQL keeps none, and takes none to compare with. Behind the question mark it is left out:
    texts that stand in for others (accounts/prepared.py, ui/templatetags/keeping.py) have it, so that nobody's can be taken for one."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        if NUL in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace(NUL, "")
            request.__dict__.pop("GET", None)
        return get_response(request)

    return middleware


def _add_toasts(response: HttpResponse, waiting: list[dict[str, str]]) -> None:
    header = response.headers.get("HX-Trigger", "")
    events = json.loads(header) if header.startswith("{") else dict.fromkeys(filter(None, header.split(", ")))
    already = (events.get("toast") or {}).get("toasts", [])
    events["toast"] = {"toasts": [*already, *waiting]}
    response["HX-Trigger"] = json.dumps(events)
