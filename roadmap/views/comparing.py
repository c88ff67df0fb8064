"""Two moments of a roadmap beside each other: drawn, as a list, as a table, as a file. `?compare=2026-09-01,` and `&what=slipped,added`."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import member_required
from accounts.models import Workspace
from accounts.refusals import Refused
from products.models import Product
from roadmap.backlog.filters import item_language
from roadmap.importing.text import guard
from roadmap.models import Roadmap
from roadmap.plans.designs import Layout
from roadmap.time_machine.changed_days import changed_days
from roadmap.time_machine.compare import Compare
from roadmap.time_machine.compared import Compared
from roadmap.time_machine.comparing import Kind
from roadmap.time_machine.comparison_drawing import ALL_ROWS, MOST_ROWS, MOST_SAME, ComparisonDrawing, heads
from roadmap.time_machine.points import Point
from roadmap.time_machine.states import Asked
from roadmap.time_machine.strip import strip
from roadmap.time_machine.strip_drawing import strip_of
from roadmap.time_machine.told_differences import KINDS, LOOKS, summary
from roadmap.views.past import baselines_of, kept, named_in
from ui import formats
from ui.pages import render_page


@dataclass(frozen=True)
class Place:
    """The roadmap that is compared: of which products (all seen by who asks), filtered by what, about horizons or dates; `at` is the kept
    one, the workspace for that of its portfolio, None for a product's."""

    products: list[Product]
    condition: Q | None
    by_horizon: bool = False
    at: Roadmap | Workspace | None = None

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(one.pk for one in self.products)

    def asked(self, request: HttpRequest) -> Asked:
        return Asked(request.member, self.ids, self.condition, by_horizon=self.by_horizon)


def wanted(request: HttpRequest) -> bool:
    """Whether an address of a roadmap asks to compare; `since` and `until` come from the form that chooses the days."""
    return "compare" in request.GET or "since" in request.GET


def page(request: HttpRequest, place: Place) -> HttpResponse:
    """A roadmap, one day compared with another."""
    if "since" in request.GET:
        return redirect(f"{request.path}?{_composed(request.GET).urlencode()}")
    context: dict[str, Any] = {"query": request.GET, "product": None if place.at else place.products[0]}
    context["roadmap"] = place.at if isinstance(place.at, Roadmap) else None
    if place.at is None:
        file = reverse("roadmap:comparison_export", args=[request.workspace.slug, place.products[0].key])
        context["file"] = f"{file}?{request.GET.urlencode()}"
    try:
        compare = _compare(request, place)
    except Refused as refusal:
        named, today = named_in(baselines_of(request, place.ids, place.at), place.ids), request.workspace.today()
        context |= {"refusal": str(refusal), "today": today, "ends": _ends(named, None, Point(today), today)}
        context["kept"] = kept(request)
        return render_page(request, "roadmap/time/compare.html", context, status=422)
    context |= _drawn(request, compare)
    return render_page(request, "roadmap/time/compare.html", context)


@member_required()
def export(request: HttpRequest) -> HttpResponse:
    """The table as CSV, all of it."""
    try:
        compare = _compare(request, product_place(request))
    except Refused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    found = compare.find()
    drawing = _drawing(request, compare, found)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(guard(one) for one in heads())
    for cells in drawing.lines(found.comparison, found.deeds):
        writer.writerow(guard(cell) for cell in cells)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{request.product.key}-{compare.ends[0].day}-{compare.ends[1].day}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def product_place(request: HttpRequest) -> Place:
    """The roadmap of the product in the address, filtered as it says. Raises Refused on a filter that cannot be read."""
    language = item_language(request.workspace, request.product)
    expression = language.from_query(request.GET)
    condition = language.compile(expression) if expression["all"] else None
    return Place([request.product], condition, request.GET.get("layout") == Layout.HORIZONS)


def _compare(request: HttpRequest, place: Place) -> Compare:
    """What the address asks for. Raises Refused."""
    baselines = baselines_of(request, place.ids, place.at)
    return Compare.of(request.GET, place.asked(request), baselines, request.workspace)


def _drawing(request: HttpRequest, compare: Compare, found: Compared) -> ComparisonDrawing:
    url = reverse("roadmap:item", args=[request.workspace.slug, "KEY", 0]).replace("/0/", "/%s/")
    return ComparisonDrawing(found, compare.ends, request.workspace.today(), url)


def _drawn(request: HttpRequest, compare: Compare) -> dict[str, Any]:
    today, (since, until) = request.workspace.today(), compare.ends
    most = ALL_ROWS if "all" in request.GET else MOST_ROWS
    found = compare.find(most, MOST_SAME)
    named = named_in(compare.baselines, compare.asked.products)
    days = changed_days(request.workspace, compare.asked.products, today)
    counts = found.found.counts
    return {
        "found": found,
        "drawn": _drawing(request, compare, found),
        "heads": heads(),
        "as_table": request.GET.get("as") == "table" or compare.asked.by_horizon,
        "since": since,
        "until": until,
        "since_said": since.said(today),
        "until_said": until.said(today),
        "since_day": formats.day(since.day, today),
        "kinds": [
            (kind, KINDS[kind], count, LOOKS[kind], _toggled(compare.kinds, kind)) for kind, count in counts.items()
        ],
        "chosen": [kind.value for kind in compare.kinds],
        "sentence": summary(counts) or _("Nothing changed"),
        **strip_of(
            strip(days, named, [since.day, until.day], today, [since.value, until.value]),
            [(_("Compare from"), since), (_("Compare with"), until)],
            today,
        ),
        "ends": _ends(named, since, until, today),
        "kept": kept(request),
        "today": today,
    }


def _ends(
    baselines: list[tuple[date, str, str]], since: Point | None, until: Point, today: date
) -> list[dict[str, Any]]:
    """The two menus: what each end can be instead."""
    first, second = (since.value if since else ""), until.value
    named = [(name, day, value) for day, name, value in reversed(baselines)]
    return [
        {
            "word": _("Compare"), "said": since.said(today) if since else _("Choose a day"),
            "choices": [(name, day, f"{value},{second}") for name, day, value in named],
            "name": "since", "day": since.day.isoformat() if since else "", "other_name": "until", "other": second,
        },
        {
            "word": _("with"), "said": until.said(today),
            "choices": [(_("Now"), None, f"{first},"), *((name, day, f"{first},{value}") for name, day, value in named)],
            "name": "until", "day": until.day.isoformat(), "other_name": "since", "other": first,
        },
    ]  # fmt: skip


def _toggled(chosen: tuple[Kind, ...], kind: Kind) -> str:
    """The parameter that takes a kind in, or out where it is in."""
    kinds = [one for one in Kind if (one in chosen) != (one == kind)]
    return ",".join(one.value for one in kinds)


def _composed(query: QueryDict) -> QueryDict:
    """The address of what the form chose: `compare` of its two ends, the rest as it was."""
    chosen = query.copy()
    ends = [chosen.pop(name, [""])[-1] for name in ("since", "until")]
    chosen["compare"] = ",".join(one.replace(",", "") for one in ends)
    chosen.pop("as_of", None)
    return chosen
