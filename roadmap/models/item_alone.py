"""Most edits and moves of one item, which ask nothing of other rows: a transaction in one statement (changes.writing.write_alone).

Each of these functions answers the id of its Change, and 0 where nothing differs. None, with nothing done, where that does not do: the verb
then takes the way under locks, where it also finds out by the row as it is now what is to be refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts.actors import Actor
from accounts.refusals import Refused
from changes.writing import AS_READ, differing, told_alone, write_alone
from roadmap.backlog import ranks
from roadmap.models.dates import DATES, keep_to_quarters
from roadmap.models.item_rules import refuse_impossible_dates

if TYPE_CHECKING:
    from roadmap.models.item import Item

#: Fields that are set without a look at other rows: constraints hold what they point to.
ALONE = frozenset({
    "title", "description", "reach", "impact", "confidence", "effort", "horizon", "is_internal", "progress", "progress_from", "tags",
    "starts_on", "ends_on", "certainty", "release", "objective", "initiative", "problem",
})  # fmt: skip
#: Product, item that moves, its anchor, whether it goes below that; the ranks of the anchor and of the one beyond it. Takes the
#: product's lock first (migration 0043).
STILL_BESIDE = "cradle_ranks_beside(%s, %s, %s, %s) = %s::text[]"


def edit_alone(
    item: Item,
    fields: dict[str, Any],
    *,
    by: Actor,
    seen: int | None = None,
    reason: str | None = None,
    verb: str = "item.edited",
) -> int | None:
    """Set fields of an item that nobody changed since it was read."""
    if not fields or fields.keys() - ALONE or not item.is_as_read or seen not in (None, item.change_id):
        return None
    if not differing(item, fields):
        return 0
    before, written = {name: getattr(item, name) for name in (*fields, *DATES)}, False
    try:
        item.refuse_unexplained_slip(fields, reason)
        for name, value in fields.items():
            setattr(item, name, value)
        followed = {} if fields.keys().isdisjoint(DATES) else keep_to_quarters(item)
        refuse_impossible_dates(item)
        names, answered = {**fields, **followed}, ("score", "second_score")
        written = write_alone(verb, item, names, by=by, answered=answered, reason=reason or "")
    except Refused:
        return None
    finally:
        for name, value in () if written else before.items():
            setattr(item, name, value)
    if not written:
        return None
    told_alone(item, "item", item.number, product_id=item.product_id)
    return item.change_id


def rank_alone(item: Item, after: Item | None, before: Item | None, *, by: Actor) -> int | None:
    """Put an item beside one that was read `with_neighbours`, while these are still the same under the product's lock."""
    earlier, where = item.rank, take_place(item, after, before)
    if where is not None and item.rank == earlier:
        return 0
    written = where is not None and write_alone("item.ranked", item, ["rank"], by=by, quiet=True, where=where)
    if not written:
        item.rank = earlier
        return None
    told_alone(item, "item", item.number, product_id=item.product_id)
    return item.change_id


def take_place(item: Item, after: Item | None, before: Item | None) -> tuple[str, list[Any]] | None:
    """Give an item the rank beside one that was read `with_neighbours`, unless it has it, and answer the condition under which it holds. None,
    and nothing is done, where the rank would grow too long or the neighbours are not known."""
    anchor = after or before
    if anchor is None or not hasattr(anchor, "rank_below"):
        return None
    upwards = after is not None
    beyond = anchor.rank_below if upwards else anchor.rank_above  # type: ignore[attr-defined]
    low, high = (anchor.rank, beyond) if upwards else (beyond, anchor.rank)
    if ranks.lies_between(item.rank, low, high):
        return AS_READ, [item.pk, item.change_id]
    rank = ranks.between(low, high)
    if len(rank) > ranks.LONGEST:
        return None
    item.rank = rank
    seen = [one for one in (anchor.rank, beyond) if one is not None]
    return f"{AS_READ} AND {STILL_BESIDE}", [
        item.pk, item.change_id, item.product_id, item.pk, anchor.pk, upwards, seen,
    ]  # fmt: skip
