"""The best matches of a search first.

Common words have none: they stand in the order of rank, which an index has. Of others at most `searching.MOST_MATCHES` are found; how well
these match is asked in one statement, and the rows of the page in another.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.beside import Besides
from accounts.models import Member
from accounts.prepared import Prepared
from listing.pages import SIZE, Page, opened, sealed
from products.models import Product
from roadmap.backlog.rows import rows_of
from roadmap.backlog.searching import MOST_MATCHES, HowWell, IsTelling, search_of
from roadmap.models import Item


def _matches(member: Member, product: Product, condition: Q, words: str, telling: Q, most: int) -> Any:
    found = Item.objects.visible_at(product, member).filter(telling, condition).annotate(match=HowWell(words))
    return found.order_by("-match", "rank").values_list("pk", "match", "rank")[:most]


MATCHES = Prepared(_matches)
NAMED = Prepared(lambda member, product, ids, *more: rows_of(member, product, Q(pk__among=ids), more))


def page_of_best(
    member: Member, product: Product, condition: Q, after: str, more: tuple[str, ...], besides: Besides | None = None
) -> Page[Any] | None:
    """50 rows after the cursor `after`, the best match first, equal ones in the order of rank. None where there is nothing to tell:
    no search, common words, or a page that began in another order.

    Raises Refused on a broken cursor.
    """
    search, last = search_of(condition), _last_of(opened(after)) if after else None
    if search is None or (after and last is None):
        return None
    _item, words, place = (one for one in search.get_source_expressions())
    telling = Q(IsTelling(words.value, place.value))
    variant = (condition, words.value, telling, SIZE + 1 if last is None else MOST_MATCHES)
    matches = MATCHES.rows(member, product, variant=variant)
    if last is None and not matches:
        return None
    if last is not None:
        matches = [one for one in matches if (-one[1], one[2]) > (-last[0], last[1])]
    here = matches[:SIZE]
    rows = NAMED.rows(member, product, [pk for pk, _match, _rank in here], variant=more, besides=besides)
    found = {row.pk: row for row in rows}
    return Page(
        [found[pk] for pk, _match, _rank in here if pk in found],
        sealed([*here[-1][1:]]) if len(matches) > SIZE else "",
    )


def _last_of(values: list[Any]) -> tuple[float, str] | None:
    """Match and rank of the last row; None where the cursor is one of another order."""
    match values:
        case [int() | float() as how_well, str() as rank]:
            return how_well, rank
    return None
