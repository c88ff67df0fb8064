"""Rows of the table as they were drawn, for as long as nothing of what they are made of is another.

A backlog is looked at far oftener than it is changed, and mostly at its first page: drawing 50 rows anew, of which two are not as they
were a minute ago, was a fifth of the page. A row is kept under everything that decides about it: its own values, the person's language and
right to edit, the columns, the scorecards, the day. So nothing has to be forgotten when something changes; what is not asked for any more
makes room for what is.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

#: Forty pages of them; 7 kB each, with what they are made of.
KEPT = 2_000
_rows: OrderedDict[Hashable, str] = OrderedDict()


def kept(key: Hashable, draw: Callable[[Any], str], row: Any) -> str:
    """`draw(row)`, or what it was before under the same key."""
    try:
        return _rows[key]
    except KeyError:
        text = _rows[key] = draw(row)
    if len(_rows) > KEPT:
        _rows.popitem(last=False)
    return text
