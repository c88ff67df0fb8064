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
from django.db.models import BooleanField, F, FloatField, Func, Q

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
#: What is asked for, read once: as a plain parameter of a statement whose plan is kept, words would be read again for each row.
ASKED = "WITH asked AS MATERIALIZED (SELECT to_tsquery('simple', %s) AS words, %s::bigint AS product)"
WORDS, PRODUCT = "(SELECT words FROM asked)", "(SELECT product FROM asked)"
#: Which rows words find is not known when a plan is made: `+ 0` keeps it from looking through all items of the product instead.
OF_ITEMS = (
    f"FROM roadmap_item found WHERE found.product_id + 0 = {PRODUCT} AND found.deleted_at IS NULL"
    f" AND found.search @@ {WORDS}"
)
OF_COMMENTS = (
    f"SELECT said.thread_id FROM discussion_comment said WHERE said.product_id = {PRODUCT} AND said.deleted_at IS NULL"
    f" AND said.search @@ {WORDS}"
)
OF_TALK = f"FROM roadmap_item about WHERE about.thread_id IN ({OF_COMMENTS} LIMIT {MOST_COMMENTS})"
ANYWHERE = f"(SELECT found.id {OF_ITEMS} LIMIT {MOST_ITEMS}) UNION ALL SELECT about.id {OF_TALK}"
#: What is common is found without the index, which lists all of its thousands before it says one: by walking the first rows in the order of rank.
#: They are walked when so many of the very first are matches, and the index is asked when fewer than a page came of it.
WALKED, PROBED, PROMISING = 300, 60, 20
IN_ORDER = (
    "SELECT walked.id, walked.thread_id, walked.search, walked.rank FROM roadmap_item walked"
    f" WHERE walked.product_id = {PRODUCT} AND walked.deleted_at IS NULL ORDER BY walked.rank LIMIT"
)
COMMON = (
    f"common AS MATERIALIZED (SELECT count(*) >= {PROMISING} AS so FROM (SELECT FROM ({IN_ORDER} {PROBED}) probe"
    f" WHERE probe.search @@ {WORDS} LIMIT {PROMISING}) promising)"
)
WALK = (
    f"{ASKED}, {COMMON}, first AS MATERIALIZED (SELECT near.id FROM ({IN_ORDER} {WALKED}) near"
    f" WHERE (SELECT so FROM common) AND (near.search @@ {WORDS}"
    f" OR ({OF_COMMENTS} AND said.thread_id = near.thread_id LIMIT 1) IS NOT NULL)"
    f" ORDER BY near.rank LIMIT {SIZE + 1})"
)
IS_FULL = f"(SELECT count(*) FROM first) > {SIZE}"
#: A first page in the order of rank.
FIRST = f"{WALK} SELECT id FROM first UNION ALL (SELECT id FROM ({ANYWHERE}) indexed WHERE NOT {IS_FULL})"
#: The same of common words; of others the best matches.
WEIGHED = "CASE WHEN (SELECT so FROM common) THEN 0 ELSE ts_rank({}.search, (SELECT words FROM asked)) END"
BEST = (
    f"{WALK} SELECT id FROM first UNION ALL (SELECT id FROM ("
    f"(SELECT found.id, found.rank, {WEIGHED.format('found')} {OF_ITEMS} LIMIT {MOST_ITEMS})"
    f" UNION (SELECT about.id, about.rank, {WEIGHED.format('about')} {OF_TALK} AND about.deleted_at IS NULL)"
    f") best (id, rank, match) WHERE NOT {IS_FULL} ORDER BY match DESC, rank LIMIT {SIZE + 1})"
)
CUT = (
    f"{ASKED} SELECT EXISTS (SELECT {OF_ITEMS} OFFSET {MOST_ITEMS} LIMIT 1)"
    f" OR EXISTS ({OF_COMMENTS} OFFSET {MOST_COMMENTS} LIMIT 1)"
)


class FoundAnywhere(Func):
    """Whether an item of the product is among the matches, or a comment on it is."""

    output_field = BooleanField()
    found = f"IN ({ASKED} {ANYWHERE})"

    def __init__(self, words: str, product: int) -> None:
        super().__init__(F("pk"))
        self.words, self.product = words, product

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:
        column, values = compiler.compile(self.get_source_expressions()[0])
        return f"{column} {self.found}", [*values, self.words, self.product]


class FoundFirst(FoundAnywhere):
    """As FoundAnywhere, sure only of the first page in the order of rank."""

    found = f"= ANY (ARRAY({FIRST}))"


class FoundBest(FoundAnywhere):
    """As FoundFirst where the words are common; else the first page of the best matches."""

    found = f"= ANY (ARRAY({BEST}))"


class IsTelling(Func):
    """Whether the words are no common ones: those are in so many items that none of them is the best match."""

    output_field = BooleanField()

    def __init__(self, words: str, product: int) -> None:
        super().__init__()
        self.words, self.product = words, product

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:
        return f"NOT ({ASKED}, {COMMON} SELECT so FROM common)", [self.words, self.product]


class HowWell(Func):
    """How well an item's title and text match: the title counts more; 0 where only a comment matches."""

    output_field = FloatField()

    def __init__(self, words: str) -> None:
        super().__init__(F("search"))
        self.words = words

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, list[Any]]:
        column, values = compiler.compile(self.get_source_expressions()[0])
        return f"ts_rank({column}, (SELECT to_tsquery('simple', %s)))", [*values, self.words]


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


def search_alone(condition: Q) -> FoundAnywhere | None:
    """The search that a condition is; None where it is more than that."""
    only: Any = condition
    while isinstance(only, Q) and len(only.children) == 1 and not only.negated:
        only = only.children[0]
    return only if type(only) is FoundAnywhere else None


def of_first_page(condition: Q) -> Q | None:
    """What finds the rows of the first page in the order of rank sooner; None where the condition is more than such a search."""
    only = search_alone(condition)
    return Q(FoundFirst(only.words, only.product)) if only is not None else None


def is_cut(text: str, product: Product) -> bool:
    """Whether `words_anywhere` leaves out matches because there are too many. One statement."""
    words = _as_query(text)
    if not words:
        return False
    with connection.cursor() as cursor:
        cursor.execute(CUT, [words, product.pk])
        return bool(cursor.fetchone()[0])


def _as_query(text: str) -> str:
    """The words as `to_tsquery` takes them; "" when there are none. Each is quoted, so that PostgreSQL takes it apart as it does the texts:
    “sign-in” and “example.com” are more than letters."""
    words = [word for word in text.replace("\0", "").split() if any(character.isalnum() for character in word)]
    quoted = ["'" + word.replace("\\", " ").replace("'", "''") + "'" for word in words]
    return " & ".join([*quoted[:-1], f"{quoted[-1]}:*"]) if quoted else ""
