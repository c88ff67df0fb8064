"""A timeline on its page: what stands around it, and its drawing, which is kept while nothing of it is another."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.http import QueryDict
from django.urls import get_script_prefix, get_urlconf
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from products.models.product import seen_products
from roadmap.plans.colouring import drawn_legend
from roadmap.plans.folds import folded_at, folds_of
from roadmap.plans.laning import SETS, label_of
from roadmap.plans.planning import Plan, PlanLater, Waiting
from roadmap.plans.questions import Question
from roadmap.timelines.drawing import Drawn, TimelineDrawing
from roadmap.timelines.kept_timelines import digest, kept
from roadmap.timelines.needs import chain_to
from roadmap.timelines.placing import Placed, Places, place
from roadmap.timelines.timeline import Window


@dataclass
class Shown:
    """`asked` is its plan. Of what waits for its days the first are in the tray; `tray_count` is None for more than are there."""

    question: Question
    query: QueryDict
    window: Window
    places: Places
    asked: PlanLater
    tray: list[Waiting] = field(default_factory=list)
    tray_count: int | None = 0

    @property
    def today(self) -> date:
        return self.question.today

    @property
    def precision(self) -> str:
        return self.question.design.precision

    @property
    def lanes_label(self) -> str:
        return label_of(self.question.design.lanes, self.question.own)

    @property
    def sets(self) -> str:
        """The field that an item gets when it is put into another lane; empty where that settles nothing."""
        return SETS.get(self.question.design.lanes, "")

    @property
    def earlier(self) -> str:
        return self.window.moved(-1).isoformat()

    @property
    def later(self) -> str:
        return self.window.moved(1).isoformat()

    @property
    def chain_said(self) -> str:
        """What a critical chain shows, in words; "" where none was asked for."""
        chosen = self.query.get("chain", "")
        name = next((one.name for one in self.placed.plan.releases if one.public_id == chosen), "") if chosen else ""
        if not name:
            return ""
        if not self.placed.chain:
            return _("Nothing that has days decides when %(release)s can be there.") % {"release": name}
        words = _("Bars with a bold edge decide when %(release)s can be there: %(items)s.")
        return words % {"release": name, "items": ", ".join(self.placed.chain)}

    @cached_property
    def placed(self) -> Placed:
        """Only made where it is to be drawn."""
        return placed_of(self.asked(), self.query, self.window, self.places)

    @cached_property
    def drawn(self) -> Drawn:
        key = self._made_of()
        return self._draw() if key is None else kept(key, self._draw)

    def _draw(self) -> Drawn:
        drawing = TimelineDrawing(self.placed, folded_at=lambda lane: folded_at(self.query, lane.key))
        return drawing.whole(self.query, drawn_legend(self.placed.plan.legend))

    def _made_of(self) -> Hashable:
        """All that decides about the drawing, whoever looks at it. None where that is not known without making it: a chain asks for more."""
        question, answers = self.question, self.asked.answers
        if answers is None or self.query.get("chain"):
            return None
        own = (question.own.name, *((one["key"], one["name"]) for one in question.own.options)) if question.own else ()
        keys = tuple((one.pk, one.key) for one in seen_products(question.member) if one.pk in question.products)
        return (
            digest(answers), question.design, own, question.today, keys, self.window, self.places.workspace, self.places.movable,
            self.query.urlencode(), get_language(), get_urlconf(), get_script_prefix(),
        )  # fmt: skip


def placed_of(plan: Plan, query: QueryDict, window: Window, places: Places, *, is_whole: bool = True) -> Placed:
    """As an address has it. `is_whole`: the plan has all needs of its products, not those of some items alone."""
    question, chosen, needs = plan.question, query.get("chain", ""), plan.needs if is_whole else None
    chain = chain_to(question.member, list(question.products), chosen, needs) if chosen else []
    return place(plan, window, places, folded=folds_of(query), chosen=chosen, chain=chain)
