"""What an address asks to compare, for pages and the API: `compare=2026-09-01,` and `what=slipped,added`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from config import clock
from roadmap.models import Baseline, Roadmap
from roadmap.time_machine.compared import Compared
from roadmap.time_machine.comparing import Kind
from roadmap.time_machine.differing import ALL, Place, differing
from roadmap.time_machine.points import Point, points
from roadmap.time_machine.states import Asked

BASELINES = Prepared(lambda member, products: _baselines(member, Q(product__among=products)))
BASELINES_OF_ROADMAP = Prepared(
    lambda member, products, roadmap: _baselines(member, Q(product__among=products) | Q(roadmap=roadmap))
)
BASELINES_OF_PORTFOLIO = Prepared(
    lambda member, products: _baselines(member, Q(product__among=products) | Q(product=None, roadmap=None))
)


def _baselines(member: Member, condition: Q) -> Any:
    return Baseline.objects.visible_to(member).filter(condition).select_related("product")


def known_at(
    member: Member, products: Sequence[int], place: Roadmap | Workspace | None
) -> tuple[Prepared, tuple[Any, ...]]:
    """The statement of the baselines that a roadmap of these products can be compared with, by their moment, and its arguments: those of its
    products and its own. `place` is the kept roadmap, the workspace for that of its portfolio, None for a product's."""
    if isinstance(place, Roadmap):
        return BASELINES_OF_ROADMAP, (member, list(products), place)
    return (BASELINES_OF_PORTFOLIO if place is not None else BASELINES), (member, list(products))


@dataclass(frozen=True)
class Compare:
    """Two ends, and what is wanted of what lies between them: of no `kinds`, all."""

    asked: Asked
    ends: tuple[Point, Point]
    baselines: list[Baseline]
    kinds: tuple[Kind, ...]

    @classmethod
    def of(cls, query: Mapping[str, str], asked: Asked, baselines: list[Baseline], workspace: Workspace) -> Compare:
        """Raises Refused on an end that is none."""
        ends = points(query.get("compare", ""), baselines, workspace.today(), workspace.zone)
        named = query.get("what", "").split(",")
        return cls(asked, ends, baselines, tuple(kind for kind in Kind if kind.value in named))

    def find(self, most: int = ALL, most_same: int = 0, after: Place | None = None) -> Compared:
        """Of the chosen kinds at most so many: the farthest of each, or those that follow upon `after`."""
        since, until = (one.moment for one in self.ends)
        assert since is not None
        limits = {"kinds": self.kinds, "most": most, "most_same": most_same, "after": after}
        return Compared(differing(self.asked, since, until, clock.now(), **limits))
