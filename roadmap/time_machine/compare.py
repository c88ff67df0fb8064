"""What an address asks to compare, for pages and the API: `compare=2026-09-01,` and `what=slipped,added`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Workspace
from accounts.prepared import Prepared
from config import clock
from roadmap.models import Baseline
from roadmap.time_machine.compared import Compared
from roadmap.time_machine.comparing import Kind
from roadmap.time_machine.differing import ALL, differing
from roadmap.time_machine.points import Point, points
from roadmap.time_machine.states import Asked

BASELINES = Prepared(
    lambda member, products: (
        Baseline.objects.visible_to(member).filter(product__among=products).select_related("product")
    )
)


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

    def find(self, most: int = ALL, most_same: int = 0) -> Compared:
        """Of the chosen kinds at most so many."""
        since, until = (one.moment for one in self.ends)
        assert since is not None
        found = differing(self.asked, since, until, clock.now(), kinds=self.kinds, most=most, most_same=most_same)
        return Compared(found)
