"""How history tells of the values that items have for the factors of scorecards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from changes.models import Version
from roadmap.models.item import Item
from roadmap.models.scorecard import Scorecard
from roadmap.scores.formulas import each_factor


def tell_of_factors(versions: list[Version]) -> Callable[[Any, Any], list[tuple[str, str, str]]]:
    """(name, before, after) of each factor that differs between two states of the column."""
    rows = Scorecard.objects.with_deleted().filter(workspace=versions[0].workspace_id)
    factors = [one for one in each_factor(row.formula for row in rows) if not one.is_column]

    def tell(before: Any, after: Any) -> list[tuple[str, str, str]]:
        before, after = before or {}, after or {}
        return [
            (str(one.name), _words(one, before.get(one.key)), _words(one, after.get(one.key)))
            for one in factors
            if before.get(one.key) != after.get(one.key)
        ]

    return tell


def _words(factor: Any, raw: Any) -> str:
    return "" if raw is None else factor.shown(raw)


Item.tellers["factors"] = tell_of_factors
