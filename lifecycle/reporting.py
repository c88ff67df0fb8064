"""What the portfolio says about lives: a fact on each card, findings that need somebody, days that are coming."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from lifecycle.models import SignOff
from lifecycle.standing import GateStanding, OpenCondition, Standing, days_in_stage, standings_later
from lifecycle.words import lasting
from products.agenda import Entry
from products.attention import Finding
from products.models import Product
from ui import formats

SOON = timedelta(days=14)


def lives(member: Member, products: Sequence[Product], together: Together) -> Callable[[], dict[int, dict[str, Any]]]:
    """How far the next gate's criteria are, else how long the product is in its stage; and the gate with its day."""
    found, today = standings_later(member, products, together), member.workspace.today()
    return lambda: {pk: _brief(standing, today) for pk, standing in found().items()}


def _brief(standing: Standing, today: date) -> dict[str, Any]:
    if standing.is_stopped:
        return {"fact": _("Stopped")}
    gate = standing.next_gate
    days = days_in_stage(standing, today)
    lasted = lasting(days) if days else ""
    if gate is None:
        return {"fact": lasted}
    asked = _("%(met)d of %(all)d criteria met") % {"met": gate.asked_met, "all": gate.asked_all}
    return {"fact": asked if gate.asked_met else lasted, "next": str(gate), "next_on": gate.review_on}


def findings(member: Member, products: Sequence[Product], together: Together) -> Callable[[], Iterable[Finding]]:
    """Reviews that are near or late, signatures asked of this member, conditions that are near or late."""
    found = standings_later(member, products, together)
    waiting = together.ask(WAITING, member, [product.pk for product in products])
    return lambda: _findings(member, found().values(), waiting())


def _findings(member: Member, standings: Iterable[Standing], waiting: list[Any]) -> Iterable[Finding]:
    today = member.workspace.today()
    asked = {(product_id, number): asked_at for product_id, number, asked_at in waiting}
    for standing in standings:
        for gate in standing.gates.values():
            if gate.review_on is not None and gate.review_on <= today + SOON:
                yield _review(member, standing.product, gate, today)
            if (standing.product.pk, gate.number) in asked:
                yield _signature(member, standing.product, gate, asked[standing.product.pk, gate.number])
        for condition in standing.conditions:
            if condition.due_on <= today + SOON:
                yield _condition(member, standing.product, condition, today)


def days(
    member: Member, products: Sequence[Product], first: date, last: date, together: Together
) -> Callable[[], Iterable[Entry]]:
    """Gate reviews and conditions by their day."""
    found = standings_later(member, products, together)
    return lambda: _days(member, found().values(), first, last)


def _days(member: Member, standings: Iterable[Standing], first: date, last: date) -> Iterable[Entry]:
    for standing in standings:
        product = standing.product
        for gate in standing.gates.values():
            if gate.review_on is not None and first <= gate.review_on <= last:
                text = _("%(gate)s: %(product)s") % {"gate": gate, "product": product.name}
                yield Entry(gate.review_on, product, "gate", "diamond", text, _url(member, product, gate.number))
        for condition in standing.conditions:
            if first <= condition.due_on <= last:
                url = _url(member, product, condition.number)
                yield Entry(condition.due_on, product, "milestone", "list-checks", condition.text, url)


#: Product and gate where their signature is asked for, and since when.
WAITING = Prepared(
    lambda member, ids: (
        SignOff.objects.waiting()
        .filter(member=member, product__among=ids)
        .values_list("product_id", "gate__number", "asked_at")
    )
)


def _review(member: Member, product: Product, gate: GateStanding, today: date) -> Finding:
    open_musts = gate.must_all - gate.must_met
    late = gate.review_on < today  # type: ignore[operator]
    when = formats.near(gate.review_on, today)
    title = _("%(gate)s review was due %(when)s") if late else _("%(gate)s review %(when)s")
    detail = ngettext(
        "%(n)d must-criterion is open", "%(n)d must-criteria are open", open_musts
    ) % {"n": open_musts} if open_musts else _("All must-criteria are met")  # fmt: skip
    return Finding(
        product, "bad" if late else "warn", "milestone", title % {"gate": gate, "when": when},
        _url(member, product, gate.number), _("Open review"), detail, gate.review_on, product.lead_id == member.pk,
    )  # fmt: skip


def _signature(member: Member, product: Product, gate: GateStanding, asked_at: datetime) -> Finding:
    return Finding(
        product, "neutral", "user-round-check", _("Your sign-off is asked for at %(gate)s") % {"gate": gate},
        _url(member, product, gate.number), _("Review"), str(gate.question), asked_at, True,
    )  # fmt: skip


def _condition(member: Member, product: Product, condition: OpenCondition, today: date) -> Finding:
    late = condition.due_on < today
    return Finding(
        product, "bad" if late else "warn", "list-checks",
        _("Condition not met: %(text)s") % {"text": condition.text},
        _url(member, product, condition.number), _("Open"),
        _("Overdue") if late else _("Due soon"), condition.due_on, condition.lead_id == member.pk,
    )  # fmt: skip


def _url(member: Member, product: Product, number: int) -> str:
    return reverse("lifecycle:gate", args=[member.workspace.slug, product.key, number])
