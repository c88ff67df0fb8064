"""How places in a life are said: spans of stages, lengths of time, what a gate decided."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lifecycle.models import State, Verdict
from lifecycle.standing import StageStanding
from ui import formats

#: How a decision looks: tone and icon.
LOOKS = {
    Verdict.GO: ("ok", "check"),
    Verdict.CONDITIONAL: ("ok", "check-check"),
    Verdict.HOLD: ("warn", "pause"),
    Verdict.REDO: ("neutral", "undo-2"),
    Verdict.KILL: ("bad", "x"),
}


def gate_address(workspace: str) -> str:
    """The addresses of gates as a pattern, for a product's key and a number."""
    return reverse("lifecycle:gate", args=[workspace, "-key-", 0]).replace("-key-", "%s").replace("/0/", "/%s/")


def lasting(days: int) -> str:
    """34 days, 20 months, 6 years: the largest unit that says enough."""
    if days < 60:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    months = round(days / 30.44)
    if months < 36:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    years = round(days / 365.25)
    return ngettext("%(n)d year", "%(n)d years", years) % {"n": years}


def month(day: date) -> str:
    return date_format(day, pgettext("date format: Mar 2025", "M Y"))


def span(row: StageStanding, today: date) -> str:
    """The line under a stage: when it was, or since when it is."""
    if row.state == State.NOT_STARTED:
        return ""
    if row.state == State.SKIPPED:
        return str(State(row.state).label)
    if row.state == State.ACTIVE:
        return _("Since %(day)s") % {"day": formats.day(row.started_on, today)} if row.started_on else _("Now")
    if row.started_on is None:
        return _("Before Cradle") if row.adopted else ""
    if row.ended_on is None or (row.started_on.year, row.started_on.month) == (row.ended_on.year, row.ended_on.month):
        return month(row.started_on)
    return f"{month(row.started_on)} – {month(row.ended_on)}"
