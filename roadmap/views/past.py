"""A roadmap as it stood at the end of a past day: `?as_of=2026-09-01` on each of its layouts. Read-only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.history import Versioned
from accounts.models import Workspace
from accounts.refusals import Refused
from accounts.together import Together
from changes.past import end_of
from roadmap.models import Baseline, Roadmap
from roadmap.plans.questions import Question
from roadmap.time_machine.changed_days import changed_days
from roadmap.time_machine.compare import known_at
from roadmap.time_machine.points import Point, past_day
from roadmap.time_machine.states import at
from roadmap.time_machine.strip import neighbours, strip
from roadmap.time_machine.strip_drawing import strip_of
from ui import formats

PARAMETER = "as_of"


@dataclass(frozen=True)
class Looked:
    """The day that an address asks to look back on, None for today; `refusal` says what is wrong with one that is none."""

    request: HttpRequest
    day: date | None
    refusal: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Looked:
        try:
            return cls(request, past_day(request.GET.get(PARAMETER, ""), request.workspace.today()))
        except Refused as refusal:
            return cls(request, None, str(refusal))

    @property
    def is_past(self) -> bool:
        return self.day is not None

    @property
    def moment(self) -> datetime | None:
        """The end of that day."""
        return end_of(self.day, self.request.workspace.zone) if self.day else None

    @contextmanager
    def back(self, *more: type[Versioned]) -> Iterator[None]:
        """What is read of plans within is as it was then, and what is read of `more`."""
        with at(self.moment, self.request.member, *more):
            yield

    def asked(self, question: Question) -> Question:
        """The question as of that day: what was late then, what was to come."""
        return replace(question, today=self.day, is_past=True) if self.day else question

    def context(self, products: Sequence[int], place: Roadmap | Workspace | None = None) -> dict[str, Any]:
        """What roadmap/time/_past.html needs, and nothing that could be changed. `place` as in known_at."""
        if self.day is None:
            return {}
        today, workspace = self.request.workspace.today(), self.request.workspace
        changed = changed_days(workspace, products, today)
        named = named_in(baselines_of(self.request, products, place), products)
        before, after = neighbours(changed, self.day)
        point = Point(self.day, value=self.day.isoformat(), moment=self.moment)
        return {
            "past": {
                "day": self.day, "said": formats.day(self.day, today), "before": before, "after": after,
                "kept": kept(self.request), "name": next((name for day, name, _id in named if day == self.day), ""),
            },
            "today": today,
            **strip_of(strip(changed, named, [self.day], today), [(_("Day looked at"), point)], today),
            "may_edit": False, "may_add": False, "may_change": False,
        }  # fmt: skip


def kept(request: HttpRequest, *left_out: str) -> list[tuple[str, str]]:
    """What else an address says, for forms that choose a day."""
    names = {"compare", "since", "until", "what", PARAMETER, *left_out}
    return [(name, value) for name in request.GET if name not in names for value in request.GET.getlist(name)]


def baselines_of(
    request: HttpRequest, products: Sequence[int], place: Roadmap | Workspace | None = None
) -> list[Baseline]:
    """Those that a roadmap can be compared with (see known_at). Asked together with the numbers around the page, outside of what looks back."""
    prepared, arguments = known_at(request.member, products, place)
    found: list[Baseline] = Together.of_page(request).ask(prepared, *arguments)()
    for one in found:
        one.workspace = request.workspace
    return found


def named_in(baselines: Sequence[Baseline], products: Sequence[int]) -> list[tuple[date, str, str]]:
    """Day, name and id of each; of several products with the key of its own."""
    return [
        (one.day, f"{one.name} · {one.product.key}" if one.product and len(products) > 1 else one.name, one.public_id)
        for one in baselines
    ]
