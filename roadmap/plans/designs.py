"""How a roadmap is laid out, as a saved one keeps it and an address says it.

    ?layout=timeline&lanes=release&colours=health&precision=month&from=-3&to=12&shows=goal,lead,demand

Filters are the other parameters of the address (roadmap/backlog/filters.py); zoom and the day looked at belong to the timeline alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import models
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _


class Layout(models.TextChoices):
    TIMELINE = "timeline", _("Timeline")
    HORIZONS = "nnl", _("Now / Next / Later")
    RELEASES = "release", _("By release")
    STATUSES = "status", _("By status")
    LIST = "list", _("List")


class Lanes(models.TextChoices):
    """What rows are put into lanes by; besides these any field of the workspace's own with a list of options, by its key."""

    OBJECTIVE = "objective", _("Goal")
    RELEASE = "release", _("Release")
    INITIATIVE = "initiative", _("Initiative")
    PRODUCT = "product", _("Product")
    LINE = "line", _("Product line")
    TEAM = "team", _("Team")
    NONE = "none", _("No lanes")


class Colours(models.TextChoices):
    STATUS = "status", _("Status")
    OBJECTIVE = "objective", _("Goal")
    STAGE = "stage", _("Product stage")
    HEALTH = "health", _("Health")


class Precision(models.TextChoices):
    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")


class Shown(models.TextChoices):
    """What a card says besides its title; besides these any of the workspace's own fields, by its key."""

    KEY = "key", _("Key")
    STATUS = "status", _("Status")
    PROBLEM = "problem", _("Problem")
    OBJECTIVE = "objective", _("Goal")
    RESULT = "result", _("Key figure")
    RELEASE = "release", _("Release")
    DATES = "dates", _("Dates")
    LEAD = "lead", _("Lead")
    DEMAND = "demand", _("Demand")
    SCORE = "score", _("Score")
    EFFORT = "effort", _("Effort")
    TAGS = "tags", _("Tags")


#: What has columns; lanes beside these are chosen.
BOARDS = frozenset({Layout.HORIZONS.value, Layout.RELEASES.value, Layout.STATUSES.value})


def usual_lanes(layout: str) -> str:
    """By what a roadmap has lanes until somebody chooses."""
    return Lanes.NONE.value if layout in BOARDS else Lanes.OBJECTIVE.value


#: What cards say until somebody chooses.
USUAL = {
    Layout.TIMELINE: ("status", "dates"),
    Layout.HORIZONS: ("objective", "lead"),
    Layout.RELEASES: ("key", "status", "score", "effort", "lead"),
    Layout.STATUSES: ("key", "objective", "score", "effort", "lead"),
    Layout.LIST: ("key", "status", "objective", "release", "dates", "effort", "lead"),
}
OWN_KEY = re.compile(r"f[0-9a-f]{8}")
FARTHEST = 120  # months


@dataclass(frozen=True)
class Design:
    """`starts` and `ends` are months from this one, None for no limit; `shows` is empty for what is usual, and so are `lanes` when it is made."""

    layout: str = Layout.TIMELINE.value
    lanes: str = ""
    colours: str = Colours.STATUS.value
    precision: str = Precision.DAY.value
    starts: int | None = None
    ends: int | None = None
    shows: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.lanes:
            object.__setattr__(self, "lanes", usual_lanes(self.layout))

    @classmethod
    def of(cls, query: QueryDict | Mapping[str, str]) -> Design:
        """As an address says it; what it does not say, or says badly, is as usual."""
        basis = cls()
        lanes, shows = query.get("lanes", ""), query.get("shows")
        if isinstance(query, QueryDict) and shows is not None:  # ticked boxes repeat the name
            shows = ",".join(query.getlist("shows"))
        return cls(
            layout=_among(query.get("layout", ""), Layout.values, basis.layout),
            lanes=lanes if lanes in Lanes.values or OWN_KEY.fullmatch(lanes) else "",
            colours=_among(query.get("colours", ""), Colours.values, basis.colours),
            precision=_among(query.get("precision", ""), Precision.values, basis.precision),
            starts=_months(query.get("from"), basis.starts),
            ends=_months(query.get("to"), basis.ends),
            shows=basis.shows if shows is None else shown(shows),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of its address: what `of` reads back."""
        said = {
            "layout": self.layout, "lanes": self.lanes, "colours": self.colours, "precision": self.precision,
            "from": "" if self.starts is None else str(self.starts), "to": "" if self.ends is None else str(self.ends),
            "shows": ",".join(self.shows),
        }  # fmt: skip
        usual = Design(self.layout)
        return [
            (name, value)
            for (name, value), field in zip(said.items(), fields(self), strict=True)
            if field.name == "layout" or getattr(self, field.name) != getattr(usual, field.name)
        ]

    @property
    def has_swimlanes(self) -> bool:
        """Whether it is a board with lanes, other than its columns."""
        return self.layout in BOARDS and self.lanes not in (Lanes.NONE, self.layout)

    @property
    def shown(self) -> tuple[str, ...]:
        """What a card says; until somebody chooses, not what its lane says already."""
        usual = self.shows or USUAL[Layout(self.layout)]
        if self.shows or not self.has_swimlanes:
            return usual
        return tuple(one for one in usual if one != self.lanes)

    def span(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day of its horizon, whole months."""
        first = None if self.starts is None else month_after(today, self.starts)
        last = None if self.ends is None else month_after(today, self.ends + 1)
        return first, last and date.fromordinal(last.toordinal() - 1)


#: The parameters of an address that a design is made of.
PARAMETERS = ("layout", "lanes", "colours", "precision", "from", "to", "shows")


def shown(text: str) -> tuple[str, ...]:
    """Names of what a card shows, in their order; what is no name is left out."""
    names = (name for name in text.split(",")[:40] if name in Shown.values or OWN_KEY.fullmatch(name))
    return tuple(dict.fromkeys(names))


def month_after(day: date, months: int) -> date:
    """The first day of the month so many months later."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _among(value: str, allowed: list[Any], otherwise: str) -> str:
    return value if value in allowed else otherwise


def _months(text: str | None, otherwise: int | None) -> int | None:
    if text == "":
        return None
    try:
        months = int(text or "")
    except ValueError:
        return otherwise
    return months if -FARTHEST <= months <= FARTHEST else otherwise
