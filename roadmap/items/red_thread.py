"""Where an item stands on the red thread: signal → problem → score → planned → shipped → adopted.

What apps to the right know (who asks, who adopted) comes with their panels, as `step`: a function that gives title and
note, or None where there is nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery

from accounts.prepared import Prepared
from accounts.together import Later, Together
from roadmap.models import Item, Status, scoring_of
from roadmap.models.item_columns import DONE
from ui import formats
from ui.templatetags.addresses import address_of
from ui.words import gettext as _


@dataclass
class Step:
    """`state`: done, now (the furthest that was reached), next (not reached)."""

    key: str
    label: str
    icon: str
    title: str
    note: str
    url: str
    reached: bool = True
    state: str = "next"


#: How many items of the product each open status has above a rank, and how many from there on: status by status, each counted once from an index.
PLACES = Prepared(
    lambda workspace, product, rank: (
        Status.objects.filter(workspace=workspace)
        .exclude(category__in=DONE)
        .order_by()
        .values_list(_count(product, rank__lt=rank), _count(product, rank__gte=rank))
    )
)


def _count(product: int, **conditions: Any) -> Subquery:
    items = Item.objects.filter(product=product, status=OuterRef("pk"), **conditions)
    return Subquery(items.order_by().values("status").annotate(count=Count("*")).values("count"))


def place_of(item: Item, together: Together | None = None) -> Later:
    """Of the product's open items: those above `item`, and the others. For `thread_of`. All of the backlog is counted for it: asked with
    the rest of a page where it is sure to be shown, else when it is."""
    if together is not None:
        return together.ask(PLACES, item.workspace_id, item.product_id, item.rank)
    return lambda: PLACES.rows(item.workspace_id, item.product_id, item.rank)


def thread_of(item: Item, panels: Iterable[dict[str, Any]], place: list[str], counted: Later) -> list[Step]:
    """The six steps of `item`. `place` is workspace and product for addresses, `counted` comes from `place_of`."""
    known = {shown["panel"].name: shown["step"] for shown in panels if "step" in shown}
    steps = [
        _signal(known.get("feedback")), _problem(item, place), _score(item, counted),
        _planned(item, place), _shipped(item, place), _adopted(known.get("adoption")),
    ]  # fmt: skip
    furthest = max((number for number, step in enumerate(steps) if step.reached), default=-1)
    for number, step in enumerate(steps):
        step.state = "done" if step.reached else "next"
        if number == furthest and number < len(steps) - 1:
            step.state = "now"
    return steps


def _signal(known: Any) -> Step:
    told = known() if known else None
    title, note = told or (_("Nobody yet"), _("link what customers say"))
    return Step("signal", _("Signal"), "inbox", title, note, "#signal", told is not None)


def _problem(item: Item, place: list[str]) -> Step:
    problem = item.problem
    if problem is None:
        return Step("problem", _("Problem"), "circle-alert", _("Not named"), _("why build it?"), "#problem", False)
    url = address_of("products:problem", *place, problem.public_id) if problem.product_id else "#problem"
    return Step("problem", _("Problem"), "circle-alert", problem.statement, problem.who, url)


def _score(item: Item, counted: Later) -> Step:
    rows = list(counted())
    above, others = (sum(row[column] or 0 for row in rows) for column in (0, 1))
    note = _("rank %(place)s of %(all)s") % {
        "place": formats.number(above + 1),
        "all": formats.number(max(above + others, above + 1)),
    }
    if item.score is None:
        return Step("score", _("Score"), "scale", _("Not scored"), note, "#score", False)
    formula = scoring_of(item.product).first
    title = f"{formula.name} {formula.shown(item.score)}"
    return Step("score", _("Score"), "scale", title, note, "#score")


def _planned(item: Item, place: list[str]) -> Step:
    url = address_of("roadmap:roadmap", *place)
    release = str(item.release) if item.release else _("no release yet")
    if item.starts_on and item.ends_on:
        span = formats.span(item.starts_on, item.ends_on, item.workspace.today())
        return Step("planned", _("Planned"), "calendar", span, release, f"{url}?at={item.starts_on:%Y-%m-%d}")
    if item.release:
        day = item.release.ends_on
        note = formats.day(day, item.workspace.today()) if day else _("no day set")
        return Step("planned", _("Planned"), "calendar", release, note, f"{url}?lanes=release")
    title = str(item.get_horizon_display()) if item.horizon else _("Not planned")
    return Step("planned", _("Planned"), "calendar", title, _("no dates yet"), url, bool(item.horizon))


def _shipped(item: Item, place: list[str]) -> Step:
    url = address_of("roadmap:releases", *place)
    if item.shipped_at is None:
        return Step("shipped", _("Shipped"), "package-check", _("Not yet"), "", url, False)
    day = item.shipped_at.astimezone(item.workspace.zone).date()
    note = str(item.release) if item.release else ""
    return Step("shipped", _("Shipped"), "package-check", formats.day(day, item.workspace.today()), note, url)


def _adopted(known: Any) -> Step:
    told = known() if known else None
    title, note = told or (_("Not measured"), _("link a usage key"))
    if known and told is None:
        title, note = _("Not yet"), _("counted from the release")
    return Step("adopted", _("Adopted"), "heart-pulse", title, note, "#adoption", told is not None)
