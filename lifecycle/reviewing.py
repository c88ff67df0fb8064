"""What a gate review shows beside the product's standing: read in one statement, whatever there is of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db.models import JSONField, OuterRef, Value

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from discussion.reading import Talk, Threads
from lifecycle.criteria import Asked, Candidate
from lifecycle.models import Condition, Criterion, Decision, Gate, SignOff, Verdict
from lifecycle.standing import standings_later
from listing.together import listed
from products.models import Product


class Signature(NamedTuple):
    """An approver's opinion on the coming decision, or that it is waited for."""

    public_id: str
    version: int
    member_id: int
    name: str
    asked_at: datetime
    verdict: str
    comment: str
    signed_at: datetime | None

    @property
    def verdict_name(self) -> str:
        return str(Verdict(self.verdict).label)


class Promised(NamedTuple):
    """A condition of a conditional go."""

    public_id: str
    text: str
    due_on: date
    met_at: datetime | None
    lead_id: int | None
    lead: str


class Decided(NamedTuple):
    """A decision; `sign_offs` as its evidence has them."""

    public_id: str
    kind: str
    reason: str
    decided_at: datetime
    decided_by: str
    sign_offs: list[dict[str, Any]]
    conditions: list[Promised]


@dataclass(frozen=True)
class Reviewed:
    """`people` are those who see the product, for the chair alone."""

    asked: list[Asked]
    signatures: list[Signature]
    decisions: list[Decided]
    people: list[Candidate]


def gate_with_review(
    member: Member, product: Product, number: int, *, by_chair: bool
) -> tuple[Gate, Reviewed, Talk] | None:
    """A gate that `member` sees, its review and what is said there; the product's standing is known after it (see standings)."""
    together = Together()
    standing = standings_later(member, [product], together)
    asked = together.ask(GATE_WITH_REVIEW, member, product, variant=(number, product.access, by_chair))
    talk = Talk.at(_threads(number), member, product, together)
    gate = next(iter(asked()), None)
    standing()
    return (gate, _reviewed(gate.asked, gate.signatures, gate.held, gate.people), talk) if gate else None


@cache
def _threads(number: int) -> Threads:
    """Those of the gates with this number."""
    return lambda member, product: Gate.objects.visible_to(member).of(product).filter(number=number).values("thread")


def reviewed(gate: Gate, product: Product, *, by_chair: bool) -> Reviewed:
    """As it is now, within the reach of whoever has fetched the gate."""
    return _reviewed(*REVIEW.first(gate, product, variant=(product.access, by_chair)))


def _reviewed(asked: list[Any], signatures: list[Any], decisions: list[Any], people: list[Any]) -> Reviewed:
    return Reviewed(
        [Asked._make([*row, _moment(judged_at), name or email]) for *row, judged_at, name, email in asked],
        [_signature(row) for row in signatures],
        [_decided(row) for row in decisions],
        [Candidate(pk, public_id, name or email) for pk, public_id, name, email in people],
    )


def _columns(product: Product, access: str, by_chair: bool) -> dict[str, Any]:
    here = {"gate": OuterRef("pk")}
    product.access = access
    people = listed(product.seen_by().order_by("user__name", "pk"), "pk", "public_id", "user__name", "user__email")
    conditions = Condition.objects.filter(decision=OuterRef("pk")).order_by("due_on", "pk")
    return {
        "asked": listed(
            Criterion.objects.filter(**here).order_by("pk"),
            "public_id", "change_id", "weight", "text", "note", "state", "judged_at",
            "judged_by__user__name", "judged_by__user__email",
        ),
        "signatures": listed(
            SignOff.objects.filter(**here).pending().order_by("pk"),
            "public_id", "change_id", "member_id", "member__user__name", "member__user__email",
            "asked_at", "verdict", "comment", "signed_at",
        ),
        "held": listed(
            Decision.objects.filter(**here).newest_first(),
            "public_id", "kind", "reason", "decided_at", "decided_by__user__name", "decided_by__user__email",
            "evidence__sign_offs",
            listed(
                conditions, "public_id", "text", "due_on", "met_at", "lead_id", "lead__user__name", "lead__user__email"
            ),
        ),
        "people": people if by_chair else Value([], JSONField()),
    }  # fmt: skip


REVIEW = Prepared(
    lambda gate, product, access, by_chair: (
        Gate.objects.filter(pk=gate.pk)
        .annotate(**_columns(product, access, by_chair))
        .values_list("asked", "signatures", "held", "people")
    )
)
GATE = Prepared(
    lambda member, product, number: (
        Gate.objects.visible_to(member).of(product).filter(number=number).select_related("thread")[:1]
    )
)
GATE_WITH_REVIEW = Prepared(
    lambda member, product, number, access, by_chair: (
        Gate.objects.visible_to(member)
        .of(product)
        .filter(number=number)
        .select_related("thread")
        .annotate(**_columns(product, access, by_chair))[:1]
    )
)


def _signature(row: Sequence[Any]) -> Signature:
    public_id, version, member_id, name, email, asked_at, verdict, comment, signed_at = row
    asked = datetime.fromisoformat(asked_at)
    return Signature(public_id, version, member_id, name or email, asked, verdict, comment, _moment(signed_at))


def _decided(row: Sequence[Any]) -> Decided:
    public_id, kind, reason, at, name, email, sign_offs, conditions = row
    promised = [_promised(one) for one in conditions]
    by = name or email or ""
    return Decided(public_id, kind, reason, datetime.fromisoformat(at), by, sign_offs or [], promised)


def _promised(row: Sequence[Any]) -> Promised:
    public_id, text, due_on, met_at, lead_id, name, email = row
    return Promised(public_id, text, date.fromisoformat(due_on), _moment(met_at), lead_id, name or email or "")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
