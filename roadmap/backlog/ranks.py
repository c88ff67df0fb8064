"""Ranks: strings that sort in the database (collation C), computed between two neighbours, so a move writes one row."""

from __future__ import annotations

from fractional_indexing import generate_key_between, generate_n_keys_between

#: Keys longer than this are spread out anew; each insertion at the same spot adds about one character in six.
LONGEST = 40


def between(before: str | None, after: str | None) -> str:
    """A rank after `before` and before `after`; None is the respective end of the list."""
    return generate_key_between(before, after)


def lies_between(rank: str, before: str | None, after: str | None) -> bool:
    return (before is None or before < rank) and (after is None or rank < after)


def several_between(before: str | None, after: str | None, count: int) -> list[str]:
    """`count` ranks in rising order between two neighbours."""
    return generate_n_keys_between(before, after, count)
