"""What is known of the rows of a prepared statement elsewhere, read in the same statement instead of one that takes their ids.

    demand = Beside("SELECT item_id, json_build_array(count(*)) FROM voice WHERE item_id = ANY(ARRAY(SELECT pk FROM page)) GROUP BY 1")
    besides = Besides({"demand": demand})
    rows = ITEMS.rows(member, besides=besides)
    besides.found["demand"]     # by the id of a row

Rows are tuples whose first column is their id, named `pk`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


@dataclass(frozen=True)
class Beside:
    """A statement with two columns: the id of a row of `page`, and what there is to know of it. `values` are its parameters."""

    sql: str
    values: tuple[Any, ...] = ()


class Besides:
    """Several of them by name, for one reading. `found` has none of their names before rows were read, and then what there is by id."""

    def __init__(self, asked: Mapping[str, Beside]) -> None:
        self.asked = asked
        self.found: dict[str, dict[int, Any]] = {}

    def around(self, sql: str, values: list[Any]) -> tuple[str, list[Any]]:
        """The statement that reads the rows of `sql` and what is beside them."""
        asked = self.asked.values()
        return _around(sql, tuple([one.sql for one in asked])), [
            *values,
            *(value for one in asked for value in one.values),
        ]

    def take(self, fetched: list[Any]) -> list[Any]:
        """The rows alone, as `sql` gives them."""
        size = len(self.asked)
        for place, name in enumerate(self.asked, start=-size):
            known = self.found.setdefault(name, {})
            known.update({row[0]: row[place] for row in fetched if row[place] is not None})
        return [row[:-size] for row in fetched]


@lru_cache(maxsize=512)
def _around(sql: str, besides: tuple[str, ...]) -> str:
    with_them = "".join(f", beside{n} (id, told) AS MATERIALIZED ({one})" for n, one in enumerate(besides))
    told = "".join(f", (SELECT told FROM beside{n} WHERE id = page.pk)" for n in range(len(besides)))  # noqa: S608 - no words of others
    return f"WITH page AS MATERIALIZED ({sql}){with_them} SELECT page.*{told} FROM page"  # noqa: S608 - composed by Django, and words of ours
