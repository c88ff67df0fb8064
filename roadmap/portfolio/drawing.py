"""The portfolio roadmap, drawn in Python from the rows of roadmap/portfolio/rows.py. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from products.models import Health, Stage
from roadmap.plans.designs import month_after
from roadmap.portfolio.marks import Segment
from roadmap.portfolio.rows import Portfolio, ProductRow
from ui import formats, pieces, stages

AREA, LETTER, AROUND = 1140, 6.4, 14  # pixels: of the usual width of the drawing, of a letter, beside a label
NAMED = 7.0  # percent of the width that a stage's name needs
ICONS = {one.key: one.icon for one in stages.STAGES}
MARKS = {"launch": ("launch", "megaphone"), "end": ("end", "sunset"), "gate": ("gate", "")}


@dataclass(frozen=True)
class Placed:
    """A mark where it is drawn: percent from the left, its name before or behind it, or nowhere (then it is in its title alone)."""

    x: float
    css: str
    icon: str
    name: str
    day: date
    url: str
    stage: str = ""
    side: str = ""


class PortfolioDrawing:
    def __init__(self, portfolio: Portfolio, workspace: str) -> None:
        self.portfolio, self.today = portfolio, portfolio.today
        self.days = (portfolio.last - portfolio.first).days + 1
        self.overview = pieces.address("products:overview", workspace)
        self.workspace = workspace

    def at(self, day: date) -> float:
        return round((day - self.portfolio.first).days / self.days * 100, 2)

    def quarters(self) -> SafeString:
        parts = []
        for n in range(0, 15, 3):
            first = month_after(self.portfolio.first, n)
            name = _("Q%(quarter)s") % {"quarter": (first.month + 2) // 3}
            shown = _("Q%(quarter)s %(year)s") % {"quarter": (first.month + 2) // 3, "year": first.year}
            parts.append(
                f'<span class="pr__q" style="--x:{self.at(first)}">{escape(shown if n == 0 or first.month == 1 else name)}</span>'
            )
        return pieces.joined([*parts, self._now()])

    def _now(self) -> str:
        if not self.portfolio.first <= self.today <= self.portfolio.last:
            return ""
        return f'<span class="tl__now pr__now" style="--x:{self.at(self.today)}">{pieces.day(self.today, self.today)}</span>'

    def grid(self) -> SafeString:
        months = [month_after(self.portfolio.first, n) for n in range(15)]
        lines = [
            f'<i{" class=is-q" if n % 3 == 0 else ""} style="--x:{self.at(first)}"></i>'
            for n, first in enumerate(months)
        ]
        if self.portfolio.first <= self.today <= self.portfolio.last:
            lines.append(f'<i class="is-now" style="--x:{self.at(self.today)}"></i>')
        return pieces.joined(lines)

    def rows(self) -> SafeString:
        return pieces.joined(map(self._row, self.portfolio.rows))

    def _row(self, row: ProductRow) -> str:
        product = row.product
        lead = escape(product.lead.name) if product.lead_id else f'<span class="faint">{escape(_("No lead"))}</span>'
        placed = self._placed(row)
        marks = "".join(map(self._mark, placed))
        segments = "".join(self._segment(one, placed) for one in row.life.segments)
        return (
            f'<div class="pr__row"><a class="pr__lane" href="{self.overview % escape(product.key)}">{pieces.tile(product.name, product.stage, "md")}'
            f'<span class="grow truncate"><b>{escape(product.name)}</b><span>{lead}</span></span>{self._health(row)}</a>'
            f'<div class="pr__area">{segments}{marks}</div></div>\n'
        )

    def _health(self, row: ProductRow) -> str:
        said = pieces.health(row.standing.health, text=False)
        if not row.standing.below:
            return said
        words = ngettext(
            "%(health)s: %(n)d goal or initiative of it is so",
            "%(health)s: %(n)d goals and initiatives of it are so",
            row.standing.below,
        ) % {"health": Health(row.standing.health).label, "n": row.standing.below}
        return f'<span class="pr__below" title="{escape(words)}">{said}</span>'

    def _segment(self, one: Segment, marks: list[Placed]) -> str:
        first, last = one.starts_on or self.portfolio.first, one.ends_on or self.portfolio.last
        if last < self.portfolio.first or first > self.portfolio.last or last <= first:
            return ""
        x = self.at(max(first, self.portfolio.first))
        width = round((100.0 if one.ends_on is None or last > self.portfolio.last else self.at(last)) - x, 2)
        name = escape(Stage(one.stage).label)
        begins = x + 0.6
        for mark in marks:  # its name stands behind what would lie on it
            if begins - 1.0 < mark.x < begins + NAMED:
                begins = mark.x + 1.2
        words = f'<span class="sr">{name}</span>'
        if begins + NAMED < x + width:
            words = f"<span>{pieces.icon(ICONS[one.stage], 'icon--12')}{name}</span>"
        offset = round((begins - x) / width * 100, 1) if begins > x + 1 else 0
        css = "is-plan" if one.is_planned else "is-eol" if one.stage == Stage.END_OF_LIFE and one.ends_on else ""
        return f'<span class="pr__seg {css}" data-stage="{one.stage}" style="--x:{x};--w:{width}{f";--o:{offset}" if offset else ""}" title="{name}">{words}</span>'

    def _placed(self, row: ProductRow) -> list[Placed]:
        """Releases, milestones and gates by day, each named where there is room."""
        key = row.product.key
        board = pieces.address("roadmap:releases", self.workspace) % key
        found = [
            Placed(self.at(one.day), f"{'rel' if one.kind == 'release' else 'stone'} {'is-' + one.state if one.state else ''}".strip(),
                   "check" if one.state == "done" else "", one.name, one.day, board if one.kind == "release" else "")
            for one in row.events
        ]  # fmt: skip
        for mark in row.life.marks:
            if self.portfolio.first <= mark.day <= self.portfolio.last:
                css, icon = MARKS[mark.kind]
                stage = "in_life" if mark.kind == "launch" else ""
                found.append(
                    Placed(
                        self.at(mark.day),
                        f"{css} {'is-' + mark.state if mark.state else ''}".strip(),
                        icon,
                        mark.name,
                        mark.day,
                        mark.url,
                        stage,
                    )
                )
        return list(self._named(sorted(found, key=lambda one: one.x)))

    def _named(self, marks: list[Placed]) -> Iterable[Placed]:
        taken = -100.0
        for n, one in enumerate(marks):
            width = (len(f"{one.name} {formats.day(one.day, one.day)}") * LETTER + AROUND) / AREA * 100
            following = marks[n + 1].x if n + 1 < len(marks) else 200.0
            if (
                one.x >= taken
                and one.x + width <= 100
                and (one.x + width <= following or (one.x - width < taken and "stone" not in one.css))
            ):
                side, taken = "behind", one.x + width
            elif one.x - width >= max(taken, 0):
                side, taken = "flip", one.x + 1.0
            else:
                side, taken = "bare", max(taken, one.x + 1.0)
            yield Placed(one.x, one.css, one.icon, one.name, one.day, one.url, one.stage, side)

    def _mark(self, one: Placed) -> str:
        name, day = escape(one.name), _day(one.day)
        words = f"<span>{name} {day}</span>" if one.side != "bare" else f'<span class="sr">{name} {day}</span>'
        picture = pieces.icon(one.icon, "icon--12") if one.icon else ""
        attributes = (
            f'class="pr__m is-{one.css}{" is-flip" if one.side == "flip" else ""}"{f" data-stage={one.stage}" if one.stage else ""}'
            f' style="--x:{one.x}" title="{name}, {escape(formats.day(one.day, one.day))}"'
        )
        if not one.url:
            return f"<span {attributes}><i>{picture}</i>{words}</span>"
        return f'<a {attributes} href="{one.url}"><i>{picture}</i>{words}</a>'


def _day(day: date) -> str:
    """Without its year, which stands above."""
    return f'<time datetime="{day.isoformat()}">{escape(formats.day(day, day))}</time>'
