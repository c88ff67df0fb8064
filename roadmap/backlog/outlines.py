"""Many items from pasted lines: one item a line, and what is indented stands under the line above it.

A line with others under it becomes an epic; a third level becomes the checklist of the second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.refusals import Refused
from changes.models import Change
from products.models import Product
from roadmap.models import Item, Requirement, TypeKind, types_of
from roadmap.models.known_types import of_kind, usual

MOST, LONGEST, TAB = 500, 240, 4
BULLET = re.compile(r"^(?:[-*•–+]|\d{1,3}[.)]|\[[ xX]?\])\s+")


@dataclass
class Entry:
    """A line and what stands under it. `line` counts from 1, as people do."""

    line: int
    title: str
    under: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Outline:
    entries: list[Entry]

    @property
    def items(self) -> list[tuple[Entry, Entry | None]]:
        """Each item with the epic that it stands under, in the order of the lines."""
        return [pair for entry in self.entries for pair in [(entry, None), *((child, entry) for child in entry.under)]]

    @property
    def requirements(self) -> int:
        return sum(len(child.under) for entry in self.entries for child in entry.under)

    def words(self) -> str:
        """How many of what: “12 items: 3 epics with 9 items under them”."""
        count, epics = len(self.items), sum(bool(entry.under) for entry in self.entries)
        said = ngettext("%(n)d item", "%(n)d items", count) % {"n": count}
        if epics:
            below = sum(len(entry.under) for entry in self.entries)
            said = ngettext(
                "%(items)s: %(epics)s with %(under)s under it", "%(items)s: %(epics)s with %(under)s under them", epics
            ) % {
                "items": said,
                "epics": ngettext("%(n)d epic", "%(n)d epics", epics) % {"n": epics},
                "under": ngettext("%(n)d item", "%(n)d items", below) % {"n": below},
            }
        if self.requirements:
            below = ngettext("%(n)d requirement", "%(n)d requirements", self.requirements) % {"n": self.requirements}
            said = _("%(items)s, and %(requirements)s") % {"items": said, "requirements": below}
        return said


def read(text: str) -> Outline:
    """The outline of pasted text. Raises Refused, naming the line, on what cannot be one."""
    entries: list[Entry] = []
    open_at: list[tuple[int, Entry]] = []  # indentation and entry of the lines that may have others under them
    count = 0
    for number, raw in enumerate(text.replace("\0", "").splitlines(), start=1):
        line = raw.expandtabs(TAB)
        title = BULLET.sub("", " ".join(line.split()))
        if not title:
            continue
        count += 1
        if count > MOST:
            raise Refused(_("At most %(most)d lines are added at once. Paste the rest afterwards.") % {"most": MOST})
        if len(title) > LONGEST:
            raise Refused(
                _("Line %(line)d has more than %(most)d characters. Shorten it.") % {"line": number, "most": LONGEST}
            )
        indent, entry = len(line) - len(line.lstrip()), Entry(number, title)
        while open_at and open_at[-1][0] >= indent:
            open_at.pop()
        if len(open_at) > 2:
            raise Refused(
                _("Line %(line)d is indented too deep: nothing stands under a requirement.") % {"line": number}
            )
        (open_at[-1][1].under if open_at else entries).append(entry)
        open_at.append((indent, entry))
    if not entries:
        raise Refused(_("Write at least one line."))
    return Outline(entries)


def add(product: Product, outline: Outline, *, by: Actor | Change, type: str = "") -> tuple[int, Sequence[Item]]:
    """All of it at the end of the backlog, as one Change; what has nothing under it is of this type, if it can be where it stands.
    Returns its id and the items."""
    with Change.open("item.added", by=by, workspace=product.workspace) as change:
        pairs = outline.items
        types = types_of(product.workspace_id)
        below = next((one.key for one in types if one.key == type and not one.is_epic), "") or usual(types).key
        above = type if type and type != below else ""
        if not above and any(entry.under for entry in outline.entries):
            above = of_kind(types, TypeKind.EPIC).key
        rows = [
            {"title": entry.title, "type": below if parent is not None else above if entry.under else type or below}
            for entry, parent in pairs
        ]
        items = Item.add_many(product, rows, by=change)
        made = {id(entry): item for (entry, _parent), item in zip(pairs, items, strict=True)}
        children = []
        for entry, parent in pairs:
            if parent is not None:
                child = made[id(entry)]
                child.parent = made[id(parent)]
                children.append(child)
        if children:
            Item.objects.bulk_update(children, ["parent"])
        for entry, parent in pairs:
            for below in entry.under if parent is not None else ():
                Requirement.add_to(made[id(entry)], below.title, by=change)
    return change.pk, items
