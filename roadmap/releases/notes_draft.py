"""Release notes as they are drafted: shipped items of a release, grouped by type, as Markdown.

Of an item leaves its public line, or its title where it has none; nothing else does, and of an internal one nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from roadmap.models import Category, Item, Release, TypeKind

#: Heading → kinds of types, in the order of the notes. Discovery is work on questions: it tells nobody outside anything.
GROUPS = (
    (_("New"), (TypeKind.EPIC, TypeKind.FEATURE)),
    (_("Improved"), (TypeKind.IMPROVEMENT,)),
    (_("Fixed"), (TypeKind.BUG,)),
)
MEANT = re.compile(r"([\\`*_\[\]<>#|~])")


class Shipped(NamedTuple):
    """A shipped item, and what people outside read of it."""

    number: int
    title: str
    kind: str
    text: str | None
    is_internal: bool

    @property
    def line(self) -> str:
        return self.text or self.title


SHIPPED = Prepared(
    lambda member, release: (
        Item.objects.visible_to(member)
        .filter(release=release, status__category=Category.SHIPPED)
        .order_by("rank")
        .values_list("number", "title", "its_type__kind", "public_line__text", "is_internal")
    )
)


def shipped_in(release: Release, member: Member) -> list[Shipped]:
    return shipped_later(release, member, Together())()


def shipped_later(release: Release, member: Member, together: Together) -> Callable[[], list[Shipped]]:
    """The same, when it is wanted: asked together with the rest of a page."""
    later = together.ask(SHIPPED, member, release)
    return lambda: [Shipped._make(row) for row in later()]


def drafted(shipped: Iterable[Shipped]) -> str:
    """The Markdown; empty where there is nothing to tell."""
    told = [one for one in shipped if not one.is_internal]
    parts = []
    for heading, kinds in GROUPS:
        lines = [f"- {_plain(one.line)}" for one in told if one.kind in kinds]
        if lines:
            parts.append(f"## {heading}\n\n" + "\n".join(lines))
    return "\n\n".join(parts)


def _plain(text: str) -> str:
    """A title as text: what would mean something in Markdown stands for itself."""
    return MEANT.sub(r"\\\1", " ".join(text.split()))
