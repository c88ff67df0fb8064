"""Finding rows by their words: what somebody types, and what a text is about."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import models
from django.db.models import F, Func, Q

M = TypeVar("M", bound=models.Model)

WORD = re.compile(r"\w+")
SHORTEST = 4
MOST = 60
#: Words that say nothing about a subject.
EMPTY_WORDS = (
    "about after again also another because before being between cannot could doing does down each every from "
    "have having here into just like made make many more most much must need only other over please really "
    "same should since some such than that their them then there these they this those through today under "
    "until very want wants were what when where which while whose will with without would your yours"
)
EMPTY = frozenset(EMPTY_WORDS.split())


class Words(SearchQuery):
    """Read by PostgreSQL once for a statement. As a plain parameter of a statement whose plan is kept, it would be read again for each row."""

    def as_sql(self, compiler: Any, connection: Any, **options: Any) -> tuple[str, Any]:
        sql, parameters = super().as_sql(compiler, connection, **options)
        return f"(SELECT {sql})", parameters


def matching(text: str) -> Q:
    """Rows with every word of `text` in their `search`, the last one also as the beginning of a word."""
    words = WORD.findall(text)[:MOST]
    if not words:
        return Q()
    query = " & ".join([*words[:-1], f"{words[-1]}:*"])
    return Q(search=Words(query, config="simple", search_type="raw"))


def alike(rows: models.QuerySet[M], text: str) -> models.QuerySet[M]:
    """Rows that share words with `text`, those with most in common first; none where it has no word of weight."""
    query = likeness(text)
    return worded(rows, query) if query else rows.none()


def likeness(text: str) -> str:
    """What finds rows that share words with `text`; "" where it has no word of weight."""
    return " | ".join(f"{stem}:*" for stem in _stems(text))


def worded(rows: models.QuerySet[M], likeness: str) -> models.QuerySet[M]:
    query: Any = Words(likeness, config="simple", search_type="raw")
    return rows.filter(search=query).order_by(SearchRank(F("search"), query).desc(), "-pk")


def worded_among(rows: models.QuerySet[M], likeness: str) -> models.QuerySet[M]:
    """The same of rows that are found by something else: each is looked at. The index of words finds those of everybody."""
    query: Any = Words(likeness, config="simple", search_type="raw")
    matches = Func(F("search"), query, function="ts_match_vq", output_field=models.BooleanField())
    return rows.filter(matches).order_by(SearchRank(F("search"), query).desc(), "-pk")


def _stems(text: str) -> list[str]:
    """The text's words of weight, in order, each cut so that its other forms are found too: trucks, truck."""
    words = (word.lower() for word in WORD.findall(text))
    chosen = (word for word in words if len(word) >= SHORTEST and word not in EMPTY and not word.isdigit())
    return list(dict.fromkeys(word[: max(SHORTEST, len(word) - 2)] for word in chosen))[:MOST]
