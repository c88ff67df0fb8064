"""400, 403, 404, 422, 429 and 500 in the design's look; for htmx and the API one sentence that becomes a toast."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from ui.pages import is_htmx, page_before

#: How Django's reasons begin where a form was sent from elsewhere.
OTHER_ADDRESS = ("Origin checking failed", "Referer checking failed")


@dataclass(frozen=True)
class Trouble:
    status: int
    title: Any
    text: Any
    icon: str


TROUBLES = {
    400: Trouble(400, _("This request cannot be read"), _("Go back, reload the page and try again."), "circle-alert"),
    403: Trouble(
        403,
        _("Your role does not allow this"),
        _("Ask an admin of the workspace for a role that does."),
        "lock",
    ),
    404: Trouble(
        404,
        _("There is no such page"),
        _("It was moved or removed, or you have no access to it. Check the address, or go back to where you were."),
        "compass",
    ),
    422: Trouble(
        422, _("This was not done"), _("Reload the page, look at it again and try once more."), "circle-alert"
    ),
    429: Trouble(429, _("Too many tries"), _("Wait a few minutes, then try again."), "hourglass"),
    500: Trouble(
        500,
        _("Something failed on our side"),
        _("Your work is safe. Try again; if it fails again, tell the administrator the time it happened."),
        "life-buoy",
    ),
}


def answer(request: HttpRequest, status: int, text: str = "") -> HttpResponse:
    """The answer for a request that cannot be served. `text` replaces the second sentence."""
    return _shown(request, TROUBLES[status], text)


def _shown(request: HttpRequest, trouble: Trouble, text: str = "", back: str = "") -> HttpResponse:
    """`back` leads to the page that was left."""
    status, sentence = trouble.status, text or trouble.text
    if is_htmx(request) or request.headers.get("HX-Request"):
        return HttpResponse(f"{trouble.title}. {sentence}", status=status, content_type="text/plain; charset=utf-8")
    if request.path.startswith("/api/"):  # what no view of the API answers, such as an address that cannot be one
        return JsonResponse({"detail": f"{trouble.title}. {sentence}"}, status=status)
    context = {"trouble": trouble, "text": sentence, "back": back}
    if status == 500:  # nothing may be asked of the database or the session now
        return HttpResponse(render_to_string("ui/error.html", {**context, "theme": ""}), status=status)
    return render(request, "ui/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 403, str(exception) if exception else "")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, 404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    response = answer(request, 429)
    response["Retry-After"] = "300"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Nothing was done, and no role has to do with it: what happened, and how to go on. What was typed the browser keeps where a form says
    so (js/drafts.js), which then says that it did."""
    return _shown(
        request, Trouble(403, _("This was not sent"), _why_not_sent(reason), "lock"), back=page_before(request)
    )


def _why_not_sent(reason: str) -> Any:
    """By what Django found."""
    if reason == REASON_NO_CSRF_COOKIE:
        return _(
            "Your browser sent no cookie with it: cookies are off, or were deleted since you opened the page. "
            "Allow them for this site, open the page again and send it once more."
        )
    if reason.startswith(OTHER_ADDRESS):
        return _(
            "It came from another address than this one. Open the page here and send it once more; if you did just that, "
            "tell the administrator that BASE_URL is not the address that people use."
        )
    return _(
        "This page was open for too long, or you signed in or out in another window meanwhile. "
        "Open the page again and send it once more."
    )
