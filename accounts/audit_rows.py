"""Lines of the audit log, drawn in Python. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from html import escape

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.audit import Line
from ui import pieces


def rows(lines: Iterable[Line]) -> SafeString:
    return pieces.joined(map(_row, lines))


def _row(line: Line) -> str:
    return (
        f'<tr><td class="muted">{_instant(line.at)}</td><td>{_cradle(line.who) if line.is_cradle else pieces.person(line.who)}</td>'
        f'<td><span class="row"><span class="faint">{pieces.icon(line.icon, "icon--14")}</span>'
        f"<span>{escape(line.what)}</span></span></td></tr>\n"
    )


def _cradle(name: str) -> str:
    """Cradle itself, without a person."""
    robot = f'<span class="avatar" style="--hue: 40">{pieces.icon("bot", "icon--12")}</span>'
    return f'<span class="person">{robot}{escape(name)}</span>'


def _instant(at: datetime) -> str:
    """To the second, in the reader's zone."""
    local = timezone.localtime(at)
    return f"{_day(local.date(), get_language())}, {local:%H:%M:%S}"


@lru_cache(maxsize=1024)
def _day(day: date, language: str | None) -> str:
    return escape(date_format(day, "j M Y"))
