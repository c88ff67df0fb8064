"""The next releases of a product, drawn for its overview: day, name, what it is, how many of its items are shipped."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ui import pieces

LONGEST = 120


class Upcoming(NamedTuple):
    """A release that is not out yet."""

    name: str
    description: str
    ends_on: date | None
    all_items: int
    done_items: int

    @property
    def percent(self) -> int:
        return round(100 * self.done_items / (self.all_items or 1))


def upcoming_rows(releases: Iterable[Upcoming], workspace: str, key: str, today: date) -> SafeString:
    """The lines of their list; "" where there are none."""
    return pieces.joined(_row(one, reverse("roadmap:releases", args=[workspace, key]), today) for one in releases)


def _row(one: Upcoming, url: str, today: date) -> str:
    about = Truncator(one.description).chars(LONGEST)
    said = f'<p class="rel__desc">{escape(about)}</p>' if about else ""
    when = pieces.near(one.ends_on, today) if one.ends_on else escape(_("no day set"))
    count = _("%(done)s of %(all)s shipped") % {"done": one.done_items, "all": one.all_items}
    return (
        f'<li class="rel"><div class="rel__date">{_leaf(one.ends_on)}</div><div class="grow"><div class="row">'
        f'<a class="rel__name" href="{escape(url)}">{escape(one.name)}</a><span class="grow rel__when">{when}</span></div>\n'
        f'{said}<div class="row">{pieces.progress(one.percent, "", "grow", one.name)}'
        f'<span class="rel__count">{escape(count if one.all_items else _("no items yet"))}</span></div></div></li>'
    )


def _leaf(day: date | None) -> str:
    """As a calendar shows a day."""
    if day is None:
        return "<b>–</b>"
    return f'<time datetime="{day.isoformat()}"><b>{day.day}</b>{escape(date_format(day, "M"))}</time>'
