"""How places in a life are said: spans of stages, lengths of time, what a gate decided."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lifecycle.models import Decision, StageState, State, Verdict
from ui import formats

#: How a decision looks: tone and icon.
LOOKS = {
    Verdict.GO: ("ok", "check"),
    Verdict.CONDITIONAL: ("ok", "check-check"),
    Verdict.HOLD: ("warn", "pause"),
    Verdict.REDO: ("neutral", "undo-2"),
    Verdict.KILL: ("bad", "x"),
}


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


def span(row: StageState, today: date) -> str:
    """The line under a stage: when it was, or since when it is."""
    if row.state == State.NOT_STARTED:
        return ""
    if row.state == State.SKIPPED:
        return str(row.get_state_display())
    if row.state == State.ACTIVE:
        return _("Since %(day)s") % {"day": formats.day(row.started_on, today)} if row.started_on else _("Now")
    if row.started_on is None:
        return _("Before Cradle") if row.adopted else ""
    if row.ended_on is None or (row.started_on.year, row.started_on.month) == (row.ended_on.year, row.ended_on.month):
        return month(row.started_on)
    return f"{month(row.started_on)} – {month(row.ended_on)}"


def look(decision: Decision) -> dict[str, Any]:
    tone, icon = LOOKS[Verdict(decision.kind)]
    return {"tone": tone, "icon": icon}
