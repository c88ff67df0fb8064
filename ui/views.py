"""The theme switch, the command palette and the styleguide."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, public
from ui import palette as finder
from ui.context import COOKIE, THEMES, theme_of

YEAR = 365 * 24 * 3600


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Remembers light or dark in a cookie; without a choice it turns the present one round."""
    wanted = request.POST.get("theme", "")
    if wanted not in (*THEMES, "system"):
        wanted = "light" if theme_of(request) == "dark" else "dark"
    response: HttpResponse
    if request.headers.get("X-Requested-With") == "fetch":
        response = HttpResponse(status=204)
    else:
        response = HttpResponseRedirect(_way_back(request))
    if wanted == "system":
        response.delete_cookie(COOKIE)
    else:
        response.set_cookie(COOKIE, wanted, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


@require_safe
@member_required()
def palette(request: HttpRequest) -> HttpResponse:
    """The inside of the palette for what was typed so far."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:100]
    return render(request, "ui/palette.html", {"groups": finder.search(request, words), "words": words})


def _way_back(request: HttpRequest) -> str:
    back = request.POST.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe else "/"
