"""Items by words in their titles, texts and comments.

Both are found by GIN indexes over what the database derives from them (`Item.search`, `Comment.search`), a first page of common words without
them. The whole condition is one
expression with values of its own, so that a page's statement is composed once for each filter (accounts/prepared.py), and PostgreSQL
reads the words once for a statement instead of once for a row.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import BooleanField, F, FloatField, Func, Q, Value

from accounts.models import Workspace
from discussion.models import Comment
from listing.pages import SIZE
from products.models import Product
from roadmap.models import Item

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
#: What is common is found without the index, which lists all of its thousands before it says one: by walking the first rows in the order of rank.
#: They are walked when so many of the very first are matches, and the index is asked when fewer than a page came of it.
WALKED, PROBED, PROMISING = 300, 60, 20
IN_ORDER = (
    "SELECT walked.id, walked.thread_id, walked.search, walked.rank FROM roadmap_item walked"
    " WHERE walked.product_id = %s AND walked.deleted_at IS NULL ORDER BY walked.rank LIMIT"
)
SAID_OF = (
    "SELECT true FROM discussion_comment said WHERE said.thread_id = near.thread_id AND said.product_id = %s"
    " AND said.deleted_at IS NULL AND said.search @@ to_tsquery('simple', %s) LIMIT 1"
)
PROMISES = (
    f"SELECT count(*) >= {PROMISING} FROM ({IN_ORDER} {PROBED}) probe"  # noqa: S608 - constants
    " WHERE probe.search @@ to_tsquery('simple', %s)"
)
WALKED_FIRST = (
    f"WITH first AS MATERIALIZED (SELECT near.id FROM ({IN_ORDER} {WALKED}) near WHERE ({PROMISES})"  # noqa: S608 - constants
    f" AND (near.search @@ to_tsquery('simple', %s) OR ({SAID_OF})) ORDER BY near.rank LIMIT {SIZE + 1})"
    f" SELECT id FROM first UNION ALL (SELECT id FROM ({ANYWHERE}) indexed"
    f" WHERE (SELECT count(*) FROM first) <= {SIZE}"
)
FIRST = f"{WALKED_FIRST})"
#: Of what is not common nothing: that is put in order by how well it matches (roadmap/backlog/best.py).
COMMON = f"{WALKED_FIRST} AND ({PROMISES}))"
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


class FoundFirst(FoundAnywhere):
    """As FoundAnywhere, sure only of the first page in the order of rank."""

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:
        item, words, product = self.get_source_expressions()
        column, values = compiler.compile(item)
        asked = [product.value, words.value]
        return f"{column} = ANY (ARRAY({FIRST}))", [*values, product.value, *asked, words.value, *asked, *asked, *asked]


class FoundCommon(FoundFirst):
    """As FoundFirst where the words are common; else nothing."""

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:
        item, words, product = self.get_source_expressions()
        column, values = compiler.compile(item)
        asked = [product.value, words.value]
        given = [product.value, *asked, words.value, *asked, *asked, *asked, *asked]
        return f"{column} = ANY (ARRAY({COMMON}))", [*values, *given]


class HowWell(Func):
    """How well an item's title and text match: the title counts more; 0 where only a comment matches."""

    output_field = FloatField()

    def __init__(self, words: str) -> None:
        super().__init__(F("search"), Value(words))

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:
        search, words = self.get_source_expressions()
        column, values = compiler.compile(search)
        return f"ts_rank({column}, (SELECT to_tsquery('simple', %s)))", [*values, words.value]


class IsTelling(Func):
    """Whether the words are no common ones: those are in so many items that none of them is the best match."""

    output_field = BooleanField()

    def __init__(self, words: str, product: int) -> None:
        super().__init__(Value(words), Value(product))

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:
        words, product = self.get_source_expressions()
        return f"NOT ({PROMISES})", [product.value, words.value]


def words_in(text: str) -> Q:
    """Every word in title or description, the last one also as the beginning of a word."""
    words = _as_query(text)
    return Q(search=SearchQuery(words, config="simple", search_type="raw")) if words else Q()


def words_anywhere(text: str, product: Product) -> Q:
    """The same for items of `product`, in their comments too; at most MOST_MATCHES of both."""
    words = _as_query(text)
    return Q(FoundAnywhere(words, product.pk)) if words else Q()


def words_everywhere(text: str, workspace: Workspace) -> Q:
    """As `words_anywhere`, for items of all products of `workspace`, and of all matches: a list that programs read has no best ones."""
    words = _as_query(text)
    if not words:
        return Q()
    query = SearchQuery(words, config="simple", search_type="raw")
    said = Comment.objects.filter(workspace=workspace, search=query).order_by().values("thread")
    named, about = (
        Item.objects.filter(workspace=workspace, **by).values("pk") for by in ({"search": query}, {"thread__in": said})
    )
    return Q(pk__in=named.union(about))


def is_searched(condition: Q) -> bool:
    """Whether a condition has such a search in it."""
    return any(
        isinstance(one, FoundAnywhere) or (isinstance(one, Q) and is_searched(one)) for one in condition.children
    )


def search_of(condition: Q) -> FoundAnywhere | None:
    """The search that all rows which a condition lets through are found by; None where there is none, or several."""
    if condition.negated or (condition.connector != Q.AND and len(condition.children) > 1):
        return None
    inner = [search_of(one) if isinstance(one, Q) else one for one in condition.children]
    found = [one for one in inner if isinstance(one, FoundAnywhere)]
    return found[0] if len(found) == 1 else None


def of_first_page(condition: Q, made: type[FoundFirst] = FoundFirst) -> Q | None:
    """What finds the rows of the first page in the order of rank sooner; None where the condition is more than such a search."""
    only: Any = condition
    while isinstance(only, Q) and len(only.children) == 1 and not only.negated:
        only = only.children[0]
    if type(only) is not FoundAnywhere:
        return None
    _item, words, product = only.get_source_expressions()
    return Q(made(words.value, product.value))


def is_cut(text: str, product: Product) -> bool:
    """Whether `words_anywhere` leaves out matches because there are too many. One statement."""
    words = _as_query(text)
    if not words:
        return False
    with connection.cursor() as cursor:
        cursor.execute(CUT, [product.pk, words] * 2)
        return bool(cursor.fetchone()[0])


def _as_query(text: str) -> str:
    """The words as `to_tsquery` takes them; "" when there are none. Each is quoted, so that PostgreSQL takes it apart as it does the texts:
    “sign-in” and “example.com” are more than letters."""
    words = [word for word in text.replace("\0", "").split() if any(character.isalnum() for character in word)]
    quoted = ["'" + word.replace("\\", " ").replace("'", "''") + "'" for word in words]
    return " & ".join([*quoted[:-1], f"{quoted[-1]}:*"]) if quoted else ""
