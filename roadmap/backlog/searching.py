"""Items by words in their titles, texts and comments.

Both are found by GIN indexes over what the database derives from them (`Item.search`, `Comment.search`). The whole condition is one
expression with values of its own, so that a page's statement is composed once for each filter (accounts/prepared.py), and PostgreSQL
reads the words once for a statement instead of once for a row.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value

from products.models import Product

#: No more matches than this are looked at: what is that common is not found by searching. So many of them are of items, the others of
#: comments, which cost the way to their items too.
MOST_MATCHES = 1000
MOST_ITEMS = 700
MOST_COMMENTS = MOST_MATCHES - MOST_ITEMS
OF_ITEMS = (
    "SELECT found.id FROM roadmap_item found WHERE found.product_id = %s AND found.deleted_at IS NULL"
    " AND found.search @@ to_tsquery('simple', %s)"
)
OF_COMMENTS = (
    "SELECT said.thread_id FROM discussion_comment said WHERE said.product_id = %s AND said.deleted_at IS NULL"
    " AND said.search @@ to_tsquery('simple', %s)"
)
ANYWHERE = (
    f"({OF_ITEMS} LIMIT {MOST_ITEMS}) UNION ALL SELECT about.id FROM roadmap_item about"  # noqa: S608 - constants
    f" WHERE about.thread_id IN ({OF_COMMENTS} LIMIT {MOST_COMMENTS})"
)
CUT = f"SELECT EXISTS ({OF_ITEMS} OFFSET {MOST_ITEMS} LIMIT 1) OR EXISTS ({OF_COMMENTS} OFFSET {MOST_COMMENTS} LIMIT 1)"


class FoundAnywhere(Func):
    """Whether an item of the product is among the matches, or a comment on it is."""

    output_field = BooleanField()

    def __init__(self, words: str, product: int) -> None:
        super().__init__(F("pk"), Value(words), Value(product))

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:
        item, words, product = self.get_source_expressions()
        column, values = compiler.compile(item)
        asked = [product.value, words.value]
        return f"{column} IN ({ANYWHERE})", [*values, *asked, *asked]


def words_in(text: str) -> Q:
    """Every word in title or description, the last one also as the beginning of a word."""
    words = _as_query(text)
    return Q(search=SearchQuery(words, config="simple", search_type="raw")) if words else Q()


def words_anywhere(text: str, product: Product) -> Q:
    """The same for items of `product`, in their comments too; at most MOST_MATCHES of both."""
    words = _as_query(text)
    return Q(FoundAnywhere(words, product.pk)) if words else Q()


def is_searched(condition: Q) -> bool:
    """Whether a condition has such a search in it."""
    return any(
        isinstance(one, FoundAnywhere) or (isinstance(one, Q) and is_searched(one)) for one in condition.children
    )


def is_cut(text: str, product: Product) -> bool:
    """Whether `words_anywhere` leaves out matches because there are too many. One statement."""
    words = _as_query(text)
    if not words:
        return False
    with connection.cursor() as cursor:
        cursor.execute(CUT, [product.pk, words] * 2)
        return bool(cursor.fetchone()[0])


def _as_query(text: str) -> str:
    """The words as `to_tsquery` takes them; "" when there are none."""
    words = ["".join(character for character in word if character.isalnum()) for word in text.split()]
    words = [word for word in words if word]
    return " & ".join([*words[:-1], f"{words[-1]}:*"]) if words else ""
