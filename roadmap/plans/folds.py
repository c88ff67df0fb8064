"""Which lanes of a roadmap are folded, as its address says it."""

from __future__ import annotations

from django.http import QueryDict


def folds_of(query: QueryDict) -> frozenset[str]:
    """The keys of folded lanes: `a.b`, a dash for the lane of what has none."""
    return frozenset("" if one == "-" else one for one in query.get("fold", "").split(".") if one)


def folded_at(query: QueryDict, key: str) -> str:
    """The address with this lane folded, or unfolded."""
    folds = folds_of(query) ^ {key}
    address = query.copy()
    address.pop("fold", None)
    if folds:
        address["fold"] = ".".join(sorted(one or "-" for one in folds))
    return f"?{address.urlencode()}"
