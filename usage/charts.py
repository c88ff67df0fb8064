"""Geometry of the server-drawn charts: strings for SVG attributes, the same in every locale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import NamedTuple

from usage.told_figures import Period

WIDTH, HEIGHT = 1120, 250
LEFT, BASE, ABOVE, BELOW = 40, 200, 178, 26
LARGEST_BAR = 46


class Box(NamedTuple):
    """One part of a stacked bar; `tone` is the number of its chart colour."""

    x: str
    y: str
    width: str
    height: str
    tone: int


class Line(NamedTuple):
    value: int
    y: str
    text_y: str


@dataclass(frozen=True)
class Bar:
    period: Period
    boxes: list[Box]
    middle: str
    top: str
    bottom: str


@dataclass(frozen=True)
class LifeChart:
    """Stacked bars of retained, new and resurrected; the lapsed hang below the axis."""

    bars: list[Bar]
    lines: list[Line]

    @property
    def ends_finished(self) -> bool:
        return all(bar.period.finished for bar in self.bars)

    @classmethod
    def of(cls, periods: Sequence[Period]) -> LifeChart:
        most = max((period.active for period in periods), default=0) or 1
        lapsed = max((period.lapsed for period in periods), default=0)
        scale = min((ABOVE - 20) / most, BELOW / lapsed if lapsed else ABOVE)
        room = (WIDTH - LEFT) / max(len(periods), 1)
        bars = [_bar(period, LEFT + room * place, room, scale) for place, period in enumerate(periods)]
        return cls(bars, [_line(value, scale) for value in ticks(most)])


def ticks(most: int, about: int = 4) -> list[int]:
    """Round values from 0 up to `most`, some `about` of them."""
    raw = max(most / about, 1)
    magnitude = 10 ** floor(log10(raw))
    step = next(int(n * magnitude) for n in (1, 2, 5, 10) if n * magnitude >= raw)
    return list(range(0, most + 1, step))


def _bar(period: Period, left: float, room: float, scale: float) -> Bar:
    width = min(LARGEST_BAR, room * 0.62)
    x, y = left + (room - width) / 2, float(BASE)
    boxes = []
    for tone, count in ((1, period.retained), (2, period.new), (3, period.resurrected)):
        height = count * scale
        if height:
            y -= height
            boxes.append(Box(_text(x), _text(y), _text(width), _text(max(height - (tone > 1), 0.5)), tone))
    depth = period.lapsed * scale
    if depth:
        boxes.append(Box(_text(x), _text(BASE + 1), _text(width), _text(depth), 4))
    return Bar(period, boxes, _text(x + width / 2), _text(y - 6), _text(BASE + depth + 15))


def _line(value: int, scale: float) -> Line:
    y = BASE - value * scale
    return Line(value, _text(y), _text(y + 4))


def _text(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
