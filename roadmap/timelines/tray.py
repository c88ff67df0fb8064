"""The chips of what is not scheduled yet, and how many there are. Every text is escaped here."""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeString

from roadmap.plans.planning import Waiting
from roadmap.timelines.placing import Places
from ui import formats, pieces

CHIP = 40


def chips(waiting: list[Waiting], places: Places) -> SafeString:
    return pieces.joined(_chip(one, places) for one in waiting)


def count(waiting: int | None, shown: int) -> SafeString:
    """Where they are more than are `shown` and were not counted (None), <c-timeline> asks how many, for which there is room already."""
    if waiting is not None and waiting <= shown:
        return pieces.joined([str(waiting)])
    more, words = ("", formats.number(waiting)) if waiting is not None else (" data-more", f"{shown}+")
    return pieces.joined([f'<span class="tray__all"{more}>{words}</span>'])


def _chip(item: Waiting, places: Places) -> str:
    mover = places.mover(item.product, item.number)
    tag, kind = ("button", ' type="button"') if mover else ("span", "")
    short = item.title if len(item.title) <= CHIP else f"{item.title[: CHIP - 1]}…"
    return (
        f'<{tag}{kind} class="tray__chip" data-tray data-url="{mover}" data-seen="{item.change}"'
        f' title="{escape(item.title)}">{pieces.icon("grip-vertical", "icon--12")}{escape(short)}</{tag}>\n'
    )
