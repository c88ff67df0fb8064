"""Every address (FOUNDATION.md, "Addresses and ids"). Members' pages lie below /w/<workspace>/."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from config import api
from config.health import healthz, readyz

members: list[URLPattern | URLResolver] = [
    # Addresses are looked for in this order: items are what is asked for most.
    path("", include("roadmap.urls")),
    path("", include("changes.urls")),
    path("", include("discussion.urls")),
    path("", include("products.urls")),
    path("", include("feedback.urls")),
    path("", include("usage.urls")),
    path("", include("lifecycle.urls")),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("w/<slug:workspace>/", include(members)),
    path("portal/<slug:workspace>/", include("feedback.portal_urls")),
    path("api/v1/", include(api.urlpatterns)),
    path("api/", include(api.schema_urls)),
    path("accounts/", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("", include("roadmap.public_urls")),
    path("", include("ui.urls")),
    path("", include("jobs.urls")),
]

if settings.BENCH:
    urlpatterns.append(path("bench/", include("bench.floor")))

handler400 = "ui.errors.bad_request"
handler403 = "ui.errors.permission_denied"
handler404 = "ui.errors.page_not_found"
handler429 = "ui.errors.too_many"
handler500 = "ui.errors.server_error"
