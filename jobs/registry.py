"""Kinds of jobs: which function does the work of a job row. Apps register theirs in `<app>/tasks.py`.

    @job("import_backlog", _("Import"), stoppable=True)
    def import_backlog(job: Job, *, upload: int) -> dict[str, Any]:
        ...
        job.report(done=300, total=2418, text=_("creating items"))
        return {"created": 2406, "rejected": 12}

A job may run twice, or be ended by `kill -9` anywhere and begin again: its function must be harmless to repeat. What it
returns is kept as the row's `result`. It says no for good by raising Refused with a sentence for the person; any other
exception is tried again, five times in all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import autodiscover_modules

#: Seconds until the second, third, … try.
DELAYS = (5, 30, 120, 600)

Work = Callable[..., dict[str, Any] | None]


class UnknownKind(LookupError):
    """No app registers a job of this kind."""


@dataclass(frozen=True)
class Kind:
    """`label` names the work for people; `template` shows a finished job's result below the progress card. Quiet kinds
    are listed only while they are not done."""

    name: str
    label: Any
    work: Work
    template: str
    stoppable: bool
    quiet: bool
    delays: Sequence[int]

    def delay_after(self, attempt: int) -> int:
        """Seconds to wait after the `attempt`th try failed."""
        return self.delays[min(attempt, len(self.delays)) - 1]


_kinds: dict[str, Kind] = {}


def job(
    name: str,
    label: Any,
    *,
    template: str = "",
    stoppable: bool = False,
    quiet: bool = False,
    delays: Sequence[int] = DELAYS,
) -> Callable[[Work], Work]:
    """Register a function as the work of jobs of kind `name`. It is called with the job and the job's arguments."""

    def register(work: Work) -> Work:
        _kinds[name] = Kind(name, label, work, template, stoppable, quiet, delays)
        return work

    return register


def kind(name: str) -> Kind:
    discover()
    try:
        return _kinds[name]
    except KeyError as missing:
        raise UnknownKind(f"No job of kind “{name}”: register one with @job in a tasks.py.") from missing


def quiet_kinds() -> list[str]:
    discover()
    return [name for name, kind in _kinds.items() if kind.quiet]


@cache
def discover() -> None:
    """Web processes need the kinds only when something is enqueued; workers have imported them already."""
    autodiscover_modules("tasks")
