"""The roadmap's repeating parts, drawn in Python: months, markers, lanes of bars, arrows, the tray.

With a template for each bar, 25 bars and 40 chips cost 20 ms; like this, 1. Every text is escaped here.
"""

from __future__ import annotations

from decimal import Decimal
from html import escape

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from roadmap.colouring import attributes, drawn_legend
from roadmap.placing import Marker, Placed, Stone
from roadmap.planning import Waiting
from roadmap.timeline import Arrow, Bar, Lane, Month
from ui import formats, pieces

CHIP = 40
MARKS = {"shipped": "check", "risk": "triangle-alert"}
GRIPS = '<i class="bar__grip bar__grip--s" data-grip="start"></i><i class="bar__grip bar__grip--e" data-grip="end"></i>'


class TimelineDrawing:
    """The parts of a plan."""

    def __init__(self, plan: Placed, workspace: str, *, may_edit: bool) -> None:
        self.plan, self.today, self.workspace, self.may_edit = plan, plan.today, workspace, may_edit
        self.colours = attributes(plan.plan.legend)

    def item_of(self, key: str) -> str:
        return pieces.address("roadmap:item", self.workspace, key)

    def schedule_of(self, key: str) -> str:
        return pieces.address("roadmap:item_schedule", self.workspace, key)

    def scale(self) -> SafeString:
        months = "".join(self._month(n, month) for n, month in enumerate(self.plan.window.months()))
        now = self.plan.today_offset
        today = f'<span class="tl__now" style="--from:{now}">{pieces.day(self.today, self.today)}</span>'
        return pieces.joined([months, today if now is not None else ""])

    def _month(self, n: int, month: Month) -> str:
        named = ""
        if month.starts_quarter or n == 0:
            words = _("Q%(quarter)s %(year)s") % {"quarter": month.quarter, "year": month.first.year}
            named = f" <span>{escape(words)}</span>"
        return (
            f'<div class="tl__month{" is-q" if month.starts_quarter else ""}" style="--from:{month.offset};'
            f'--days:{month.days}"><b>{escape(date_format(month.first, "M"))}</b>{named}</div>'
        )

    def markers(self) -> SafeString:
        releases = "".join(map(self._marker, self.plan.markers))
        return pieces.joined([releases, *map(self._stone, self.plan.stones)])

    def _stone(self, stone: Stone) -> str:
        place = f'class="mstone{" is-flip" if stone.flip else ""}" style="--from:{stone.offset};--row:{stone.row}"'
        one = stone.milestone
        words = f"<i></i><b>{escape(one.name)}</b><span>{pieces.day(one.day, self.today)}</span>"
        if not self.may_edit:
            return f"<span {place}>{words}</span>"
        address = pieces.address("roadmap:milestone_edit", self.workspace, one.product) % one.public_id
        return f'<a {place} href="{address}">{words}</a>'

    def _marker(self, marker: Marker) -> str:
        one = marker.release
        board = reverse("roadmap:releases", args=[self.workspace, one.product])
        icon = pieces.icon(MARKS.get(marker.state, "flag"), "icon--12")
        return (
            f'<a class="relmark is-{marker.state}{" is-flip" if marker.flip else ""}" href="{board}"'
            f' style="--from:{marker.offset};--row:{marker.row}">{icon}<b>{escape(one.name)}</b>'
            f"<span>{pieces.day(one.ends_on, self.today)}</span></a>"
        )

    def grid(self) -> SafeString:
        plan = self.plan
        lines = [("is-q" if month.starts_quarter else "", month.offset) for month in plan.window.months()]
        lines += [("is-rel", marker.offset) for marker in plan.markers]
        lines += [("is-now", plan.today_offset)] if plan.today_offset is not None else []
        return pieces.joined(f'<i class="{css}" style="--from:{offset}"></i>' for css, offset in lines)

    def arrows(self) -> SafeString:
        return pieces.joined(map(self._arrow, self.plan.arrows))

    def _arrow(self, arrow: Arrow) -> str:
        bad = ' class="is-bad"' if arrow.is_late else ""
        return f'<path d="{arrow.path}"{bad} marker-end="url(#arrow-head)"></path>'

    def lanes(self) -> SafeString:
        return pieces.joined(map(self._lane, self.plan.lanes))

    def _lane(self, lane: Lane) -> str:
        name = escape(lane.name)
        done = self._progress(lane.progress, name) if lane.progress is not None else ""
        return (
            f'<div class="tl__row" data-lane="{escape(lane.key)}"><div class="tl__lane"><b>{name}</b>{done}</div>'
            f'<ul class="tl__area" style="--h:{lane.height}px" aria-label="{name}">'
            f"{''.join(map(self._bar, lane.bars))}</ul></div>\n"
        )

    def _progress(self, done: Decimal, name: str) -> str:
        held = max(0, min(100, round(done)))
        return (
            f'<span class="row"><span class="progress" role="progressbar" aria-label="{name}" aria-valuenow="{held}"'
            f' aria-valuemin="0" aria-valuemax="100" style="--v:{held}"></span>'
            f'<span class="num">{escape(formats.percent(done))}</span></span>'
        )

    def _bar(self, bar: Bar) -> str:
        item = bar.source
        state, title = item.state, escape(item.title)
        colour = self.colours.get(item.colour or "", "")
        done, check = (100, pieces.icon("check", "icon--12")) if state == "shipped" else (0, "")
        said = escape(f", {formats.span(item.starts_on, item.ends_on, self.today)}, {item.status}")
        return (
            f'<li class="bar is-{state}{" is-short" if bar.is_short else ""}" style="--from:{bar.offset};--days:{bar.days};'
            f'--row:{bar.row};--p:{done}"{colour and " " + colour} data-bar data-start="{item.starts_on}" data-end="{item.ends_on}"'
            f' data-seen="{item.change}" data-url="{self.schedule_of(item.product) % item.number}">'
            f'<a class="bar__body" href="{self.item_of(item.product) % item.number}" title="{title}" draggable="false">{check}'
            f'<span>{title}</span><span class="sr">{said}</span></a>{GRIPS if self.may_edit else ""}</li>'
        )

    def legend(self) -> SafeString:
        return drawn_legend(self.plan.plan.legend)

    def tray(self) -> SafeString:
        return pieces.joined(map(self._chip, self.plan.tray))

    def _chip(self, item: Waiting) -> str:
        tag, kind = ("button", ' type="button"') if self.may_edit else ("span", "")
        short = item.title if len(item.title) <= CHIP else Truncator(item.title).chars(CHIP)
        return (
            f'<{tag}{kind} class="tray__chip" data-tray data-url="{self.schedule_of(item.product) % item.number}" data-seen="{item.change}"'
            f' title="{escape(item.title)}">{pieces.icon("grip-vertical", "icon--12")}{escape(short)}</{tag}>\n'
        )
