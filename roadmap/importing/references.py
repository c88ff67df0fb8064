"""Who means whom: parents and links of a file, and its order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from roadmap.importing.fields import Kind
from roadmap.importing.parsed import ParsedItem


@dataclass
class References:
    """Source ids throughout. `parents`: child → parent. `needs`: (needs, is needed). `relates`: pairs, each once.
    `unknown`: (item, what it named) where nothing of that name is in the file or known; for the source data."""

    parents: dict[str, str] = field(default_factory=dict)
    needs: set[tuple[str, str]] = field(default_factory=set)
    relates: set[tuple[str, str]] = field(default_factory=set)
    unknown: list[tuple[str, str]] = field(default_factory=list)


def resolve(items: Sequence[ParsedItem], known: Iterable[str] = (), *, by_title: bool = False) -> References:
    """What the items say of each other, by id, by other id, or (Asana) by title.

    `known` are source ids of items imported earlier. A chain of parents that would come round is cut where it closes.
    """
    names = names_of(items, known, by_title)
    found = References()
    for item in items:
        for reference in item.parents:
            parent = names.get(reference)
            if parent and parent != item.source_id:
                if not is_above(item.source_id, parent, found.parents):
                    found.parents[item.source_id] = parent
                break
        else:
            found.unknown.extend((item.source_id, reference) for reference in item.parents)
        link(item, names, found)
    return found


def names_of(items: Sequence[ParsedItem], known: Iterable[str], by_title: bool) -> dict[str, str]:
    names = {item.title: item.source_id for item in reversed(items)} if by_title else {}
    names.update({alias: item.source_id for item in items for alias in item.aliases})
    names.update({identifier: identifier for identifier in known})
    names.update({item.source_id: item.source_id for item in items})
    return names


def is_above(identifier: str, start: str, parents: Mapping[str, str]) -> bool:
    """Is `identifier` among the ancestors of `start`, or `start` itself?"""
    at: str | None = start
    while at is not None:
        if at == identifier:
            return True
        at = parents.get(at)
    return False


def link(item: ParsedItem, names: Mapping[str, str], found: References) -> None:
    me = item.source_id
    for references, put in (
        (item.needs, lambda other: found.needs.add((me, other))),
        (item.needed_by, lambda other: found.needs.add((other, me))),
        (item.relates, lambda other: found.relates.add((min(me, other), max(me, other)))),
    ):
        for reference in references:
            other = names.get(reference)
            if other is None:
                found.unknown.append((me, reference))
            elif other != me:
                put(other)


def in_rank_order(items: Iterable[ParsedItem]) -> list[ParsedItem]:
    """By the rank of the source; those without one come last, in the order of the file."""

    def place(item: ParsedItem) -> tuple[int, Decimal, str, int]:
        if isinstance(item.rank, Decimal):
            return 0, item.rank, "", item.line
        return (0 if item.rank else 1), Decimal(0), item.rank or "", item.line

    return sorted(items, key=place)


def titles_name_parents(kind: Kind) -> bool:
    """Asana, and any table of one's own: there a parent is a title more often than an id. Ids go first all the same."""
    return kind in {Kind.ASANA_CSV, Kind.CSV, Kind.XLSX, Kind.PASTED}
