"""The heads between the rows of a table in groups: their names at once, their sums by a request of their own.

A page reads its own rows and no others, so that it is as quick however large its groups are. What a head says of all rows of its group, how many
they are and what they sum up to, is fetched when the head is there, for all heads of the page in one go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from html import escape
from typing import Any

from django.utils.http import urlencode
from django.utils.safestring import SafeString

from roadmap.backlog.grouping import Group, Grouping
from roadmap.backlog.table import Column
from ui import pieces


@dataclass(frozen=True)
class Standing:
    """A group as it stands among the others. `words` is HTML."""

    token: str
    words: str


@dataclass
class GroupHeads:
    """Draws the heads between the rows of one page: those of folded groups stand in their place too.

    `standing` are the groups in their order, wanted only while some are folded: those of `folded` that have rows, and all that
    a row may be of. `after` is the group of the last row of the page before; None on the first page. `address(token)` folds or unfolds;
    `sums` is the address that tells the sums.
    """

    grouping: Grouping
    standing: Sequence[Standing]
    folded: frozenset[str]
    columns: Sequence[Column]
    may_edit: bool
    address: Callable[[str], str]
    sums: str
    after: str | None = None
    _next: int = field(default=0, init=False)
    _last: str | None = field(default=None, init=False)
    _drawn: list[str] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self._last = self.after
        self._next = self._place(self.after) + 1

    def before(self, row: Any) -> Iterator[str]:
        token = self.grouping.token(row)
        if token == self._last:
            return
        self._last, place = token, self._place(token)
        if place >= 0:
            yield from self._folded_until(place)
            self._next = place + 1
        yield self._head(Standing(token, self.grouping.called(row._asdict())))

    def rest(self, is_last: bool) -> str:
        """What follows the rows: after the very last one the heads of folded groups, and what fetches the sums of all heads."""
        heads = "".join(self._folded_until(len(self.standing))) if is_last else ""
        if not self._drawn:
            return heads
        address = f"{self.sums}&{urlencode({'of': self._drawn}, doseq=True)}"
        return f'{heads}<tr hidden hx-get="{escape(address)}" hx-trigger="load" hx-target="this" hx-swap="delete"><td></td></tr>'

    @property
    def last(self) -> str:
        """The group of the last row drawn."""
        return self._last or ""

    @cached_property
    def _empty(self) -> str:
        """Cells below the other columns, which a narrow table drops with them."""
        return "".join(f'<td class="{column.css} col-{escape(column.name)}"></td>' for column in self.columns[1:])

    def _place(self, token: str | None) -> int:
        return next((place for place, one in enumerate(self.standing) if one.token == token), -1)

    def _folded_until(self, end: int) -> Iterator[str]:
        between, self._next = self.standing[self._next : end], end
        return (self._head(one) for one in between if one.token in self.folded)

    def _head(self, group: Standing) -> str:
        self._drawn.append(group.token)
        is_folded = group.token in self.folded
        icon = pieces.icon("chevron-right" if is_folded else "chevron-down", "icon--14")
        return (
            f'<tr class="grouphead" data-group="{escape(group.token)}"><td class="col-grab"></td>'
            f'{"<td class=col-check></td>" if self.may_edit else ""}<td></td><th scope="rowgroup" class="title">'
            f'<a href="?{escape(self.address(group.token))}" aria-expanded="{"false" if is_folded else "true"}">{icon}'
            f'<span>{group.words}</span></a><span class="faint" id="{_place_of_sums(group.token)}"></span></th>{self._empty}</tr>'
        )


def sums_drawn(groups: Iterable[Group]) -> SafeString:
    """The sums of groups, each for its head."""
    return pieces.joined(
        f'<span id="{_place_of_sums(one.token)}" hx-swap-oob="innerHTML">{one.sums}</span>' for one in groups
    )


def _place_of_sums(token: str) -> str:
    """The id of what holds a group's sums; a token may be any text."""
    return f"sums-{blake2b(token.encode(), digest_size=8).hexdigest()}"
