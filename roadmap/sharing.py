"""What a share link shows: only values that its audience may see ever reach a template.

`shared_roadmap(link)` reads the allowed columns alone, so a disallowed value is in no variant of the page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.prepared import Prepared
from roadmap.models import Category, Horizon, Item, SharedField, ShareLink
from roadmap.printing import Print, fit

COLUMNS = {
    SharedField.STATUS: ["status__public_name", "status__category"],
    SharedField.DESCRIPTION: ["description"],
    SharedField.DATES: ["starts_on", "ends_on"],
    SharedField.OBJECTIVE: ["objective__name"],
    SharedField.RELEASE: ["release__name"],
    SharedField.LEAD: ["lead__user__name"],
    SharedField.KEY: ["product__key", "number"],
    SharedField.SCORE: ["score"],
    SharedField.EFFORT: ["effort"],
}
MOST = 300


@dataclass
class SharedRow:
    name: str
    cells: list[list[dict[str, Any]]]


@dataclass
class SharedRoadmap:
    """A grid of rows (goals where they may be seen, else one row) by columns (horizons, with quarters where dates may)."""

    columns: list[tuple[str, str]]
    rows: list[SharedRow] = field(default_factory=list)
    with_goals: bool = False

    @cached_property
    def paper(self) -> Print:
        """How it is printed on one page."""
        return fit(len(self.columns), [row.cells for row in self.rows])


def _shown(product_id: int, names: tuple[str, ...], with_dates: bool) -> QuerySet[Item]:
    items = Item.objects.for_audiences().filter(product=product_id).exclude(status__category=Category.DROPPED)
    if not with_dates:
        items = items.exclude(horizon="").exclude(status__category=Category.SHIPPED)
    return items.order_by("rank").values(*names)[:MOST]


SHOWN = Prepared(_shown)


def shared_roadmap(link: ShareLink) -> SharedRoadmap:
    """Items of the link's product that have a horizon or, where dates may be seen, dates. One statement."""
    allowed = [SharedField(name) for name in link.fields]
    names = ("title", "horizon", "rank", *(column for name in allowed for column in COLUMNS[name]))
    with_dates = link.allows(SharedField.DATES)
    quarters = _quarters(link.workspace.today()) if with_dates else []
    roadmap = SharedRoadmap(_columns(quarters), with_goals=link.allows(SharedField.OBJECTIVE))
    rows: dict[str, SharedRow] = {}
    for values in SHOWN.rows(link.product_id, variant=(names, with_dates)):
        column = _column(values, quarters)
        if column is None:
            continue
        name = values.get("objective__name") or ""
        row = rows.setdefault(name, SharedRow(name, [[] for _column_ in roadmap.columns]))
        row.cells[column].append(_card(values))
    roadmap.rows = sorted(rows.values(), key=lambda row: not row.name)
    return roadmap


def _columns(quarters: list[tuple[date, date]]) -> list[tuple[str, str]]:
    if not quarters:
        return [
            (_("Now"), _("we are building this")),
            (_("Next"), _("shaped, waiting for room")),
            (_("Later"), _("problems we want to solve")),
        ]
    named = [
        (_("Q%(n)d %(year)d") % {"n": (first.month + 2) // 3, "year": first.year}, "") for first, _last in quarters
    ]
    return [(_("Now"), named[0][0]), *named[1:], (_("Later"), _("no dates"))]


def _column(values: dict[str, Any], quarters: list[tuple[date, date]]) -> int | None:
    if not quarters:
        return [Horizon.NOW, Horizon.NEXT, Horizon.LATER].index(Horizon(values["horizon"]))
    start, end = values["starts_on"], values["ends_on"]
    if end is None and start is None:  # a horizon is no date: what is built now stands in now, the rest has no quarter
        return {"": None, Horizon.NOW: 0}.get(values["horizon"], len(quarters))
    day = end or start
    if day < quarters[0][0]:
        return None
    return next((place for place, (_first, last) in enumerate(quarters) if day <= last), len(quarters))


def _quarters(today: date) -> list[tuple[date, date]]:
    """This quarter and the next two: first day of each and of the following one, less a day."""
    index = today.year * 4 + (today.month - 1) // 3
    first = [date(number // 4, number % 4 * 3 + 1, 1) for number in range(index, index + 4)]
    return [
        (one, date.fromordinal(following.toordinal() - 1)) for one, following in zip(first, first[1:], strict=False)
    ]


def _card(values: dict[str, Any]) -> dict[str, Any]:
    """Names as the template knows them, made of the allowed values alone."""
    card = {"title": values["title"]}
    if "number" in values:
        card["key"] = f"{values['product__key']}-{values['number']}"
    renamed = {
        "status__public_name": "status", "status__category": "category", "description": "text", "ends_on": "ends_on",
        "release__name": "release", "lead__user__name": "lead", "score": "score", "effort": "effort",
    }  # fmt: skip
    card.update({new: values[old] for old, new in renamed.items() if values.get(old) not in (None, "")})
    return card
