"""The geometry of a timeline: where bars, marked days and arrows go, in days and pixels. Pure: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush

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
    for bar in sorted(bars, key=lambda one: (one.offset, one.days, one.key)):
        offset = bar.offset
        while taken and taken[0][0] <= offset:
            heappush(free, heappop(taken)[1])
        if free:
            bar.row = heappop(free)
        else:
            bar.row, rows = rows, rows + 1
        label_days = (len(bar.label) * LETTER + 24) / width if bar.is_short else 0
        heappush(taken, (offset + bar.days + label_days, bar.row))
    return max(1, rows)


def arrange(markers: Iterable[Marker], window: Window, letters: Callable[[Marker], int]) -> list[Marker]:
    """Those within the window, releases above all others, in rows where no words overlap; `letters` says how long they are."""
    found: list[Marker] = []
    below = 0
    shown = [marker for marker in markers if window.first <= marker.day <= window.last]
    for some in ([one for one in shown if one.kind == RELEASE], [one for one in shown if one.kind != RELEASE]):
        taken: list[list[tuple[float, float]]] = []
        for marker in sorted(some, key=lambda one: one.day):
            marker.offset = window.offset(marker.day)
            at, length = marker.offset * window.day_width, letters(marker) * LETTER + MARKER_ROOM
            marker.flip = at + length > window.offset(window.last) * window.day_width
            marker.row = below + free_row(taken, (at - length, at) if marker.flip else (at, at + length))
            found.append(marker)
        below += len(taken)
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
    if y1 == y2 and x2 > x1:
        return f"M{x1:.0f} {y1:.0f}H{x2 - 1:.0f}"
    turn = 4 if y2 > y1 else -4
    if x2 - x1 > 14:
        middle = x2 - 10
        return f"M{x1:.0f} {y1:.0f}H{middle - 4:.0f}q4 0 4 {turn}V{y2 - turn:.0f}q0 {turn} 4 {turn}H{x2 - 1:.0f}"
    between = y1 + 5 * turn
    return (
        f"M{x1:.0f} {y1:.0f}h6q4 0 4 {turn}V{between - turn:.0f}q0 {turn} -4 {turn}H{x2 - 8:.0f}"
        f"q-4 0 -4 {turn}V{y2 - turn:.0f}q0 {turn} 4 {turn}H{x2 - 1:.0f}"
    )


def route(links: Iterable[Link], lanes: Sequence[Lane], window: Window) -> list[Arrow]:
    """The arrows of these links; without a path where one of its ends is not drawn, as in a folded lane none is."""
    places: dict[str, tuple[Bar, float]] = {}
    top = 0
    for lane in lanes:
        for bar in lane.bars if not lane.is_folded else ():
            places[bar.key] = (bar, top + PADDING + bar.row * ROW + MIDDLE)
        top += lane.height + 1
    arrows = []
    for link in links:
        path = ""
        if link.needs in places and link.item in places:
            (needed, y1), (waiting, y2) = places[link.needs], places[link.item]
            start = ((needed.offset + needed.days) * window.day_width, y1)
            path = arrow(start, (waiting.offset * window.day_width, y2))
        arrows.append(Arrow(link.needs, link.item, path, link.is_late, link.sentence, link.is_chained))
    return arrows
