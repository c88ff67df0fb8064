"""A timeline's repeating parts, drawn in Python from plain values: months, marked days, lanes of bars, arrows.

With a template for each bar, 25 bars and 40 chips cost 20 ms; like this, 1. Every text is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from roadmap.timelines.timeline import RELEASE, Arrow, Bar, Lane, Marker, Month, Softness, Timeline
from ui import formats, pieces
from ui.words import gettext as _

MARKS = {"shipped": "check", "risk": "triangle-alert"}

#: The address of the page with a lane folded, or unfolded.
FoldedAt = Callable[[Lane], str]
CURRENT = ' aria-current="true"'
FIRM = Softness.FIRM.value


class Escaped(dict[str, str]):
    """Texts that come again and again, as HTML."""

    def __missing__(self, text: str) -> str:
        self[text] = escape(text)
        return self[text]


class Days(dict[date, tuple[str, str]]):
    """Days as programs write them, and as people read them, as HTML."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self.today = today

    def __missing__(self, day: date) -> tuple[str, str]:
        self[day] = day.isoformat(), escape(formats.day(day, self.today))
        return self[day]


class Drawn(NamedTuple):
    """A whole timeline as HTML, with the numbers that stand around it."""

    lanes: SafeString
    arrows: SafeString
    conflicts: SafeString
    late: int
    scale: SafeString
    grid: SafeString
    markers: SafeString
    markers_height: int
    height: int
    chains: SafeString
    legend: SafeString


class TimelineDrawing:
    """The parts of a timeline. Without `folded_at` lanes cannot be folded."""

    def __init__(self, timeline: Timeline, *, folded_at: FoldedAt | None = None) -> None:
        self.timeline, self.today, self.folded_at = timeline, timeline.today, folded_at
        self.days, self.statuses = Days(self.today), Escaped()
        self.fold, self.unfold = escape(_("Fold %(lane)s")), escape(_("Unfold %(lane)s"))

    def whole(self, query: QueryDict, legend: SafeString) -> Drawn:
        """For the address with this query."""
        timeline = self.timeline
        return Drawn(
            self.lanes(), self.arrows(), self.conflicts(), len(timeline.conflicts), self.scale(), self.grid(), self.markers(),
            timeline.markers_height, timeline.height, self.chains(query), pieces.joined([legend, self.softness()]),
        )  # fmt: skip

    def softness(self) -> str:
        """What the looks of bars whose days are not firm mean, for the legend."""
        present = {bar.softness for lane in self.timeline.lanes for bar in lane.bars}
        looks = ((Softness.RANGE, _("Days give or take")), (Softness.QUARTER, _("Only the quarter is known")))
        return "".join(
            f'<li><i class="keybar is-{one}"></i>{escape(said)}</li>' for one, said in looks if one in present
        )

    def _about(self, bar: Bar) -> str:
        """The same in words, of one bar."""
        if bar.softness == Softness.QUARTER:
            return f", {escape(_('only the quarter is known'))}"
        words = ngettext("give or take %(n)d day", "give or take %(n)d days", bar.soft) % {"n": bar.soft}
        return f", {escape(words)}" if bar.soft else ""

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

    def chains(self, query: QueryDict) -> SafeString:
        """To each release its critical chain: this address, with that."""
        rest = query.copy()
        for name in ("open", "column", "after", "chain"):
            rest.pop(name, None)
        address = f"?{rest.urlencode()}{'&' if rest else ''}"
        return pieces.joined(
            f'<a class="menu__item" data-keeps-place href="{escape(address + urlencode({"chain": one.key}))}"'
            f"{CURRENT if one.is_chosen else ''}>{escape(_('To'))} {escape(one.name)}</a>"
            for one in self.timeline.markers
            if one.kind == RELEASE
        )

    def grid(self) -> SafeString:
        timeline = self.timeline
        lines = [("is-q" if month.starts_quarter else "", month.offset) for month in timeline.window.months()]
        lines += [("is-rel", marker.offset) for marker in timeline.markers if marker.kind == RELEASE]
        lines += [("is-now", timeline.today_offset)] if timeline.today_offset is not None else []
        return pieces.joined(f'<i class="{css}" style="--from:{offset}"></i>' for css, offset in lines)

    def arrows(self) -> SafeString:
        arrows = self.timeline.arrows
        ends = zip(arrows, _escaped(arrows, "needs"), _escaped(arrows, "item"), strict=False)
        return pieces.joined(self._arrow(*one) for one in ends)

    def _arrow(self, arrow: Arrow, needs: str, item: str) -> str:
        css = f"{' is-bad' if arrow.is_late else ''}{' is-chain' if arrow.is_chained else ''}"
        css = f' class="{css[1:]}"' if css else ""
        path = f' d="{arrow.path}"' if arrow.path else ""
        return f'<path{path}{css} data-needs="{needs}" data-item="{item}"></path>'

    def conflicts(self) -> SafeString:
        """What is wrong of arrows, in words: the titles of theirs that <c-timeline> gives them, too."""
        wrong = self.timeline.conflicts
        told = zip(*(_escaped(wrong, name) for name in ("needs", "item", "sentence")), strict=True)
        return pieces.joined(
            f'<li data-needs="{needs}" data-item="{item}">{sentence}</li>' for needs, item, sentence in told if sentence
        )

    def lanes(self) -> SafeString:
        return pieces.joined(map(self._lane, self.timeline.lanes))

    def _lane(self, lane: Lane) -> str:
        name = escape(lane.name)
        done = self._progress(lane.progress, name) if lane.progress is not None else ""
        bars = "" if lane.is_folded else "".join(self._bars(lane.bars))
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

    def _bars(self, bars: Sequence[Bar]) -> Iterator[str]:
        """<c-timeline> gives each, once it is pointed at, its title as a hint, and what it is moved by. Without the dash as a character
        most texts are made of bytes, which are put together and sent in half of the time."""
        days, statuses, check = self.days, self.statuses, pieces.icon("check", "icon--12")
        for bar, label in zip(bars, pieces.escaped(bar.label for bar in bars), strict=False):
            state, look, address = bar.state, bar.look, bar.address
            css, about = (state, "") if bar.softness == FIRM else (f"{state} is-{bar.softness}", self._about(bar))
            if bar.is_short:
                css += " is-short"
            if bar.is_chained:
                css += " is-chain"
            more = f";--p:{bar.done}" if bar.done else ""
            if bar.soft:
                more += f";--soft:{bar.soft}"
            seen = f' data-seen="{bar.change}"' if bar.may_move else ""
            tag, place = ("a", f' href="{address}"') if address else ("div", "")
            (start, starts), (end, ends) = days[bar.starts_on], days[bar.ends_on]
            yield (
                f'<li class="bar is-{css}" style="--from:{bar.offset};--days:{bar.days};--row:{bar.row}{more}"{" " if look else ""}{look}'
                f' data-bar="{bar.key}" data-start="{start}" data-end="{end}"{seen}>'
                f'<{tag} class="bar__body"{place}>{check if state == "shipped" else ""}<span>{label}</span>'
                f'<span class="sr">, {starts} &ndash; {ends}{about}, {statuses[bar.status]}</span></{tag}></li>'
            )


def _escaped(arrows: list[Arrow], name: str) -> list[str]:
    return pieces.escaped(map(attrgetter(name), arrows))
