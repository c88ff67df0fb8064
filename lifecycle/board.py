"""All products by stage, the reviews that come, and what was decided: read lean and drawn.

Drawn in Python: six cards, their reviews and the log were two thirds of the page as templates (12 × the floor view).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Member
from accounts.prepared import Prepared
from config import clock
from lifecycle.course import QUESTIONS, name_of_gate
from lifecycle.models import Decision, SignOff, Verdict
from lifecycle.models.track import State
from lifecycle.rails import DUE_WITHIN
from lifecycle.standing import GateStanding, Standing, days_in_stage
from lifecycle.words import LOOKS, gate_address, lasting
from products.models import Product, Stage
from ui import pieces, stages

WHOLE_CARDS = 6
LOGGED = timedelta(days=365)
MOST_LOGGED = 30
LONGEST_REASON = 160
MOST_DOTS = 12


class Logged(NamedTuple):
    """A decision in the log."""

    number: int
    kind: str
    reason: str
    decided_at: datetime
    key: str
    name: str


@dataclass(frozen=True)
class Review:
    """A gate with a day, and who is asked to sign."""

    product: Product
    gate: GateStanding
    approvers: list[str]


PENDING = Prepared(
    lambda ids: (
        SignOff.objects.pending()
        .filter(product__among=ids)
        .values_list("product_id", "gate__number", "member__user__name", "member__user__email")
    )
)
LOG = Prepared(
    lambda member, since: (
        Decision.objects.visible_to(member)
        .filter(decided_at__gte=since, product__deleted_at=None)
        .newest_first()
        .values_list("number", "kind", "reason", "decided_at", "product__key", "product__name")[:MOST_LOGGED]
    )
)


def reviews(found: Sequence[Standing]) -> list[Review]:
    """Gates with a day, the next first."""
    coming = [
        (gate.review_on, standing.product, gate)
        for standing in found
        for gate in standing.gates.values()
        if gate.review_on is not None
    ]
    coming.sort(key=lambda one: (one[0], one[1].name, one[2].number))
    asked: dict[tuple[int, int], list[str]] = defaultdict(list)
    for product_id, number, name, email in PENDING.rows([product.pk for _on, product, _gate in coming]):
        asked[product_id, number].append(name or email)
    return [Review(product, gate, asked[product.pk, gate.number]) for _on, product, gate in coming]


def log(member: Member) -> list[Logged]:
    """The decisions of the last twelve months, the newest first."""
    return [Logged._make(row) for row in LOG.rows(member, clock.now() - LOGGED)]


class Drawing:
    """The parts of the page, for members of one workspace."""

    def __init__(self, workspace: str, today: date) -> None:
        self.today = today
        self.overview = pieces.address("products:overview", workspace)
        self.gate = gate_address(workspace)

    def columns(self, found: Sequence[Standing]) -> SafeString:
        by_stage: dict[str, list[Standing]] = defaultdict(list)
        for standing in found:
            by_stage[standing.product.stage].append(standing)
        return pieces.joined(self._column(stage, by_stage[stage.key]) for stage in stages.STAGES)

    def reviews(self, coming: Sequence[Review]) -> SafeString:
        """The rows of their table."""
        return pieces.joined(map(self._review, coming))

    def log(self, decisions: Sequence[Logged]) -> SafeString:
        return pieces.joined(map(self._decision, decisions))

    def _column(self, stage: stages.Stage, here: list[Standing]) -> str:
        here.sort(key=lambda standing: (not self._is_due(standing), standing.product.name))
        name, cards = escape(str(stage.name)), "".join(map(self._card, here[:WHOLE_CARDS]))
        folded = here[WHOLE_CARDS:]
        return (
            f'<section class="lc" data-stage="{stage.key}" aria-label="{name}"><header class="lc__head">'
            f'{pieces.icon(stage.icon)}<h2 class="grow">{name}</h2></header>\n'
            f"{cards or _nothing()}{self._folded(folded) if folded else ''}"
            f"{self._exit(stage, any(map(self._is_due, here)))}</section>"
        )

    def _folded(self, here: list[Standing]) -> str:
        words = escape(ngettext("%(n)s more", "%(n)s more", len(here)) % {"n": len(here)})
        return (
            f'<details class="more"><summary class="btn btn--ghost btn--sm">{words}</summary>'
            f'<div class="stack gap-3">{"".join(map(self._card, here))}</div></details>'
        )

    def _exit(self, stage: stages.Stage, is_due: bool) -> str:
        question = QUESTIONS.get(stage.number)
        if question is None:
            return f'<p class="lc__exit"><b>{escape(_("Gone"))}</b></p>'
        asked = f"{escape(name_of_gate(stage.number))}: {escape(str(question))}"
        due = " is-due" if is_due else ""
        return f'<p class="lc__exit"><b>{asked}</b></p>\n<span class="lc__gate{due}" title="{asked}"><i></i></span>'

    def _is_due(self, standing: Standing) -> bool:
        gate = standing.next_gate
        on = gate.review_on if gate else None
        return on is not None and on - self.today <= DUE_WITHIN and not standing.is_stopped

    def _card(self, standing: Standing) -> str:
        product = standing.product
        days = days_in_stage(standing, self.today)
        age = escape(lasting(days)) if days is not None else ""
        return (
            f'<article class="lc__card{" is-due" if self._is_due(standing) else ""}"><div class="row">'
            f'{pieces.tile(product.name, product.stage, "md")}<a class="grow lc__n" href="{self.overview % escape(product.key)}">'
            f'{escape(product.name)}</a></div>\n<div class="row spread fs-12">{pieces.health(product.health)}'
            f'<span class="faint nowrap">{age}</span></div>{self._met(standing)}{_again(standing)}'
            f'<div class="row spread">{pieces.face(product.lead.name) if product.lead else "<span></span>"}'
            f"{self._way_on(standing)}</div></article>"
        )

    def _met(self, standing: Standing) -> str:
        """How much of what the next gate asks for is there."""
        gate = standing.next_gate
        if standing.is_stopped:
            return f"<div>{pieces.pill(_('Stopped'), 'bad', 'x')}</div>"
        if gate is None or not gate.asked_all:
            return ""
        drawn = min(gate.asked_all, MOST_DOTS)
        lit = round(gate.asked_met / gate.asked_all * drawn)
        marks = '<i class="on"></i>' * lit + "<i></i>" * (drawn - lit)
        return (
            f'<div class="row fs-12"><span class="dots" aria-hidden="true">{marks}</span><span class="faint num end">'
            f'<span class="sr">{escape(_("Criteria met"))}: </span>{gate.asked_met}/{gate.asked_all}</span></div>'
        )

    def _way_on(self, standing: Standing) -> str:
        gate, product = standing.next_gate, standing.product
        if gate is None or standing.is_stopped:
            return ""
        due = self._is_due(standing)
        words, ghost = (_("Review gate"), "") if due else (str(gate), " btn--ghost")
        return (
            f'<a class="btn btn--sm{ghost}" href="{self.gate % (escape(product.key), gate.number)}"><span class="sr">'
            f"{escape(product.name)}: </span>{escape(words)}</a>"
        )

    def _review(self, one: Review) -> str:
        product, gate = one.product, one.gate
        percent = round(100 * gate.must_met / (gate.must_all or 1))
        faces = "".join(map(pieces.face, one.approvers)) or f'<span class="faint">{escape(_("Nobody"))}</span>'
        return (
            f'<tr><td class="title"><a class="t-title" href="{self.gate % (escape(product.key), gate.number)}">'
            f"{pieces.tile(product.name, product.stage)}<span>{escape(product.name)}, {escape(str(gate))}</span></a></td>"
            f'<td class="lo muted">{escape(str(gate.question))}</td>'
            f'<td class="nowrap">{pieces.near(gate.review_on, self.today) if gate.review_on else ""}</td><td>'
            f'<span class="row">{pieces.progress(percent, "", "grow", _("Criteria met"))}<span class="num fs-12">'
            f'{gate.must_met}/{gate.must_all}</span></span></td><td><span class="avatars">{faces}</span></td></tr>'
        )

    def _decision(self, one: Logged) -> str:
        reason = one.reason if len(one.reason) <= LONGEST_REASON else f"{one.reason[: LONGEST_REASON - 1]}…"
        return (
            f'<li>{decision(one.kind)}<div class="grow"><a class="lc__n" href="{self.gate % (escape(one.key), one.number)}">'
            f'{escape(one.name)}</a> <span class="faint">{escape(name_of_gate(one.number))}</span>'
            f'<p class="muted fs-13">{escape(reason)}</p></div>'
            f'<span class="faint fs-12 nowrap">{pieces.day(one.decided_at, self.today)}</span></li>'
        )


def decision(kind: str) -> str:
    """What was decided: glyph and word in its tone."""
    verdict = Verdict(kind)
    tone, picture = LOOKS[verdict]
    words = escape(str(verdict.label))
    return f'<span class="decision" data-tone="{tone}">{pieces.icon(picture)}{words}</span>'


def _nothing() -> str:
    return f'<p class="faint fs-12">{escape(_("None"))}</p>'


def _again(standing: Standing) -> str:
    """Stages that are worked in beside the one it stands in."""
    again = [
        str(Stage(row.stage).label)
        for row in standing.states.values()
        if row.state == State.ACTIVE and row.stage != standing.product.stage
    ]
    words = _("Also in %(stage)s")
    return "".join(f'<div class="fs-12 faint">{escape(words % {"stage": name})}</div>' for name in again)
