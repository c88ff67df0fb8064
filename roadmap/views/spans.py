"""A timeline and its parts: the whole of it as its template draws it, a further span, or the bars that changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString

from accounts.together import Together
from roadmap.plans.planning import Plan, plan_later, plan_of_named
from roadmap.plans.questions import Question
from roadmap.plans.waiting import Tray, count_of
from roadmap.timelines import tray
from roadmap.timelines.drawing import TimelineDrawing
from roadmap.timelines.placing import Placed, Places
from roadmap.timelines.shown import Shown, placed_of
from roadmap.timelines.timeline import ZOOMS, Window
from ui import pieces

USUAL = "quarter"
LONGEST = 366 * 15  #: days that are asked for at once
MOST_NAMED = 500
#: What the parts of a timeline are asked with; none of it belongs to its own address.
PARTS = ("first", "last", "origin", "beyond", "numbers", "waiting")


def timeline(
    request: HttpRequest,
    question: Question,
    query: QueryDict,
    *,
    movable: frozenset[str],
    together: Together | None = None,
) -> dict[str, Any]:
    """What roadmap/plan/_plan.html needs; read with what was asked `together` before. How many wait for their days, is asked by the page."""
    day = day_of(query.get("at", ""), question.today)
    window = Window.around(day, zoom_of(query))
    places = Places(request.workspace.slug, movable)
    together = together or Together()
    waiting = None if question.is_past else Tray(together, question, counted=False)
    plan = Shown(question, query, window, places, plan_later(question, window.first, window.last, "", together))
    if waiting:
        plan.tray, plan.tray_count = waiting.found()
    return {
        "plan": plan,
        "drawn": plan.drawn,
        "tray": tray.chips(plan.tray, places),
        "tray_count": tray.count(plan.tray_count, len(plan.tray)),
        "lanes_by": question.design.lanes,
        "may_edit": bool(movable),
        "query": query,
        "said": said_of(question, query).urlencode(),
        "at": max(day, window.first) if query.get("at") else window.first,
        "chains": plan.drawn.chains,
        "chosen": query.get("chain", ""),
    }


def is_part(request: HttpRequest) -> bool:
    return "origin" in request.GET and request.headers.get("X-Requested-With") == "fetch"


def part_of(request: HttpRequest, question: Question, movable: frozenset[str]) -> HttpResponse:
    """A span of whole months that came into view, the items that somebody changed, as far as the address shows them, or how many wait."""
    if "waiting" in request.GET:
        response = HttpResponse(f"<div data-answer>{_waiting(count_of(question), 0)}</div>")
    else:
        response = HttpResponse(_span_of(request, question, movable))
    patch_vary_headers(response, ["X-Requested-With"])
    return response


def _span_of(request: HttpRequest, question: Question, movable: frozenset[str]) -> SafeString:
    query, places, together = request.GET, Places(request.workspace.slug, movable), Together()
    origin, first = day_of(query["origin"], question.today), day_of(query.get("first", ""), question.today)
    last = max(first, min(day_of(query.get("last", ""), first), date.fromordinal(first.toordinal() + LONGEST)))
    window = Window.between(first, last, zoom_of(query), origin)
    numbers = [
        int(one) for one in query.get("numbers", "").split(",") if one.isascii() and one.isdigit() and len(one) < 10
    ]
    beyond = "" if numbers else query.get("beyond", "")
    waiting = None if beyond else Tray(together, question)
    if numbers:
        plan = plan_of_named(question, numbers[:MOST_NAMED], together)
        placed = placed_of(plan, query, _unbound(window), places, is_whole=False)
    else:
        side = beyond if beyond in ("later", "earlier") else ""
        plan = plan_later(question, window.first, window.last, side, together)()
        placed = placed_of(plan, query, window, places)
    return _answer(placed, places, map(str, numbers) if numbers else None, waiting)


def changed_bars(
    request: HttpRequest, question: Question, numbers: Sequence[int], *, with_tray: bool
) -> tuple[HttpResponse, Plan]:
    """The bars of these items of one product as they are now, for the timeline that sent their change; and what was read for it."""
    query, key, together = QueryDict(request.POST.get("query", "")[:4000]), request.product.key, Together()
    origin = day_of(request.POST.get("origin", ""), question.today)
    window = _unbound(Window.between(origin, origin, zoom_of(query), origin))
    places = Places(request.workspace.slug, frozenset([key]))
    waiting = Tray(together, question) if with_tray else None
    plan = plan_of_named(question, list(numbers), together)
    keys = [f"{key}-{number}" for number in numbers]
    placed = placed_of(plan, query, window, places, is_whole=False)
    return HttpResponse(_answer(placed, places, keys, waiting)), plan


def _answer(placed: Placed, places: Places, about: Iterable[str] | None, waiting: Tray | None) -> SafeString:
    """What <c-timeline> takes apart. `about`: the keys (or numbers) of the items that it is about, there or not; None for a span."""
    drawn = TimelineDrawing(placed)
    parts = [
        f'<div data-answer data-about="{escape(" ".join(about or ()))}"><div data-part="lanes">',
        drawn.lanes(),
        "</div>",
    ]
    if about is None:
        parts += [f'<div data-part="scale">{drawn.scale()}</div><div data-part="grid">{drawn.grid()}</div>']
        parts += [f'<div data-part="markers">{drawn.markers()}</div>']
    if waiting is not None:
        found, count = waiting.found()
        parts += [f'<div data-part="tray">{tray.chips(found, places)}</div>', _waiting(count, len(found))]
    return pieces.joined([*parts, f"<ul>{drawn.conflicts()}</ul><svg>{drawn.arrows()}</svg></div>"])


def _waiting(count: int | None, shown: int) -> str:
    return f'<span data-part="waiting">{tray.count(count, shown)}</span>'


def said_of(question: Question, query: QueryDict) -> QueryDict:
    """The address with all of its design, also what a kept roadmap says of itself."""
    said = query.copy()
    for name in PARTS:
        said.pop(name, None)
    for name, value in question.design.pairs():
        said[name] = value
    return said


def zoom_of(query: QueryDict) -> str:
    zoom = query.get("zoom", "")
    return zoom if zoom in ZOOMS else USUAL


def day_of(text: str, otherwise: date) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return day if 1990 <= day.year <= 2200 else otherwise


def _unbound(window: Window) -> Window:
    """The same scale, for bars wherever they lie."""
    return Window(date(1900, 1, 1), date(2300, 12, 31), window.zoom, window.origin)
