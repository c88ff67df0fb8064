"""What became of a plan, in words: by how much, from when to when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from roadmap.models import Horizon
from roadmap.time_machine.comparing import Difference, Kind, Planned
from ui import formats
from ui.words import gettext as _

KINDS = {
    Kind.SLIPPED: gettext_lazy("Slipped"),
    Kind.PULLED: gettext_lazy("Pulled forward"),
    Kind.ADDED: gettext_lazy("Added"),
    Kind.DROPPED: gettext_lazy("Dropped"),
    Kind.SHIPPED: gettext_lazy("Shipped"),
    Kind.REOPENED: gettext_lazy("Reopened"),
    Kind.RESCOPED: gettext_lazy("Re-scoped"),
    Kind.RENAMED: gettext_lazy("Renamed"),
}
ICONS = {
    Kind.SLIPPED: "arrow-right",
    Kind.PULLED: "arrow-up",
    Kind.ADDED: "plus",
    Kind.DROPPED: "x",
    Kind.SHIPPED: "check",
    Kind.REOPENED: "undo-2",
    Kind.RESCOPED: "scale",
    Kind.RENAMED: "pencil",
}
LOOKS = {
    Kind.SLIPPED: "slip",
    Kind.PULLED: "pull",
    Kind.ADDED: "add",
    Kind.DROPPED: "drop",
    Kind.SHIPPED: "ship",
    Kind.REOPENED: "slip",
    Kind.RESCOPED: "scope",
    Kind.RENAMED: "scope",
}
WEEKS_FROM = 14  # days


def shift(days: int) -> str:
    """`+2 weeks`, `−5 days`: whole weeks from two on, else days."""
    sign, count = ("+" if days > 0 else "−"), abs(days)
    if count >= WEEKS_FROM and count % 7 == 0:
        return sign + ngettext("%(n)d week", "%(n)d weeks", count // 7) % {"n": count // 7}
    return sign + ngettext("%(n)d day", "%(n)d days", count) % {"n": count}


def moved(one: Difference) -> str:
    """By how much it went, by its end, else its start, else from one horizon to another; empty where it stayed."""
    if one.before is None or one.after is None:
        return ""
    if one.end_moved:
        return shift(one.end_moved)
    if one.start_moved:
        return _("start %(days)s") % {"days": shift(one.start_moved)}
    if one.before.horizon != one.after.horizon:
        return f"{_horizon(one.before)} → {_horizon(one.after)}"
    return ""


def rescoped(one: Difference) -> str:
    """`effort 3 → 5, 2 items in, 1 out`; empty where neither estimate nor scope changed."""
    parts = []
    if one.before is not None and one.after is not None and one.before.effort != one.after.effort:
        parts.append(_("effort %(before)s → %(after)s") % {"before": _effort(one.before), "after": _effort(one.after)})
    if one.came_in:
        parts.append(ngettext("%(n)d item in", "%(n)d items in", len(one.came_in)) % {"n": len(one.came_in)})
    if one.went_out:
        parts.append(ngettext("%(n)d item out", "%(n)d items out", len(one.went_out)) % {"n": len(one.went_out)})
    return ", ".join(parts)


def amount(one: Difference, today: date) -> str:
    """What stands beside its name: how far, when, or how much."""
    kind = one.kind
    if kind in (Kind.SLIPPED, Kind.PULLED):
        return moved(one)
    if kind == Kind.ADDED:
        return when(one.there, today)
    if kind == Kind.DROPPED:
        return _("was %(when)s") % {"when": when(one.there, today)}
    if kind in (Kind.SHIPPED, Kind.REOPENED):
        return moved(one) or _("as planned")
    if kind == Kind.RESCOPED:
        return rescoped(one)
    return ""


def also(one: Difference) -> str:
    """What happened to it besides what it is listed under."""
    parts = []
    if one.kind not in (Kind.SLIPPED, Kind.PULLED, Kind.SHIPPED, Kind.REOPENED):
        parts.append(moved(one))
    if one.kind != Kind.RESCOPED:
        parts.append(rescoped(one))
    if Kind.RENAMED in one.kinds and one.before is not None:
        parts.append(_("was called “%(title)s”") % {"title": one.before.title})
    return "; ".join(part for part in parts if part)


def when(plan: Planned, today: date) -> str:
    """Its days or its horizon."""
    if plan.horizon:
        return _horizon(plan)
    if plan.starts_on is None:
        return formats.day(plan.end, today)
    return formats.span(plan.starts_on, plan.ends_on, today)


def dates(one: Difference, today: date) -> str:
    """`5 Feb → 5 Mar`: its end before and after; empty where there are not two."""
    if one.before is None or one.after is None or not one.end_moved:
        return ""
    return f"{formats.day(one.before.end, today)} → {formats.day(one.after.end, today)}"


def summary(counts: dict[Kind, int]) -> str:
    """`3 slipped, 1 added`."""
    words: dict[Kind, Any] = {
        Kind.SLIPPED: _("%(n)d slipped"), Kind.PULLED: _("%(n)d pulled forward"), Kind.ADDED: _("%(n)d added"),
        Kind.DROPPED: _("%(n)d dropped"), Kind.SHIPPED: _("%(n)d shipped"), Kind.REOPENED: _("%(n)d reopened"),
        Kind.RESCOPED: _("%(n)d re-scoped"), Kind.RENAMED: _("%(n)d renamed"),
    }  # fmt: skip
    return ", ".join(words[kind] % {"n": count} for kind, count in counts.items())


def _effort(plan: Planned) -> str:
    return formats.number(plan.effort if plan.effort is not None else None) if plan.effort != Decimal(0) else "0"


def _horizon(plan: Planned) -> str:
    return str(dict(Horizon.choices).get(plan.horizon, plan.horizon))
