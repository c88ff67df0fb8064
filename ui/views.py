"""The theme switch, the command palette and the styleguide."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from ui.context import COOKIE, THEMES, theme_of

YEAR = 365 * 24 * 3600


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


theme.access = "public"  # type: ignore[attr-defined]  it changes nothing but the cookie


def _way_back(request: HttpRequest) -> str:
    back = request.POST.get("next") or "/"
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return back if safe else "/"
