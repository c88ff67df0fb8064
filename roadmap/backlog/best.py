"""The best matches of a search first.

Common words have none: they stand in the order of rank, which an index has. Of others at most `searching.MOST_MATCHES` are found. The first page
of nothing but words is one statement, whatever words they are; of a search among other filters, and of further pages, how well all matches match
is asked in one statement, and the rows of the page in another.
"""

from __future__ import annotations

from collections import namedtuple
from functools import lru_cache
from typing import Any

from django.db.models import Case, F, Q, When

from accounts.beside import Besides
from accounts.models import Member
from accounts.prepared import Prepared
from listing.pages import SIZE, Page, opened, sealed
from products.models import Product
from roadmap.backlog.rows import PATHS, rows_of, told
from roadmap.backlog.searching import MOST_MATCHES, FoundBest, HowWell, IsTelling, search_of
from roadmap.models import Item

MATCH = "match"


def _first(member: Member, product: Product, words: str, *more: str) -> Any:
    match = Case(When(IsTelling(words, product.pk), then=HowWell(words)))
    found = Item.objects.visible_at(product, member).filter(FoundBest(words, product.pk)).annotate(**{MATCH: match})
    return told(found, (*more, MATCH)).order_by(F(MATCH).desc(nulls_last=True), "rank")[: SIZE + 1]


def _matches(member: Member, product: Product, condition: Q, words: str, telling: Q, most: int) -> Any:
    found = Item.objects.visible_at(product, member).filter(telling, condition).annotate(**{MATCH: HowWell(words)})
    return found.order_by(f"-{MATCH}", "rank").values_list("pk", MATCH, "rank")[:most]


FIRST = Prepared(_first)
MATCHES = Prepared(_matches)
NAMED = Prepared(lambda member, product, ids, *more: rows_of(member, product, Q(pk__among=ids), more))


def first_page(
    member: Member, product: Product, words: str, more: tuple[str, ...], besides: Besides | None = None
) -> tuple[Page[Any], bool]:
    """The first 50 rows that such words find, as `to_tsquery` takes them, and whether the best match stands first: else the words are common, and
    the rows in the order of rank. One statement."""
    found = FIRST.rows(member, product, words, variant=more, besides=besides)
    is_best = bool(found) and found[0].match is not None
    row, last = _row((*PATHS, *more)), found[SIZE - 1] if len(found) > SIZE else None
    following = sealed([last.match, last.rank] if is_best else [last.rank]) if last is not None else ""
    return Page([row._make(one[:-1]) for one in found[:SIZE]], following), is_best


@lru_cache(maxsize=16)
def _row(names: tuple[str, ...]) -> Any:
    """A row as other pages of the table have it."""
    return namedtuple("Row", names)  # noqa: PYI024 - its names come from those of columns


def page_of_best(
    member: Member,
    product: Product,
    condition: Q,
    after: str,
    more: tuple[str, ...],
    besides: Besides | None = None,
    size: int = SIZE,
) -> Page[Any] | None:
    """`size` rows after the cursor `after`, the best match first, equal ones in the order of rank. None where there is nothing to tell:
    no search, common words, or a page that began in another order.

    Raises Refused on a broken cursor.
    """
    search, last = search_of(condition), _last_of(opened(after)) if after else None
    if search is None or (after and last is None):
        return None
    telling = Q(IsTelling(search.words, search.product))
    variant = (condition, search.words, telling, size + 1 if last is None else MOST_MATCHES)
    matches = MATCHES.rows(member, product, variant=variant)
    if last is None and not matches:
        return None
    if last is not None:
        matches = [one for one in matches if (-one[1], one[2]) > (-last[0], last[1])]
    here = matches[:size]
    rows = NAMED.rows(member, product, [pk for pk, _match, _rank in here], variant=more, besides=besides)
    found = {row.pk: row for row in rows}
    return Page(
        [found[pk] for pk, _match, _rank in here if pk in found],
        sealed([*here[-1][1:]]) if len(matches) > size else "",
    )


def _last_of(values: list[Any]) -> tuple[float, str] | None:
    """Match and rank of the last row; None where the cursor is one of another order."""
    match values:
        case [int() | float() as how_well, str() as rank]:
            return how_well, rank
    return None
