"""The burn-up as SVG and as the rows of its table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from html import escape
from math import ceil, floor, log10

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.releases.burnup import Day, Span, turning_days
from ui import formats, pieces

WIDTH, HEIGHT = 720, 232
LEFT, RIGHT, TOP, BOTTOM = 40, 704, 22, 200
STEPS = (1, 2, 2.5, 5, 10)
LINES = 4


@dataclass(frozen=True)
class Marker:
    """A day that matters: frozen, today, planned, released."""

    day: date
    label: str
    css: str


class BurnUpDrawing:
    """Scope and done by day in one unit, `items` or `effort`; `ceiling` is the capacity, where the unit is effort."""

    def __init__(
        self, days: Sequence[Day], span: Span, unit: str, today: date, *, markers: Sequence[Marker] = (),
        ceiling: Decimal | None = None,
    ) -> None:  # fmt: skip
        self.days, self.span, self.unit, self.today, self.markers = days, span, unit, today, markers
        self.ceiling = ceiling if unit == "effort" else None
        self.top = _rounded_up(max([*(day.scope(unit) for day in days), self.ceiling or Decimal(0), Decimal(1)]), unit)
        self.reach = max((span.end - span.first).days, 1)

    @property
    def svg(self) -> SafeString:
        """The inside of the chart."""
        scope = self._path([day.scope(self.unit) for day in self.days])
        done = self._path([day.done(self.unit) for day in self.days])
        end = self._x(self.span.last)
        capacity = ""
        if self.ceiling is not None:
            y = self._y(self.ceiling)
            capacity = f'<line class="burn__cap" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>'
        area = f'<path class="burn__area" d="{done}V{BOTTOM}H{LEFT}Z"/>'
        lines = f'<path class="burn__scope" d="{scope}"/><path class="burn__done" d="{done}"/>'
        last = self.days[-1]
        dots = "".join(
            f'<circle class="{css}" cx="{end}" cy="{self._y(value)}" r="3"/>'
            for css, value in (("burn__dot", last.scope(self.unit)), ("burn__dot is-done", last.done(self.unit)))
        )
        return pieces.joined([self._grid(), area, capacity, lines, dots, self._marks(), self._axis()])

    @property
    def rows(self) -> SafeString:
        """The table: each day on which something changed."""
        return pieces.joined(
            f'<tr><th scope="row">{pieces.day(day.day, self.today)}</th><td class="num">{pieces.number(day.items)}</td>'
            f'<td class="num">{pieces.number(day.done_items)}</td><td class="num">{pieces.number(day.effort)}</td>'
            f'<td class="num">{pieces.number(day.done_effort)}</td></tr>\n'
            for day in turning_days(self.days)
        )

    @cached_property
    def summary(self) -> str:
        """What the chart says, in words."""
        first, last = self.days[0], self.days[-1]
        values = {
            "days": formats.day(last.day, self.today) if first.day == last.day else formats.span(first.day, last.day, self.today),
            "before": formats.number(first.scope(self.unit)), "scope": formats.number(last.scope(self.unit)),
            "done": formats.number(last.done(self.unit)),
        }  # fmt: skip
        is_same, is_effort = first.scope(self.unit) == last.scope(self.unit), self.unit == "effort"
        if is_same and is_effort:
            text = _("%(days)s: a scope of %(scope)s person-weeks, %(done)s of them done.")
        elif is_same:
            text = ngettext(
                "%(days)s: a scope of %(scope)s item, %(done)s done.",
                "%(days)s: a scope of %(scope)s items, %(done)s of them done.",
                int(last.items),
            )
        elif is_effort:
            text = _("%(days)s: scope from %(before)s to %(scope)s person-weeks, %(done)s of them done.")
        else:
            text = _("%(days)s: scope from %(before)s to %(scope)s items, %(done)s of them done.")
        return text % values

    def _x(self, day: date) -> str:
        return f"{LEFT + (day - self.span.first).days / self.reach * (RIGHT - LEFT):.1f}"

    def _y(self, value: Decimal) -> str:
        return f"{BOTTOM - float(value / self.top) * (BOTTOM - TOP):.1f}"

    def _path(self, values: Sequence[Decimal]) -> str:
        """A line in steps: what held at the end of a day holds until another does."""
        parts = [f"M{self._x(self.days[0].day)} {self._y(values[0])}"]
        for place in range(1, len(values)):
            if values[place] != values[place - 1]:
                parts.append(f"H{self._x(self.days[place].day)}V{self._y(values[place])}")
        return "".join(parts) + f"H{self._x(self.days[-1].day)}"

    def _grid(self) -> str:
        drawn = []
        for number in range(LINES + 1):
            value = self.top / LINES * number
            y = self._y(value)
            css = "grid-line" if number else "axis"
            drawn.append(
                f'<line class="{css}" x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}"/>'
                f'<text x="{LEFT - 8}" y="{float(y) + 4:.1f}" text-anchor="end">{pieces.number(value)}</text>'
            )
        return "".join(drawn)

    def _marks(self) -> str:
        """Lines of the days that matter; names that would meet stand one above the other."""
        drawn, taken = [], [-1000.0, -1000.0]
        for mark in sorted(self.markers, key=lambda one: one.day):
            if not self.span.first <= mark.day <= self.span.end:
                continue
            x = float(self._x(mark.day))
            row = 0 if x - taken[0] > len(mark.label) * 6 + 60 else 1
            taken[row] = x
            anchor = "end" if x > RIGHT - 60 else "start" if x < LEFT + 60 else "middle"
            drawn.append(
                f'<line class="burn__mark {mark.css}" x1="{x}" x2="{x}" y1="{TOP - 4}" y2="{BOTTOM}"/>'
                f'<text class="burn__label" x="{x}" y="{TOP - 8 + row * 12}" text-anchor="{anchor}">{escape(mark.label)}</text>'
            )
        return "".join(drawn)

    def _axis(self) -> str:
        first, last = formats.day(self.span.first, self.today), formats.day(self.span.end, self.today)
        return (
            f'<text x="{LEFT}" y="{BOTTOM + 20}">{escape(first)}</text>'
            f'<text x="{RIGHT}" y="{BOTTOM + 20}" text-anchor="end">{escape(last)}</text>'
        )


def _rounded_up(highest: Decimal, unit: str) -> Decimal:
    """The top of the axis: four steps of a round size."""
    least = float(highest) / LINES
    power = 10 ** floor(log10(least))
    size = next(step * power for step in STEPS if step * power >= least - 1e-9)
    if unit == "items":
        size = ceil(size)
    return Decimal(str(size * LINES))
