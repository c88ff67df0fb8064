"""The geometry of a timeline: where bars, marked days and arrows go, in days and pixels. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from operator import attrgetter

from roadmap.timelines.timeline import (
    LETTER,
    MARKER_ROOM,
    MIDDLE,
    PADDING,
    RELEASE,
    ROW,
    Arrow,
    Bar,
    Lane,
    Link,
    Marker,
    Window,
)

#: In which bars take their rows.
IN_ORDER = attrgetter("offset", "days", "key")


def lay_out(bars: Iterable[Bar], window: Window) -> list[Bar]:
    """The bars that touch the window, whole, with their offset from its origin: one that began before has a negative one."""
    shown = []
    first, last, width = window.first, window.last, window.day_width
    origin = (window.origin or first).toordinal()
    for bar in bars:
        if bar.ends_on < first or bar.starts_on > last:
            continue
        start = bar.starts_on.toordinal()
        bar.offset, bar.days = start - origin, bar.ends_on.toordinal() - start + 1
        bar.is_short = bar.days * width < len(bar.label) * LETTER + 20
        shown.append(bar)
    return shown


def pack(bars: Sequence[Bar], window: Window) -> int:
    """Give each bar the first row where neither it nor its label overlaps another; returns the number of rows.

    Bars come by their first day, so a row that was free once stays so until it is taken: two heaps know the lowest of these."""
    width, rows = window.day_width, 0
    free: list[int] = []
    taken: list[tuple[float, int]] = []  # until when, and which row
    for bar in sorted(bars, key=IN_ORDER):
        offset = bar.offset
        until = offset + bar.days + ((len(bar.label) * LETTER + 24) / width if bar.is_short else 0)
        while taken and taken[0][0] <= offset:
            heappush(free, heappop(taken)[1])
        if free:
            bar.row = row = heappop(free)
        else:
            bar.row = row = rows
            rows += 1
        heappush(taken, (until, row))
    return max(1, rows)


def arrange(markers: Iterable[Marker], window: Window, letters: Callable[[Marker], int]) -> list[Marker]:
    """Those within the window, in rows where no words overlap, releases in the first ones that are free; `letters` says how long they are."""
    found: list[Marker] = []
    taken: list[list[tuple[float, float]]] = []
    shown = [marker for marker in markers if window.first <= marker.day <= window.last]
    for marker in sorted(shown, key=lambda one: (one.kind != RELEASE, one.day)):
        marker.offset = window.offset(marker.day)
        at, length = marker.offset * window.day_width, letters(marker) * LETTER + MARKER_ROOM
        marker.flip = at + length > window.offset(window.last) * window.day_width
        marker.row = free_row(taken, (at - length, at) if marker.flip else (at, at + length))
        found.append(marker)
    return found


def free_row(taken: list[list[tuple[float, float]]], span: tuple[float, float]) -> int:
    """The first row where `span` overlaps nothing; it is taken from then on."""
    for row, spans in enumerate(taken):
        if all(span[1] <= start or end <= span[0] for start, end in spans):
            spans.append(span)
            return row
    taken.append([span])
    return len(taken) - 1


def arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    """An SVG path with square corners rounded by 4, from a bar's end to another bar's start."""
    (x1, y1), (x2, y2) = start, end
    first, last, top, bottom = round(x1), round(x2 - 1), round(y1), round(y2)
    if y1 == y2 and x2 >= x1:
        return f"M{first} {top}H{last}"
    turn = 4 if y2 > y1 else -4
    down = f"V{bottom - turn}q0 {turn} 4 {turn}H{last}"
    if x2 - x1 > 14:
        return f"M{first} {top}H{round(x2 - 14)}q4 0 4 {turn}{down}"
    return f"M{first} {top}h6q4 0 4 {turn}V{top + 4 * turn}q0 {turn} -4 {turn}H{round(x2 - 8)}q-4 0 -4 {turn}{down}"


def route(links: Iterable[Link], lanes: Sequence[Lane], window: Window) -> list[Arrow]:
    """The arrows of these links; without a path where one of its ends is not drawn, as in a folded lane none is."""
    places: dict[str, tuple[Bar, int]] = {}
    top, width = 0, window.day_width
    for lane in lanes:
        if not lane.is_folded:
            first = top + PADDING + MIDDLE
            places |= {bar.key: (bar, first + bar.row * ROW) for bar in lane.bars}
        top += lane.height + 1
    arrows = []
    for needs, item, is_late, sentence, is_chained in links:
        path = ""
        if needs in places and item in places:
            (needed, y1), (waiting, y2) = places[needs], places[item]
            path = arrow(((needed.offset + needed.days) * width, y1), (waiting.offset * width, y2))
        arrows.append(Arrow(needs, item, path, is_late, sentence, is_chained))
    return arrows
