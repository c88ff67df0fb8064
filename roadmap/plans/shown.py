"""What a card says besides its title: the column that each fact needs, and how it is drawn.

A fact of an app to the right, as the demand, comes from the columns that it gave to the table (roadmap/backlog/table.py). Every text is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.db.models.fields.json import KeyTransform
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.together import Together
from listing.together import array
from products.models import KeyResult
from products.models.strategy import mean_progress
from roadmap.backlog import table
from roadmap.models import CustomField
from roadmap.plans.designs import OWN_KEY, Precision, Shown
from ui import formats, pieces

LONGEST, SHORTEST_CUT = 140, 30
PATHS = {
    Shown.PROBLEM.value: "problem__statement",
    Shown.OBJECTIVE.value: "objective__name",
    Shown.RELEASE.value: "release__name",
    Shown.LEAD.value: "lead__user__name",
    Shown.SCORE.value: "score",
    Shown.EFFORT.value: "effort",
    Shown.TAGS.value: "tags",
}
#: From the table's columns of apps to the right.
PROVIDED = {Shown.DEMAND.value}


def fact_of(name: str) -> Any:
    """The column of a fact: a path or an expression; None where the row has it anyway, or another app."""
    if name == Shown.RESULT:
        return _result()
    if OWN_KEY.fullmatch(name):
        return KeyTransform(name, "custom")
    return PATHS.get(name)


def _result() -> Subquery:
    """The first key result of the item's goal: name, unit, start, now, target."""
    results = KeyResult.objects.filter(objective=OuterRef("objective")).order_by("pk")
    return Subquery(results.values(told=array([F(one) for one in ("name", "unit", "start", "now", "target")]))[:1])


@dataclass
class Facts:
    """Draws what the cards of one roadmap say. `own`: the workspace's own fields by key."""

    names: tuple[str, ...]
    today: date
    precision: str = Precision.DAY.value
    own: Mapping[str, CustomField] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    provided: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def ask(self, ids: list[int], member: Member, together: Together | None = None) -> None:
        """What other apps know of these rows, in one statement."""
        known = table.columns() if PROVIDED & set(self.names) else {}
        columns = [known[name] for name in self.names if name in PROVIDED and name in known]
        self.provided = table.facts_of(columns, ids, member, together) if columns and ids else {}

    def of(self, row: Any) -> list[tuple[str, str]]:
        """Name and HTML of each fact that the row has."""
        drawn = []
        for name, value in zip(self.names, row.facts, strict=True):
            html = self.draw(name, row, value)
            if html:
                drawn.append((name, html))
        return drawn

    def draw(self, name: str, row: Any, value: Any) -> str:
        if name in PROVIDED:
            said = self.provided.get(name, {}).get(row.pk, "")
            return f'<span class="num">{escape(said)}</span>' if said else ""
        if name == Shown.KEY:
            return f'<span class="t-id">{escape(row.product)}-{row.number}</span>'
        if name == Shown.STATUS:
            return pieces.status(row.status, row.category)
        if name == Shown.DATES:
            return self.dates(row.starts_on, row.ends_on)
        if value is None or value in ("", []):
            return ""
        if OWN_KEY.fullmatch(name):
            return self._own(name, value)
        return str(DRAWN[name](value))

    def dates(self, start: date | None, end: date | None) -> str:
        """As exact as the roadmap says."""
        said = self.days_said(start, end)
        return f'<span class="nowrap">{escape(said)}</span>' if said else ""

    def days_said(self, start: date | None, end: date | None) -> str:
        """The same as text."""
        days = [self.day_said(day) for day in (start, end) if day is not None]
        if self.precision == Precision.DAY and start and end:
            return str(formats.span(start, end, self.today))
        return " – ".join(dict.fromkeys(days))

    def day_said(self, day: date) -> str:
        """A day as exactly as the roadmap says days."""
        if self.precision == Precision.QUARTER:
            return _("Q%(quarter)s %(year)s") % {"quarter": (day.month + 2) // 3, "year": day.year}
        if self.precision == Precision.MONTH:
            return date_format(day, "M Y")
        return str(formats.day(day, self.today))

    def _own(self, key: str, value: Any) -> str:
        own = self.own.get(key)
        if own is None:
            return ""
        said = own.shown(value, dict(self.people))
        if not said:
            return ""
        return f'<span><span class="faint">{escape(own.name)}</span> {escape(_short(said))}</span>'


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else Truncator(text).chars(LONGEST)


def _result_said(held: list[Any]) -> str:
    name, unit, start, now, target = held
    result = KeyResult(start=Decimal(str(start)), now=Decimal(str(now)), target=Decimal(str(target)))
    progress = mean_progress([result])
    said = f"{pieces.rounded(result.now, -2)} / {pieces.rounded(result.target, -2)} {unit}".strip()
    bar = pieces.progress(float(progress or 0), "", "", name)
    return (
        f'<span class="fact__kr"><span>{escape(name)} <span class="num faint">{escape(said)}</span></span>{bar}</span>'
    )


@lru_cache(maxsize=4096)
def _score(score: Decimal, language: str | None) -> str:
    return f'<span class="num">{escape(_("Score %(n)s") % {"n": pieces.rounded(score)})}</span>'


def _objective(name: str) -> str:
    """A narrow card cuts it, so that a long one is told where it is pointed at."""
    hint = f' title="{name}"' if len(name) > SHORTEST_CUT else ""
    return f'<span class="tag"{hint}>{name}</span>'


def _tags(names: Iterable[str]) -> str:
    return "".join(f'<span class="tag">{escape(name)}</span>' for name in names)


DRAWN: dict[str, Any] = {
    Shown.PROBLEM.value: lambda text: f"<p>{escape(_short(text))}</p>",
    Shown.OBJECTIVE.value: lambda name: _objective(escape(name)),
    Shown.RESULT.value: _result_said,
    Shown.RELEASE.value: lambda name: f'<span class="faint">{escape(name)}</span>',
    Shown.LEAD.value: lambda name: pieces.face(name),
    Shown.SCORE.value: lambda score: _score(score, get_language()),
    Shown.EFFORT.value: lambda effort: pieces.weeks(effort),
    Shown.TAGS.value: _tags,
}
