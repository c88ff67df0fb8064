from django.urls import URLPattern, path

from products.cells import CELLS
from products.views import access, archived, lines, parts, portfolio, products, strategy

app_name = "products"


def _part(part: parts.Part) -> list[URLPattern]:
    base, known = f"p/<str:key>/{part.path}/", {"part": part.name}
    new = f"p/<str:key>/goals/<str:objective>/{part.path}/add/" if part.name == "key_result" else f"{base}add/"
    cells = path(f"{base}<str:public_id>/field/<str:name>/", parts.field, known, name=f"{part.name}_field")
    return [
        *([cells] if part.name in CELLS else []),
        path(new, parts.add, known, name=f"{part.name}_add"),
        path(f"{base}<str:public_id>/", parts.show, known, name=part.name),
        path(f"{base}<str:public_id>/edit/", parts.edit, known, name=f"{part.name}_edit"),
        path(f"{base}<str:public_id>/delete/", parts.delete, known, name=f"{part.name}_delete"),
    ]


urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("products/add/", products.add, name="add"),
    path("products/archived/", archived.archived, name="archived"),
    path("products/archived/<str:product_key>/restore/", archived.restore, name="restore"),
    path("lines/", lines.lines, name="lines"),
    path("lines/add/", lines.add, name="line_add"),
    path("lines/<str:public_id>/edit/", lines.edit, name="line_edit"),
    path("lines/<str:public_id>/delete/", lines.delete, name="line_delete"),
    path("p/<str:key>/", products.overview, name="overview"),
    path("p/<str:key>/latest/", products.latest, name="latest"),
    path("p/<str:key>/edit/", products.edit, name="edit"),
    path("p/<str:key>/health/", products.health, name="health"),
    path("p/<str:key>/archive/", products.archive, name="archive"),
    path("p/<str:key>/settings/access/", access.access, name="access"),
    path("p/<str:key>/settings/access/role/", access.role, name="access_role"),
    path("p/<str:key>/strategy/", strategy.strategy, name="strategy"),
    path("p/<str:key>/strategy/write/", strategy.write, name="write"),
    path("p/<str:key>/strategy/write/<str:name>/", strategy.write_field, name="write_field"),
    *(pattern for part in parts.PARTS.values() for pattern in _part(part)),
]
