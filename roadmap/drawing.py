"""The roadmap's repeating parts, drawn in Python: months, markers, lanes of bars, arrows, the tray; the cards of horizons.

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

from roadmap.planning import Card, Marker, Plan, Stone, Unscheduled
from roadmap.timeline import Arrow, Bar, Lane, Month
from ui import formats, pieces

CHIP = 40
MARKS = {"shipped": "check", "risk": "triangle-alert"}
GRIPS = '<i class="bar__grip bar__grip--s" data-grip="start"></i><i class="bar__grip bar__grip--e" data-grip="end"></i>'


class Places:
    """Where the items of a product live, and whether this person moves them."""

    def __init__(self, workspace: str, key: str, *, may_edit: bool) -> None:
        self.place, self.key, self.may_edit = (workspace, key), escape(key), may_edit
        self.item = pieces.address("roadmap:item", workspace, key)


class TimelineDrawing(Places):
    """The parts of a plan."""

    def __init__(self, plan: Plan, workspace: str, key: str, *, may_edit: bool) -> None:
        super().__init__(workspace, key, may_edit=may_edit)
        self.plan, self.today = plan, plan.today
        self.schedule = pieces.address("roadmap:item_schedule", workspace, key)

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
        board = reverse("roadmap:releases", args=self.place)
        releases = "".join(self._marker(board, marker) for marker in self.plan.markers)
        return pieces.joined([releases, *map(self._stone, self.plan.stones)])

    def _stone(self, stone: Stone) -> str:
        place = f'class="mstone{" is-flip" if stone.flip else ""}" style="--from:{stone.offset};--row:{stone.row}"'
        words = f"<i></i><b>{escape(stone.name)}</b><span>{pieces.day(stone.day, self.today)}</span>"
        if not self.may_edit:
            return f"<span {place}>{words}</span>"
        return f'<a {place} href="{reverse("roadmap:milestone_edit", args=[*self.place, stone.public_id])}">{words}</a>'

    def _marker(self, board: str, marker: Marker) -> str:
        icon = pieces.icon(MARKS.get(marker.state, "flag"), "icon--12")
        return (
            f'<a class="relmark is-{marker.state}{" is-flip" if marker.flip else ""}" href="{board}"'
            f' style="--from:{marker.offset};--row:{marker.row}">{icon}<b>{escape(marker.name)}</b>'
            f"<span>{pieces.day(marker.ends_on, self.today)}</span></a>"
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
        done, check = (100, pieces.icon("check", "icon--12")) if state == "shipped" else (0, "")
        said = escape(f", {formats.span(item.starts_on, item.ends_on, self.today)}, {item.status}")
        return (
            f'<li class="bar is-{state}{" is-short" if bar.is_short else ""}" style="--from:{bar.offset};--days:{bar.days};'
            f'--row:{bar.row};--p:{done}" data-bar data-start="{item.starts_on}" data-end="{item.ends_on}"'
            f' data-seen="{item.change}" data-url="{self.schedule % item.number}">'
            f'<a class="bar__body" href="{self.item % item.number}" title="{title}" draggable="false">{check}'
            f'<span>{title}</span><span class="sr">{said}</span></a>{GRIPS if self.may_edit else ""}</li>'
        )

    def tray(self) -> SafeString:
        return pieces.joined(map(self._chip, self.plan.tray))

    def _chip(self, item: Unscheduled) -> str:
        tag, kind = ("button", ' type="button"') if self.may_edit else ("span", "")
        short = item.title if len(item.title) <= CHIP else Truncator(item.title).chars(CHIP)
        return (
            f'<{tag}{kind} class="tray__chip" data-tray data-url="{self.schedule % item.number}" data-seen="{item.change}"'
            f' title="{escape(item.title)}">{pieces.icon("grip-vertical", "icon--12")}{escape(short)}</{tag}>\n'
        )


class HorizonDrawing(Places):
    """The cards of now, next and later."""

    def __init__(self, workspace: str, key: str, *, may_edit: bool) -> None:
        super().__init__(workspace, key, may_edit=may_edit)
        self.move = pieces.address("roadmap:item_horizon", workspace, key)
        self.grab = escape(_("Move %(key)s"))

    def cards(self, cards: list[Card]) -> SafeString:
        return pieces.joined(map(self._card, cards))

    def _card(self, card: Card) -> str:
        grab = ""
        if self.may_edit:
            label = self.grab % {"key": f"{self.key}-{card.number}"}
            grip = pieces.icon("grip-vertical", "icon--14")
            grab = f'<button type="button" class="grab" data-grab aria-label="{label}">{grip}</button>'
        goal = f'<span class="tag">{escape(card.objective)}</span>' if card.objective else ""
        return (
            f'<li class="ncard" data-id="{card.number}" data-url="{self.move % card.number}"><div class="row">'
            f'<h3 class="grow"><a href="{self.item % card.number}">{escape(card.title)}</a></h3>{grab}</div>'
            f'<footer>{goal}<span class="end">{pieces.face(card.lead) if card.lead else ""}</span></footer></li>'
        )
