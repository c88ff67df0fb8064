"""What the overview says of a product: its people, goals with key results and open problems, read in one statement and drawn.

Drawn in Python: with templates for the goals and the problems, the overview cost six times the floor's work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import OuterRef, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Member, Workspace
from accounts.prepared import Prepared
from accounts.together import Together
from listing.together import listed
from products.goals import LEAD, held_results, measured, results_column
from products.models import KeyResult, Objective, Problem, Product
from products.models.problem import LIVE_STATES, ProblemState
from products.models.strategy import mean_progress
from ui import pieces

MOST_PROBLEMS = 5


class Goal(NamedTuple):
    """An objective; `reached` is the mean of its results in percent, None while there are none."""

    public_id: str
    name: str
    health: str
    lead_name: str | None
    results: list[KeyResult]

    @property
    def reached(self) -> Decimal | None:
        return mean_progress(self.results)


class OpenProblem(NamedTuple):
    public_id: str
    statement: str
    who: str
    state: str


@dataclass(frozen=True)
class Summary:
    lead_name: str
    line_name: str
    goals: list[Goal]
    problems: list[OpenProblem]


def summary_later(member: Member, product: Product, together: Together) -> Callable[[], Summary]:
    """`member` sees the product. It is asked together with the rest of the page."""
    found = together.ask(SUMMARY, member, product)

    def summary() -> Summary:
        lead, line, goals, problems = next(iter(found()), (None, None, [], []))
        return Summary(
            lead or "",
            line or "",
            [Goal._make([*columns, held_results(results)]) for *columns, results in goals],
            [OpenProblem._make(columns) for columns in problems],
        )

    return summary


def _summary(member: Member, product: Product) -> QuerySet[Any]:
    here = {"product": OuterRef("pk")}
    goals = Objective.objects.visible_to(member).filter(**here).annotate(lead_name=LEAD).order_by("pk")
    problems = Problem.objects.visible_to(member).filter(**here, state__in=LIVE_STATES).order_by("-pk")[:MOST_PROBLEMS]
    return Product.objects.filter(pk=product.pk).values_list(
        LEAD,
        "line__name",
        listed(goals, "public_id", "name", "health", "lead_name", results_column()),
        listed(problems, "public_id", "statement", "who", "state"),
    )


SUMMARY = Prepared(_summary)


class Drawing:
    """The rows of the overview, for one product."""

    def __init__(self, workspace: Workspace, product: Product) -> None:
        place = workspace.slug, product.key
        self.goal_at = pieces.address("products:objective", *place)
        self.problem_at = pieces.address("products:problem", *place)
        self.reading = escape(_("%(now)s, from %(start)s"))

    def goals(self, goals: Iterable[Goal]) -> SafeString:
        return pieces.joined(map(self._goal, goals))

    def problems(self, problems: Iterable[OpenProblem]) -> SafeString:
        return pieces.joined(map(self._problem, problems))

    def _goal(self, one: Goal) -> str:
        face = pieces.face(one.lead_name) if one.lead_name else ""
        return (
            f'<article class="goal"><header class="row"><h3 class="grow"><a class="goal__name"'
            f' href="{self.goal_at % one.public_id}">{escape(one.name)}</a></h3>{pieces.health(one.health)}'
            f'<span class="goal__pct">{pieces.percent(one.reached)}</span>{face}</header>\n'
            f'<ul class="goal__krs">{"".join(map(self._result, one.results))}</ul></article>'
        )

    def _result(self, one: KeyResult) -> str:
        name = str(one.name)
        reading = self.reading % {"now": escape(measured(one.now, one.unit)), "start": pieces.number(one.start)}
        return (
            f'<li><span class="grow">{escape(name)}</span><span class="goal__now">{reading}</span>'
            f"{pieces.progress(one.progress, '', 'goal__bar', name)}"
            f'<span class="num goal__num">{pieces.percent(one.progress)}</span></li>'
        )

    def _problem(self, one: OpenProblem) -> str:
        statement = escape(one.statement)
        return (
            f'<tr><td class="title"><a class="t-title" href="{self.problem_at % one.public_id}" title="{statement}">'
            f'<span>{statement}</span></a></td><td class="lo muted">{escape(one.who)}</td>'
            f"<td>{pieces.pill(str(ProblemState(one.state).label))}</td></tr>"
        )
