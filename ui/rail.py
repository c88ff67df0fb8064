"""The lifecycle curve and its compact form, drawn in Python: as templates they were a sixth of the pages that have them.

What is kept depends on the arguments and the language alone. Every text is escaped here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from ui import curve, glyphs, stages
from ui.words import gettext as _


def mini(current: str, note: str = "", url: str = "") -> SafeString:
    gate = ""
    if note:
        name, at = ("a", f' href="{escape(url)}"') if url else ("span", "")
        gate = f'<{name} class="rail-mini__gate"{at}>{escape(note)}</{name}>'
    return mark_safe(  # noqa: S308 - escaped here
        f'<div class="row only-wide gap-1">{_mini_cells(current, get_language())}{gate}</div>'
    )


@lru_cache(maxsize=64)
def _mini_cells(current: str, language: str | None) -> str:
    stage = stages.BY_KEY.get(current)
    label = _("Lifecycle: not started")
    if stage is not None:
        label = _("Lifecycle: %(name)s, stage %(n)s of 6") % {"name": stage.name, "n": stage.number}
    cells = []
    for cell in curve.cells(current, {}):
        name = escape(cell["name"])
        now, word = (' aria-current="step"', name) if cell["now"] else ("", f'<span class="sr">{name}</span>')
        cells.append(
            f'<li data-stage="{cell["key"]}" class="{cell["css"]}"{now} title="{name}">{glyphs.icon(cell["icon"])}{word}</li>'
        )
    return f'<ol class="rail-mini" aria-label="{escape(label)}">{"".join(cells)}</ol>'


def rail(  # noqa: PLR0913 - the parts of one picture
    current: str,
    you: float | None = None,
    label: str = "",
    gates: Sequence[Mapping[str, Any]] = (),
    notes: Mapping[str, str] | Sequence[str] = (),
    percent: float = 50,
    place: str = "",
) -> SafeString:
    at = curve.clamped(you, current)
    written = dict(zip(stages.BY_KEY, notes, strict=False)) if isinstance(notes, Sequence) else dict(notes)
    dot = ""
    if current in stages.BY_KEY:
        words = f"<span>{escape(label)}</span>" if label else ""
        dot = f'<span class="rail__you {escape(place)}" data-stage="{current}" style="{_place(at)}">{words}</span>'
    cells = "".join(_cell(cell, percent) for cell in curve.cells(current, written))
    return mark_safe(  # noqa: S308 - escaped here
        f'<section class="rail" aria-label="{escape(_("Lifecycle"))}">\n<div class="rail__plot">'
        f'<svg viewBox="0 0 600 100" preserveAspectRatio="none" aria-hidden="true">{_line(current, at)}</svg>\n'
        f'{" ".join(map(_gate, gates))}{dot}</div>\n<ol class="rail__cells">{cells}</ol>\n</section>'
    )


@lru_cache(maxsize=256)
def _line(current: str, at: float) -> str:
    drawn = []
    for path in curve.paths(current, at):
        parts = [
            f'<path class="{css}" d="{path[name]}"/>'
            for name, css in (("area", "rail__area"), ("ahead", "rail__line is-next"), ("line", "rail__line"))
            if path.get(name)
        ]
        drawn.append(f'<g data-stage="{path["key"]}">{"".join(parts)}</g>')
    return "".join(drawn)


def _gate(gate: Mapping[str, Any]) -> str:
    url = gate.get("url")
    name, at = ("a", f' href="{escape(url)}"') if url else ("span", "")
    check = glyphs.icon("check") if gate["state"] == "go" else ""
    return (
        f'<{name}{at} class="gate is-{escape(gate["state"])}" style="{_place(gate["number"])}">{check}'
        f'<span class="gate__label"><b>{escape(gate["label"])}</b> {escape(gate["date"])}</span></{name}>'
    )


@lru_cache(maxsize=1024)
def _place(x: float) -> str:
    return f"--x:{stages.percent_across(x)};--y:{round(stages.height(x), 2)}"


def _cell(cell: Mapping[str, Any], percent: float) -> str:
    now = ' aria-current="step"' if cell["now"] else ""
    return (
        f'<li data-stage="{cell["key"]}" class="{cell["css"]}" style="--p:{percent}"{now}><b>{glyphs.icon(cell["icon"])}'
        f"<span>{escape(cell['name'])}</span></b><span>{escape(cell['note'])}</span></li>"
    )
