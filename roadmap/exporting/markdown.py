"""A roadmap as Markdown. What people typed is text: it becomes no link, no heading and no HTML."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from roadmap.models import ShareLink
from roadmap.sharing import facts
from roadmap.sharing.cards import SharedRoadmap
from ui import formats, pieces

#: What means something anywhere in a line, in the address of a link, or at the beginning of a line.
SPECIAL = re.compile(r"([\\`*_\[\]<>|~@]|&(?=#?\w+;)|:(?=//)|(?<=\bwww)\.|^[#+=-])", re.I)
NUMBERED = re.compile(r"^(\d{1,9})(?=[.)])")  #: a line that would begin a list


def plain(text: str) -> str:
    """One line, without meaning to Markdown, and as good to read where nobody renders it: only what would mean something is escaped."""
    return NUMBERED.sub(r"\1\\", SPECIAL.sub(r"\\\1", " ".join(text.split())))


def markdown_of(link: ShareLink, roadmap: SharedRoadmap) -> bytes:
    title = link.heading
    lines = [f"# {plain(title)}", "", plain(_("For %(audience)s") % {"audience": link.audience})]
    lines += ["", plain(link.note)] if link.note else []
    lines += ["", plain(roadmap.cut_said)] if roadmap.is_cut else []
    for row in roadmap.rows:
        lines += ["", f"## {plain(row.name or _('Other'))}"] if roadmap.lanes else []
        for (column, _hint), cell in zip(roadmap.columns, row.cells, strict=True):
            if cell:
                lines += ["", f"### {plain(column)}", "", *(_line(card, roadmap) for card in cell)]
    return ("\n".join(lines) + "\n").encode()


def _line(card: dict[str, Any], roadmap: SharedRoadmap) -> str:
    told = [card[name] for name in ("product", "key", "status", "goal", "release", "when", "lead") if card.get(name)]
    told += [_("Score %(n)s") % {"n": pieces.rounded(card["score"])}] if card.get("score") else []
    told += [formats.weeks(card["effort"])] if card.get("effort") else []
    told += [*facts.words(card, roadmap.own, roadmap.currency), *filter(None, [facts.health_of(card)])]
    said = f"- **{plain(card['title'])}**" + (f" — {plain(' · '.join(told))}" if told else "")
    lines = [line for name in ("need", "text") for line in card.get(name, "").splitlines() if line.strip()]
    return "\\\n  ".join([said, *map(plain, lines)])  # a line stays a line
