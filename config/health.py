"""For load balancers and supervisors: `/healthz` says that this process answers, `/readyz` that it can do its work."""

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import RedisError

from accounts.access import public


@require_safe
@never_cache
@public
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
@public
def readyz(request: HttpRequest) -> HttpResponse:
    """503 with the names of those who do not answer."""
    silent = [name for name, answers in (("database", database_answers), ("cache", cache_answers)) if not answers()]
    if silent:
        return HttpResponse(f"no answer from: {', '.join(silent)}", content_type="text/plain", status=503)
    return HttpResponse("ready", content_type="text/plain")


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return False
    return True


def cache_answers() -> bool:
    try:
        cache.get("readyz")
    except RedisError:
        return False
    return True
