"""The tables and bars of the Insights page, drawn in Python: 400 numbers cost templates 25 ms, and 2 like this.

Names come from people and events and are escaped; the rest are numbers and days.
"""

from __future__ import annotations

from datetime import date
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ui import formats, pieces
from ui.drawn.measures import delta
from usage.charts import Bar, LifeChart, Line
from usage.insights import Insights
from usage.told_figures import Cohort, FeatureAdoption, Period


class InsightsDrawing:
    """What of `told` repeats; `workspace` and `key` are for the addresses of items."""

    def __init__(
        self, told: Insights, chart: LifeChart, workspace: str, key: str, *, in_numbers: bool, today: date
    ) -> None:
        self.told, self.chart, self.in_numbers, self.today = told, chart, in_numbers, today
        self.item = pieces.address("roadmap:item", workspace, key)
        self.of = escape(_("of %(n)s"))

    # --- adoption

    def adoption(self) -> SafeString:
        return pieces.joined(map(self._adoption, self.told.features))

    def _adoption(self, feature: FeatureAdoption) -> str:
        name = escape(feature.name)
        if feature.items:
            item = feature.items[0]
            head = f'<a href="{self.item % item.number}" title="{name}">{name}</a><span class="faint">{escape(item.key)}</span>'
        else:
            head = f'<span class="truncate" title="{escape(feature.key)}">{name}</span>'
        adopted, tried = feature.widths
        change = feature.change
        moved = delta(change, change > 0, "") if change else '<span class="faint">0</span>'
        return (
            f'<tr><th scope="row">{head}</th><td><div class="abar abar--two" style="--v:{adopted};--t:{tried}"><b></b><i></i>'
            f"</div></td>{_share(feature.tried_share, feature.tried)}{_share(feature.adopted_share, feature.adopted)}"
            f'<td class="num">{moved}</td></tr>\n'
        )

    # --- retention

    def cohorts(self) -> SafeString:
        mean = "" if self.in_numbers else self._mean()
        return pieces.joined([*map(self._cohort, self.told.cohorts), mean])

    def ages(self) -> SafeString:
        """The heads of the cohorts' weeks: `W0`, `W1` …"""
        name = escape(_("W%(n)s"))
        return pieces.joined(f'<th scope="col">{name % {"n": age}}</th>' for age in range(len(self.told.means)))

    def _cohort(self, row: Cohort) -> str:
        cells = "".join(
            "<td></td>"
            if count is None or share is None
            else f'<td class="h" style="--v:{share:.0f}">'
            f"{pieces.number(count) if self.in_numbers else pieces.number(share, 0)}</td>"
            for count, share in zip(row.kept, row.shares, strict=True)
        )
        size = f'<td class="num faint">{pieces.number(row.size)}</td>'
        return f'<tr><th scope="row">{pieces.day(row.start, self.today)}</th>{size}{cells}</tr>\n'

    def _mean(self) -> str:
        cells = "".join(f"<td>{pieces.number(mean, 0) if mean is not None else ''}</td>" for mean in self.told.means)
        return f'<tr class="heat__avg"><th scope="row">{escape(_("Mean"))}</th><td></td>{cells}</tr>'

    # --- weeks

    def life(self) -> SafeString:
        """The inside of the chart's SVG."""
        return pieces.joined([*map(_line, self.chart.lines), *map(self._bar, self.chart.bars)])

    def _bar(self, bar: Bar) -> str:
        period = bar.period
        pale = "" if period.finished else ' opacity=".72"'
        boxes = "".join(
            f'<rect class="tone-{box.tone}" x="{box.x}" y="{box.y}" width="{box.width}" height="{box.height}"/>'
            for box in bar.boxes
        )
        lapsed = (
            f'<text x="{bar.middle}" y="{bar.bottom}" text-anchor="middle">−{pieces.number(period.lapsed)}</text>'
            if period.lapsed
            else ""
        )
        label = escape(formats.day(period.start, self.today)) + ("" if period.finished else "*")
        return (
            f'<g{pale}>{boxes}</g><text class="is-strong" x="{bar.middle}" y="{bar.top}" text-anchor="middle">'
            f"{pieces.number(period.active)}</text>{lapsed}"
            f'<text class="is-label" x="{bar.middle}" y="246" text-anchor="middle">{label}</text>\n'
        )

    def weeks(self) -> SafeString:
        return pieces.joined(map(self._week, self.told.weeks))

    def _week(self, week: Period) -> str:
        open_word = "" if week.finished else f' <span class="faint">{escape(_("unfinished"))}</span>'
        counts = "".join(
            f'<td class="num">{pieces.number(count)}</td>'
            for count in (week.active, week.retained, week.new, week.resurrected)
        )
        lapsed = f'<td class="num">{"−" if week.lapsed else ""}{pieces.number(week.lapsed)}</td>'
        return f'<tr><th scope="row">{pieces.day(week.start, self.today)}{open_word}</th>{counts}{lapsed}</tr>\n'

    # --- time to adopt

    def times(self) -> SafeString:
        return pieces.joined(map(self._time, self.told.features))

    def marks(self) -> SafeString:
        """The heads of the days by which somebody had begun."""
        name = escape(_("By day %(mark)s"))
        return pieces.joined(
            f'<th scope="col" class="num">{name % {"mark": pieces.number(mark)}}</th>' for mark in self.told.marks
        )

    def _time(self, feature: FeatureAdoption) -> str:
        released = feature.released_on
        when = pieces.day(released, self.today) if released else escape(_("not linked to a release"))
        marks = "".join(
            '<td class="num">—</td>'
            if share is None
            else f'<td class="num">{pieces.percent(share)} <span class="faint">'
            f"{self.of % {'n': pieces.number(followed)}}</span></td>"
            for _mark, share, followed in feature.by_marks
        )
        days = feature.median_days
        if days is None:
            middle = f'<span class="faint">{escape(_("not reached"))}</span>'
        else:
            middle = f"<b>{escape(ngettext('%(n)s day', '%(n)s days', days)) % {'n': pieces.number(days)}}</b>"
        return (
            f'<tr><th scope="row">{escape(feature.name)}</th><td class="lo muted">{when}</td>'
            f'<td class="num">{pieces.number(feature.population)}</td>{marks}<td class="num">{middle}</td></tr>\n'
        )


def _share(share: float | None, count: int) -> str:
    return f'<td class="num"><b>{pieces.percent(share)}</b> <span class="faint">{pieces.number(count)}</span></td>'


def _line(line: Line) -> str:
    css = "grid-line" if line.value else "axis"
    return (
        f'<line class="{css}" x1="40" x2="1120" y1="{line.y}" y2="{line.y}"/>'
        f'<text x="32" y="{line.text_y}" text-anchor="end">{pieces.number(line.value)}</text>\n'
    )
