"""The strip of the time machine, drawn in Python: ticks and baselines; and what its knobs say. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Any

from django.utils.safestring import SafeString

from roadmap.time_machine.points import Point
from roadmap.time_machine.strip import Strip
from ui import formats, pieces


def strip_of(strip: Strip, knobs: Sequence[tuple[str, Point]], today: date) -> dict[str, Any]:
    """What roadmap/time/_strip.html needs. `knobs`: what each is for, and where it stands."""
    drawn = [
        {
            "label": label, "said": point.said(today), "value": point.value, "place": place,
            "now": (min(point.day, today) - strip.first).days,
        }
        for (label, point), place in zip(knobs, strip.knobs, strict=True)
    ]  # fmt: skip
    return {"strip": strip, "knobs": drawn, "strip_drawn": _drawn(strip, today)}


def _drawn(strip: Strip, today: date) -> SafeString:
    ticks = "".join(f'<i class="tm__tick" style="--x:{tick.place};--h:{tick.height}px"></i>' for tick in strip.ticks)
    marks = "".join(
        f'<span class="tm__base{" is-on" if mark.is_chosen else ""}" style="--x:{mark.place}"><i></i>{escape(mark.name)}</span>'
        for mark in strip.marks
    )
    ends = f'<span class="sr">{escape(formats.span(strip.first, strip.last, today))}</span>'
    return pieces.joined([ticks, marks, ends])
