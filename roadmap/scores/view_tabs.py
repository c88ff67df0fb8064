"""The views of a backlog as tabs of its matrix: the same questions and kept views, of each only what it filters by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.prepared import Prepared
from roadmap.backlog.looks import PARAMETERS
from roadmap.models import SavedView

#: What an address of the matrix says beside its filters.
AXES = ("x", "y")
BESIDE = 2  #: views that stand beside “All items”
VIEWS = Prepared(
    lambda member, product: (
        SavedView.objects.visible_to(member).of(product).values_list("name", "query", "is_shared", "team__name")
    )
)


@dataclass(frozen=True)
class Tab:
    """`query` keeps the axes. `whose`: for whom a view is that is not for its owner alone."""

    label: str
    query: str
    current: bool
    whose: str = ""


def tabs_of(member: Member, views: list[Any], query: QueryDict) -> tuple[list[Tab], list[Tab]]:
    """Those that are always there with the one that is open, and the others, for a menu. `views` are the rows of VIEWS. Views that differ only in order or look are one tab here, and those that filter nothing none."""
    told: list[tuple[str, str, str]] = [
        (_("All items"), "", ""),
        (_("Mine"), f"lead={member.public_id}", ""),
        (_("Now"), "horizon=now", ""),
        (_("Not scored"), "score.empty=1", ""),
        (_("No release"), "release.empty=1", ""),
    ]
    for name, kept, is_shared, team in views:
        told.append((name, kept, _("for everybody") if is_shared else team or ""))
    asked, axes = _pairs(without(query, *AXES, "open")), QueryDict(mutable=True)
    for name in AXES:
        if name in query:
            axes[name] = query[name]
    tabs: dict[Any, Tab] = {}
    for label, kept, whose in told:
        filters = without(QueryDict(kept), "sort", "view", *PARAMETERS)
        if filters or not kept:
            address = "&".join(part for part in (filters.urlencode(), axes.urlencode()) if part)
            tabs.setdefault(_pairs(filters), Tab(label, address, _pairs(filters) == asked, whose))
    first, *others = tabs.values()
    opened = [tab for tab in others[BESIDE:] if tab.current]
    return [first, *opened, *others[:BESIDE]], [tab for tab in others[BESIDE:] if not tab.current]


def without(query: QueryDict, *names: str) -> QueryDict:
    rest = query.copy()
    for name in names:
        rest.pop(name, None)
    return rest


def _pairs(query: QueryDict) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, values in query.lists() for value in values))
