"""A roadmap as iCalendar (RFC 5545): an all-day event for each card that has dates, as long as its audience may know them to be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from config import clock
from roadmap.models import ShareLink
from roadmap.sharing import facts
from roadmap.sharing.cards import SharedRoadmap, opaque


def calendar_of(link: ShareLink, roadmap: SharedRoadmap) -> bytes:
    name = link.heading
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Cradle//Roadmap//EN", "METHOD:PUBLISH"]
    lines += [f"X-WR-CALNAME:{escaped(name)}", f"NAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"]
    lines += [f"X-WR-CALDESC:{escaped(roadmap.cut_said)}"] if roadmap.is_cut else []
    stamp = clock.now().astimezone(UTC)
    for _lane, _column, card in roadmap.cards:
        if "last" in card:
            lines += _event(link, card, stamp, roadmap)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"]).encode()


def _event(link: ShareLink, card: dict, stamp: datetime, roadmap: SharedRoadmap) -> list[str]:  # type: ignore[type-arg]
    told = [card[name] for name in ("product", "status", "goal", "release", "when", "lead") if card.get(name)]
    told += [*facts.words(card, roadmap.own, roadmap.currency), *filter(None, [facts.health_of(card)])]
    said = "\n".join(filter(None, [" · ".join(told), card.get("need", ""), card.get("text", "")]))
    key = f"{card['key']} " if "key" in card else ""
    return [
        "BEGIN:VEVENT",
        f"UID:{opaque(link, card['item'])}@cradle",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{card['first']:%Y%m%d}",
        f"DTEND;VALUE=DATE:{card['last'] + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(key + card['title'])}",
        *([f"DESCRIPTION:{escaped(said)}"] if said else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """A text as a value: no line of it can begin a property."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "\\n".join(text.splitlines()) if text else ""


def folded(line: str) -> str:
    """At most 75 bytes a line, cut between characters."""
    parts, rest = [], line
    while len(rest.encode()) > (room := 75 if not parts else 74):
        cut = room
        while len(rest[:cut].encode()) > room:
            cut -= 1
        parts.append(rest[:cut])
        rest = rest[cut:]
    return "\r\n ".join([*parts, rest])
