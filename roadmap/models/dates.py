"""How firm an item's days are, and from where it is known how far it has come."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Certainty(models.TextChoices):
    """What the days of an item promise: these days, about these days (the farther off the less so), or these quarters."""

    FIRM = "firm", _("Firm days")
    RANGE = "range", _("A range")
    QUARTER = "quarter", _("Only the quarter")


class ProgressFrom(models.TextChoices):
    """Automatic: shipped is all; else by the items below, by requirements where there are none, by hand where there are neither."""

    AUTO = "auto", _("Automatic")
    ITEMS = "items", _("Items below")
    REQUIREMENTS = "requirements", _("Requirements")
    HAND = "hand", _("Set by hand")


DATES = ("starts_on", "ends_on", "certainty")


def quarter_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's quarter."""
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    following = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, following - timedelta(days=1)


def keep_to_quarters(item: Any) -> dict[str, Any]:
    """Of an item of which only the quarters are known, the days are the edges of these. Sets them; returns what was set."""
    if item.certainty != Certainty.QUARTER:
        return {}
    wanted = {
        "starts_on": item.starts_on and quarter_of(item.starts_on)[0],
        "ends_on": item.ends_on and quarter_of(item.ends_on)[1],
    }
    changed = {name: day for name, day in wanted.items() if day != getattr(item, name)}
    for name, day in changed.items():
        setattr(item, name, day)
    return changed
