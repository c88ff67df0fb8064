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
from accounts.refusals import Refused
from accounts.roles import Role
from config import clock
from roadmap.changed_days import changed_days
from roadmap.compared import Compared, compared
from roadmap.comparing import Kind
from roadmap.comparison_drawing import ComparisonDrawing, heads
from roadmap.filters import item_language
from roadmap.importing.text import guard
from roadmap.models.baseline import Baseline
from roadmap.points import Point, points
from roadmap.states import Asked
from roadmap.time_strip import strip
from roadmap.time_strip_drawing import strip_of
from roadmap.told_differences import KINDS, LOOKS, summary
from ui import formats
from ui.pages import render_page


@dataclass(frozen=True)
class Compare:
    """What an address asks to compare."""

    asked: Asked
    ends: tuple[Point, Point]
    baselines: list[Baseline]
    kinds: tuple[Kind, ...]

    def find(self) -> Compared:
        since, until = (one.moment for one in self.ends)
        assert since is not None
        return compared(self.asked, since, until, clock.now())


def wanted(request: HttpRequest) -> bool:
    """Whether an address of a roadmap asks to compare; `since` and `until` come from the form that chooses the days."""
    return "compare" in request.GET or "since" in request.GET


def page(request: HttpRequest) -> HttpResponse:
    """The roadmap of a product, one day compared with another."""
    if "since" in request.GET:
        return redirect(f"{request.path}?{_composed(request.GET).urlencode()}")
    context: dict[str, Any] = {"query": request.GET, "layout": "compare", "product": request.product}
    try:
        compare = _compare(request)
    except Refused as refusal:
        baselines, today = _baselines(request), request.workspace.today()
        context |= {"refusal": str(refusal), "today": today, "ends": _ends(baselines, None, Point(today), today)}
        context["kept"] = _kept(request.GET)
        return render_page(request, "roadmap/time/compare.html", context, status=422)
    context |= _drawn(request, compare)
    return render_page(request, "roadmap/time/compare.html", context)


@member_required()
def export(request: HttpRequest) -> HttpResponse:
    """The table as CSV, all of it."""
    try:
        compare = _compare(request)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    found = compare.find()
    drawing = _drawing(request, compare, found)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(guard(one) for one in heads())
    for cells in drawing.lines(found.of(compare.kinds)):
        writer.writerow(guard(cell) for cell in cells)
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"{request.product.key}-{compare.ends[0].day}-{compare.ends[1].day}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _compare(request: HttpRequest) -> Compare:
    """What the address asks for. Raises Refused."""
    baselines = _baselines(request)
    workspace = request.workspace
    ends = points(request.GET.get("compare", ""), baselines, workspace.today(), workspace.zone)
    named = request.GET.get("what", "").split(",")
    kinds = tuple(kind for kind in Kind if kind.value in named)
    by_horizon = request.GET.get("layout") == "nnl"
    asked = Asked(request.member, (request.product.pk,), _condition(request), by_horizon=by_horizon)
    return Compare(asked, ends, baselines, kinds)


def _baselines(request: HttpRequest) -> list[Baseline]:
    rows = list(Baseline.objects.visible_to(request.member).of(request.product).select_related("made_by__user"))
    for one in rows:
        one.workspace = request.workspace
    return rows


def _condition(request: HttpRequest) -> Q | None:
    language = item_language(request.workspace, request.product)
    expression = language.from_query(request.GET, ignore=["horizon"])
    return language.compile(expression) if expression["all"] else None


def _drawing(request: HttpRequest, compare: Compare, found: Compared) -> ComparisonDrawing:
    url = reverse("roadmap:item", args=[request.workspace.slug, "KEY", 0]).replace("/0/", "/%s/")
    shown = found.of(compare.kinds)
    return ComparisonDrawing(found, shown, compare.ends, request.workspace.today(), url)


def _drawn(request: HttpRequest, compare: Compare) -> dict[str, Any]:
    today, (since, until) = request.workspace.today(), compare.ends
    found = compare.find()
    named = [(one.day, one.name, one.public_id) for one in compare.baselines]
    days = changed_days(request.workspace, compare.asked.products, today)
    counts = found.comparison.counts()
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
        "ends": _ends(compare.baselines, since, until, today),
        "kept": _kept(request.GET),
        "may_edit": request.member.may(Role.MANAGER, at=request.product),
        "today": today,
    }


def _ends(baselines: list[Baseline], since: Point | None, until: Point, today: date) -> list[dict[str, Any]]:
    """The two menus: what each end can be instead."""
    first, second = (since.value if since else ""), until.value
    named = [(one.name, one.day, one.public_id) for one in reversed(baselines)]
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


def _kept(query: QueryDict) -> list[tuple[str, str]]:
    """What else the address says, for the forms that choose a day."""
    left_out = {"compare", "since", "until", "as_of", "what"}
    return [(name, value) for name in query if name not in left_out for value in query.getlist(name)]


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
