"""A comparison, drawn in Python: bars of before and after in lanes, the list of what changed, its table. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from html import escape

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from roadmap.models.item_alias import ItemAlias
from roadmap.time_machine.compared import Compared, Deed
from roadmap.time_machine.comparing import Comparison, Difference, Kind, Noun, Planned
from roadmap.time_machine.points import Point
from roadmap.time_machine.told_differences import ICONS, KINDS, LOOKS, also, amount, dates, moved, rescoped, shift, when
from ui import formats, pieces
from ui.words import gettext as _

MOST_ROWS, ALL_ROWS, MOST_SAME = 100, 2000, 150
WIDTHS = ((130, 8.0), (400, 3.7), (100_000, 1.6))  # days up to which a day is so many pixels wide
NARROW = 2.0  # pixels of a day below which a month has no room for its name
BEFORE, AFTER = timedelta(days=92), timedelta(days=731)  # at most that far beyond the two moments is drawn
DAY = timedelta(days=1)
WORDS = {Kind.ADDED: "added", Kind.DROPPED: "dropped", Kind.SHIPPED: "shipped", Kind.REOPENED: "reopened"}


class ComparisonDrawing:
    """The parts of the page. Of many differences the farthest of each kind were found and are drawn, and the rest is `left_out`."""

    def __init__(self, found: Compared, ends: tuple[Point, Point], today: date, item_url: str) -> None:
        """`item_url` is the address of an item with places for its product and number."""
        self.compared, self.found, self.today = found, found.found, today
        self.since, self.until = ends
        self.item_url = item_url
        self.drawn = self.found.comparison
        self.left_out = sum(self.found.shown.values()) - len(self.drawn)
        plans = [plan for one in self.drawn for plan in (one.before, one.after) if plan is not None]
        self.same = self.found.unchanged
        self.same_left_out = self.found.same_items - len(self.same)
        self.first, self.last = self._span([*plans, *self.same])
        self.days = (self.last - self.first).days + 1
        self.day_width = next(width for most, width in WIDTHS if self.days <= most)

    # --- the timeline

    def _span(self, plans: Iterable[Planned]) -> tuple[date, date]:
        """Whole months around all that is drawn, but not farther than one looks."""
        all_days = [day for plan in plans for day in (plan.starts_on, plan.end) if day is not None]
        low, high = self.since.day - BEFORE, self.until.day + AFTER
        inside = [day for day in all_days if low <= day <= high] or [self.until.day]
        first, last = min([*inside, self.until.day]), max([*inside, self.until.day])
        following = (last.replace(day=28) + timedelta(days=18)).replace(day=1)
        return first.replace(day=1), (following.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY

    @property
    def width(self) -> int:
        return round(self.days * self.day_width)

    def scale(self) -> SafeString:
        months = []
        for n, first in enumerate(self._months()):
            length = ((first.replace(day=28) + timedelta(days=4)).replace(day=1) - first).days
            narrow = self.day_width < NARROW
            year = f" <span>{first.year}</span>" if (n == 0 or first.month == 1) and not narrow else ""
            quarter = " is-q" if first.month % 3 == 1 else ""
            name = escape(date_format(first, "M")) if not narrow or quarter else ""
            name = str(first.year) if narrow and first.month == 1 else name
            months.append(
                f'<div class="tl__month{quarter}" style="--from:{self._offset(first)};--days:{length}"><b>{name}</b>{year}</div>'
            )
        now = f'<span class="tl__now" style="--from:{self._offset(self.today)}">{pieces.day(self.today, self.today)}</span>'
        return pieces.joined([*months, now if self.first <= self.today <= self.last else ""])

    def grid(self) -> SafeString:
        lines = [
            f'<i{" class=is-q" if first.month % 3 == 1 else ""} style="--from:{self._offset(first)}"></i>'
            for first in self._months()
        ]
        now = f'<i class="is-now" style="--from:{self._offset(self.today)}"></i>'
        return pieces.joined([*lines, now if self.first <= self.today <= self.last else ""])

    def _months(self) -> Iterable[date]:
        first = self.first
        while first <= self.last:
            yield first
            first = (first.replace(day=28) + timedelta(days=4)).replace(day=1)

    def rows(self) -> SafeString:
        groups: dict[str, list[tuple[Planned, Difference | None]]] = {}
        drawn = [(one.there, one) for one in self.drawn]
        for plan, one in [*drawn, *((plan, None) for plan in self.same)]:
            lane = plan.lane or _("No goal") if plan.noun == Noun.ITEM else ""
            groups.setdefault(lane, []).append((plan, one))
        parts = []
        for lane in sorted(groups, key=lambda name: (_gravest(groups[name]), name != "", name == _("No goal"), name)):
            rows = sorted(groups[lane], key=lambda row: (row[0].starts_on or row[0].end or date.max, row[0].key))
            parts.append(f'<div class="df__group">{escape(lane or _("Releases and milestones"))}</div>')
            parts += [self._row(plan, one) for plan, one in rows]
        return pieces.joined(parts)

    def _row(self, plan: Planned, one: Difference | None) -> str:
        look = LOOKS[one.kind] if one else "same"
        title, anchor = escape(plan.title), f' id="df-{escape(plan.key)}"' if one else ""
        name = f"<s>{title}</s>" if look == "drop" else title
        address = self._address(plan)
        head = (
            f'<a class="df__lane" href="{address}" title="{title}">{name}</a>'
            if address
            else f'<span class="df__lane" title="{title}">{name}</span>'
        )
        area = self._area(one) if one else self._bar("df__new", plan, "", "")
        return f'<div class="df__row is-{look}"{anchor}>{head}<div class="df__area">{area}</div></div>\n'

    def _area(self, one: Difference) -> str:
        parts = []
        if one.before is not None and one.before != one.after:
            parts.append(self._bar("df__old", one.before, _("was %(when)s"), ""))
        if one.after is not None:
            icon = {Kind.SHIPPED: "check", Kind.ADDED: "plus"}.get(one.kind)
            parts.append(
                self._bar("df__new", one.after, _("now %(when)s"), pieces.icon(icon, "icon--12") if icon else "")
            )
        if one.end_moved and one.kind in (Kind.SLIPPED, Kind.PULLED) and one.before and one.after:
            first, last = sorted((one.before.end or self.first, one.after.end or self.first))
            first, last = max(first, self.first), min(last, self.last)
            if first < last:
                parts.append(
                    f'<span class="df__arrow" style="--from:{self._offset(first) + 1};--days:{(last - first).days}"></span>'
                )
        return "".join(parts) + self._label(one)

    def _label(self, one: Difference) -> str:
        words = _(WORDS[one.kind]) if one.kind in WORDS else amount(one, self.today)
        ends = [plan.end for plan in (one.before, one.after) if plan is not None and plan.end is not None]
        if not words or not ends:
            return ""
        at = min(max(self._offset(max(ends)) + 1, 0), self.days)
        return f'<span class="df__lab" style="--from:{at}">{escape(words)}</span>'

    def _bar(self, css: str, plan: Planned, words: str, inside: str) -> str:
        start, end = plan.starts_on or plan.end, plan.end
        if start is None or end is None or end < self.first or start > self.last:
            return ""
        start, end = max(start, self.first), min(end, self.last)
        said = escape(words % {"when": when(plan, self.today)}) if words else escape(when(plan, self.today))
        return (
            f'<span class="{css}" style="--from:{self._offset(start)};--days:{(end - start).days + 1}">{inside}'
            f'<span class="sr">{said}</span></span>'
        )

    def _offset(self, day: date) -> int:
        return (day - self.first).days

    def _address(self, plan: Planned) -> str:
        if plan.noun != Noun.ITEM:
            return ""
        product, _dash, number = plan.key.rpartition("-")
        return escape(self.item_url.replace("KEY", product) % number)

    # --- the list

    def listed(self) -> SafeString:
        return pieces.joined(self._section(kind, count) for kind, count in self.found.shown.items())

    @cached_property
    def deeds(self) -> dict[str, Deed]:
        return self.compared.deeds_of(self.drawn)

    @cached_property
    def went(self) -> Mapping[str, str]:
        """Of the items that are gone from these products, the keys under which they stand in others. Asks only where some are gone."""
        gone = [one.key for one in self.drawn if one.after is None and one.there.noun == Noun.ITEM]
        return ItemAlias.objects.visible_to(self.found.asked.member).now_of(gone)

    def _also(self, one: Difference) -> str:
        went = self.went.get(one.key)
        return "; ".join(part for part in (went and _("it is %(key)s now") % {"key": went}, also(one)) if part)

    def _section(self, kind: Kind, count: int) -> str:
        rows = self.drawn.listed(kind)
        head = f'{pieces.icon(ICONS[kind], "icon--14")}{escape(KINDS[kind])} <span class="faint">{count}</span>'
        articles = "".join(map(self._article, rows))
        return f'<section class="dfl__g is-{LOOKS[kind]}"><h2>{head}</h2>{articles}{_more(count - len(rows))}</section>'

    def _article(self, one: Difference) -> str:
        address, title = self._address(one.there), escape(one.there.title)
        name = f'<a href="{address}">{title}</a>' if address else f"<span>{title}</span>"
        deed = self.deeds.get(one.key)
        more = self._also(one)
        return (
            f'<article class="dfl__i"><header>{name}<b>{escape(amount(one, self.today))}</b></header>'
            f"{self._why(one, deed, address)}{f'<p>{escape(more)}</p>' if more else ''}{self._who(one, deed)}</article>"
        )

    def _why(self, one: Difference, deed: Deed | None, address: str) -> str:
        if deed is not None and deed.why:
            return f"<p>{escape(deed.why)}</p>"
        if Kind.SLIPPED not in one.kinds or one.kind != Kind.SLIPPED:
            return ""
        first = deed.who.split(" ")[0].split("@")[0] if deed else ""
        ask = (
            f' <a href="{address}#discussion">{escape(_("Ask %(who)s") % {"who": first})}</a>'
            if first and address
            else ""
        )
        return f'<p class="dfl__none">{escape(_("No reason given."))}{ask}</p>'

    def _who(self, one: Difference, deed: Deed | None) -> str:
        days = dates(one, self.today)
        end = f'<span class="end num">{escape(days)}</span>' if days else ""
        if deed is None:
            return f"<footer>{end}</footer>" if end else ""
        told = f"{escape(deed.who)} · {escape(formats.near(deed.at, self.today))}"
        return f"<footer>{pieces.face(deed.who, 'sm', label=False)}{told}{end}</footer>"

    # --- the table

    def table(self) -> SafeString:
        return pieces.joined(self._line(cells) for cells in self.lines(self.drawn, self.deeds))

    def _line(self, cells: Sequence[str]) -> str:
        return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>\n"

    def lines(self, comparison: Comparison, deeds: Mapping[str, Deed]) -> Iterable[list[str]]:
        """What the table and the file say of each: in the order of kinds, the farthest first."""
        for differences in comparison.by_kind.values():
            for one in differences:
                yield self._cells(one, deeds.get(one.key))

    def _cells(self, one: Difference, deed: Deed | None) -> list[str]:
        kinds = ", ".join(str(KINDS[kind]) for kind in Kind if kind in one.kinds)
        more = [
            _("end %(days)s") % {"days": shift(one.end_moved)} if one.end_moved else moved(one),
            rescoped(one),
            self._also(one),
        ]
        return [
            one.key if one.there.noun == Noun.ITEM else NOUNS[one.there.noun](), one.there.title, kinds,
            when(one.before, self.today) if one.before else "", when(one.after, self.today) if one.after else "",
            "; ".join(dict.fromkeys(filter(None, more))), deed.who if deed else "",
            formats.day(deed.at, self.today) if deed else "", deed.why if deed else "",
        ]  # fmt: skip


def _gravest(rows: Iterable[tuple[Planned, Difference | None]]) -> int:
    """The place of the first of these rows' kinds among all; that of a lane in which nothing changed comes last."""
    kinds = list(Kind)
    return min(kinds.index(one.kind) if one else len(kinds) for _plan, one in rows)


def _more(count: int) -> str:
    """How many of a kind are left out."""
    if not count:
        return ""
    return f'<p class="faint fs-12">{escape(ngettext("%(n)d more", "%(n)d more", count) % {"n": count})}</p>'


NOUNS = {Noun.RELEASE: lambda: _("Release"), Noun.MILESTONE: lambda: _("Milestone")}


def heads() -> list[str]:
    """Of the table and the file."""
    return [
        _("Key"), _("What"), _("Changed"), _("Before"), _("After"), _("By how much"), _("Who"), _("When"), _("Why"),
    ]  # fmt: skip
