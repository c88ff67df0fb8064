"""A timeline's repeating parts, drawn in Python from plain values: months, marked days, lanes of bars, arrows.

With a template for each bar, 25 bars and 40 chips cost 20 ms; like this, 1. Every text is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from html import escape

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap.timelines.timeline import RELEASE, Arrow, Bar, Lane, Marker, Month, Softness, Timeline
from ui import formats, pieces

MARKS = {"shipped": "check", "risk": "triangle-alert"}
GRIPS = '<i class="bar__grip bar__grip--s" data-grip="start"></i><i class="bar__grip bar__grip--e" data-grip="end"></i>'
DOT = '<i class="bar__dot" data-dot></i>'

#: The address of the page with a lane folded, or unfolded.
FoldedAt = Callable[[Lane], str]


class TimelineDrawing:
    """The parts of a timeline. Without `folded_at` lanes cannot be folded."""

    def __init__(self, timeline: Timeline, *, folded_at: FoldedAt | None = None) -> None:
        self.timeline, self.today, self.folded_at = timeline, timeline.today, folded_at
        self.fold, self.unfold = escape(_("Fold %(lane)s")), escape(_("Unfold %(lane)s"))

    def scale(self) -> SafeString:
        months = "".join(self._month(n, month) for n, month in enumerate(self.timeline.window.months()))
        now = self.timeline.today_offset
        today = f'<span class="tl__now" style="--from:{now}">{pieces.day(self.today, self.today)}</span>'
        return pieces.joined([months, today if now is not None else ""])

    def _month(self, n: int, month: Month) -> str:
        named = ""
        if month.starts_quarter or (n == 0 and self.timeline.window.origin is None):
            words = _("Q%(quarter)s %(year)s") % {"quarter": month.quarter, "year": month.first.year}
            named = f" <span>{escape(words)}</span>"
        return (
            f'<div class="tl__month{" is-q" if month.starts_quarter else ""}" style="--from:{month.offset};'
            f'--days:{month.days}"><b>{escape(date_format(month.first, "M"))}</b>{named}</div>'
        )

    def markers(self) -> SafeString:
        return pieces.joined(map(self._marker, self.timeline.markers))

    def _marker(self, marker: Marker) -> str:
        """A release as a flag, any other day as a diamond."""
        if marker.kind == RELEASE:
            css, picture = f"relmark is-{marker.state}", pieces.icon(MARKS.get(marker.state, "flag"), "icon--12")
        else:
            css, picture = f"mstone mstone--{marker.kind}", "<i></i>"
        css += f"{' is-flip' if marker.flip else ''}{' is-chosen' if marker.is_chosen else ''}"
        tag, place = ("a", f' href="{escape(marker.address)}"') if marker.address else ("span", "")
        return (
            f'<{tag} class="{css}"{place} style="--from:{marker.offset};--row:{marker.row}">'
            f"{picture}<b>{escape(marker.name)}</b><span>{pieces.day(marker.day, self.today)}</span></{tag}>"
        )

    def grid(self) -> SafeString:
        timeline = self.timeline
        lines = [("is-q" if month.starts_quarter else "", month.offset) for month in timeline.window.months()]
        lines += [("is-rel", marker.offset) for marker in timeline.markers if marker.kind == RELEASE]
        lines += [("is-now", timeline.today_offset)] if timeline.today_offset is not None else []
        return pieces.joined(f'<i class="{css}" style="--from:{offset}"></i>' for css, offset in lines)

    def arrows(self) -> SafeString:
        return pieces.joined(map(self._arrow, self.timeline.arrows))

    def _arrow(self, arrow: Arrow) -> str:
        looks = [css for css, holds in (("is-bad", arrow.is_late), ("is-chain", arrow.is_chained)) if holds]
        css = f' class="{" ".join(looks)}"' if looks else ""
        said = f"<title>{escape(arrow.sentence)}</title>" if arrow.sentence else ""
        path = f' d="{arrow.path}"' if arrow.path else ""
        return (
            f'<path{path}{css} data-needs="{escape(arrow.needs)}"'
            f' data-item="{escape(arrow.item)}" marker-end="url(#arrow-head)">{said}</path>'
        )

    def lanes(self) -> SafeString:
        return pieces.joined(map(self._lane, self.timeline.lanes))

    def _lane(self, lane: Lane) -> str:
        name = escape(lane.name)
        done = self._progress(lane.progress, name) if lane.progress is not None else ""
        bars = "" if lane.is_folded else "".join(map(self._bar, lane.bars))
        return (
            f'<div class="tl__row{" is-folded" if lane.is_folded else ""}" data-lane="{escape(lane.key)}">'
            f'<div class="tl__lane">{self._fold(lane, name)}<b>{name}</b>{done}</div>'
            f'<ul class="tl__area" style="--h:{lane.height}px" data-least="{lane.least}" aria-label="{name}">{bars}</ul></div>\n'
        )

    def _fold(self, lane: Lane, name: str) -> str:
        if self.folded_at is None:
            return ""
        label, expanded = (self.unfold, "false") if lane.is_folded else (self.fold, "true")
        return (
            f'<a class="tl__fold" role="button" href="{escape(self.folded_at(lane))}" data-fold aria-expanded="{expanded}"'
            f' aria-label="{label % {"lane": name}}">{pieces.icon("chevron-down", "icon--14")}</a>'
        )

    def _progress(self, done: Decimal, name: str) -> str:
        held = max(0, min(100, round(done)))
        return (
            f'<span class="row"><span class="progress" role="progressbar" aria-label="{name}" aria-valuenow="{held}"'
            f' aria-valuemin="0" aria-valuemax="100" style="--v:{held}"></span>'
            f'<span class="num">{escape(formats.percent(done))}</span></span>'
        )

    def _bar(self, bar: Bar) -> str:
        title = escape(bar.label)
        check = pieces.icon("check", "icon--12") if bar.state == "shipped" else ""
        css = f"bar is-{bar.state}"
        if bar.softness != Softness.FIRM:
            css += f" is-{bar.softness}"
        css += f"{' is-short' if bar.is_short else ''}{' is-chain' if bar.is_chained else ''}"
        more = f";--soft:{bar.soft}" if bar.soft else ""
        look = f" {bar.look}" if bar.look else ""
        moving = f' data-seen="{bar.change}" data-url="{bar.mover}"' if bar.mover else ""
        body = f'<span>{title}</span><span class="sr">, {escape(bar.words)}</span>'
        tag, place = ("a", f' href="{bar.address}" draggable="false"') if bar.address else ("div", "")
        return (
            f'<li class="{css}" style="--from:{bar.offset};--days:{bar.days};--row:{bar.row};--p:{bar.done}{more}"{look}'
            f' data-bar="{bar.key}" data-start="{bar.starts_on}" data-end="{bar.ends_on}"{moving}>'
            f'<{tag} class="bar__body"{place} title="{title}">{check}{body}</{tag}>{GRIPS + DOT if bar.mover else ""}</li>'
        )
