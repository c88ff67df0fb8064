"""How a table of items is drawn, as its address says it: columns with their widths and order, density, grouping, what is folded.

    ?columns=title:320,status,f12ab34cd&density=compact&group=release&folded=none

What the address does not say is as the member last had it (TableChoice), else as everybody first sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

#: The parameters of an address that a look is made of, and those that say which rows and where.
PARAMETERS = ("columns", "density", "group", "folded")
NARROWEST, WIDEST, MOST = 48, 900, 40
#: So many of these with their widths fit into TableChoice.
NAME = re.compile(r"\w{1,40}")


@dataclass(frozen=True)
class Look:
    """`columns`: names in their order, none for those that everybody sees first; `widths`: those that were set by hand."""

    columns: tuple[str, ...] = ()
    widths: tuple[tuple[str, int], ...] = ()
    density: str = ""
    group: str = ""
    folded: frozenset[str] = frozenset()

    @classmethod
    def of(cls, query: QueryDict | Mapping[str, str], columns: str = "", density: str = "") -> Look:
        """As an address says it, else as `columns` and `density` were kept."""
        look = cls.named(query.get("columns") or columns)
        chosen = query.get("density") or density
        return replace(
            look,
            density="compact" if chosen == "compact" else "",
            group=query.get("group", "")[:40],
            folded=frozenset(one for one in query.get("folded", "").split(",") if one),
        )

    @classmethod
    def named(cls, text: str) -> Look:
        """`title:320,status`; the title, which is the key column, is always there and first."""
        widths: dict[str, int] = {}
        for part in text.split(",", MOST)[:MOST]:
            name, _colon, width = part.partition(":")
            if NAME.fullmatch(name):
                widths[name] = _width(width)
        if not widths:
            return cls()
        names = ("title", *(name for name in widths if name != "title"))
        return cls(names, tuple((name, width) for name, width in widths.items() if width))

    @property
    def is_chosen(self) -> bool:
        return bool(self.columns)

    def text(self) -> str:
        """What `named` reads back."""
        widths = dict(self.widths)
        return ",".join(f"{name}:{widths[name]}" if name in widths else name for name in self.columns)

    def with_columns(self, names: Iterable[str]) -> Look:
        """These columns in this order; those that stay keep their widths."""
        chosen = tuple(dict.fromkeys(("title", *filter(NAME.fullmatch, names))))[:MOST]
        return replace(self, columns=chosen, widths=tuple(one for one in self.widths if one[0] in chosen))

    def fold(self, value: str) -> str:
        """The parameter `folded` after a press on a group's head."""
        turned = self.folded ^ {value}
        return ",".join(sorted(turned))


def _width(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        return 0
    return min(max(int(text), NARROWEST), WIDEST)
