"""The floor: the least that a signed-in page of 50 rows can cost here. All page targets are ratios to it.

One indexed SELECT of five text columns, one table in a plain template (no extends, include or filters), all middleware on.
Served only with CRADLE_BENCH=1. Its source is pinned: bench/pages.py refuses to run with a changed floor.
"""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from accounts.access import signed_in

SELECT = "SELECT one, two, three, four, five FROM bench_floor WHERE id > %s ORDER BY id LIMIT 50"


def rows() -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SELECT, [100])
        return cursor.fetchall()


@signed_in
def floor(request: HttpRequest) -> HttpResponse:
    return render(request, "bench/floor.html", {"rows": rows()})


@signed_in
def joined(request: HttpRequest) -> HttpResponse:
    """The same rows without a template: what Django's templates cost on top."""
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows())
    return HttpResponse(f"<!doctype html><title>floor</title><table>{cells}</table>")


urlpatterns = [path("floor/", floor), path("joined/", joined)]
