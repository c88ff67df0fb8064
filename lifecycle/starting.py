"""What a new workspace may start from: a template that becomes one's own product, or samples that one click removes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Member, Workspace
from changes.models import Change, Version
from changes.models.version import Operation
from feedback.models import Conversation, Customer, CustomerProduct
from lifecycle.starters import Bet, Goal, Plan, Sample, Starter, Voice
from products import introducing
from products.models import KeyResult, Objective, Problem, Product, Stage
from roadmap.models import Item, Release, Status, types_of
from roadmap.models.known_types import of_kind

#: The verb of the Change that brought the samples: it knows the customers that came with them.
SAMPLED = "sample.introduced"


@dataclass(frozen=True)
class Begun:
    """What was made of a plan; goals, problems and items in the plan's order."""

    product: Product
    items: list[Item]


def begin(
    workspace: Workspace,
    starter: Starter,
    *,
    by: Actor | Change,
    key: str,
    name: str,
    stage: str = Stage.INNOVATION,
    **fields: Any,
) -> Product:
    """A product with the goals, problems, release and items of `starter`. Raises Refused when the key is taken."""
    with Change.open("product.introduced", by=by, workspace=workspace) as change:
        return _build(workspace, starter.plan, by=change, key=key, name=name, stage=stage, **fields).product


def load_samples(workspace: Workspace, samples: Sequence[Sample], *, by: Actor) -> list[Product]:
    """The sample products with their customers, all marked as samples. Those that are there already are left alone."""
    with Change.open(SAMPLED, by=by, workspace=workspace) as change:
        Workspace.objects.select_for_update().get(pk=workspace.pk)
        if Product.objects.filter(workspace=workspace, is_sample=True).exists():
            return []
        return [_load(workspace, sample, change) for sample in samples]


def samples_of(member: Member) -> Any:
    return Product.objects.visible_to(member).filter(is_sample=True)


def remove_samples(member: Member, *, by: Actor) -> Change | None:
    """Sample products go to the bin with all that is in them, in one Change that can be undone; None if there are none.

    Customers that came with them go too, except where one's own products have heard from them since.
    """
    products = list(samples_of(member))
    if not products:
        return None
    with Change.open("sample.deleted", by=by, workspace=member.workspace) as change:
        for customer in _sample_customers(member.workspace, products):
            customer.delete_softly(by=change)
        for product in products:
            product.delete_softly(by=change)
    return change


def free_key(workspace: Workspace, wanted: str) -> str:
    """`wanted`, or the first of WANTED2, WANTED3, … that no product of the workspace has or had."""
    taken = set(Product.objects.with_deleted().filter(workspace=workspace).values_list("key", flat=True))
    number, key = 1, wanted
    while key in taken:
        number += 1
        key = f"{wanted[: 10 - len(str(number))]}{number}"
    return key


def _sample_customers(workspace: Workspace, products: Sequence[Product]) -> Any:
    brought = Version.objects.filter(
        workspace=workspace, noun=Customer._meta.db_table, operation=Operation.INSERT, change__verb=SAMPLED
    )
    own = Conversation.objects.filter(workspace=workspace).exclude(product__in=products)
    contracts = CustomerProduct.objects.filter(workspace=workspace).exclude(product__in=products)
    return (
        Customer.objects.filter(workspace=workspace, pk__in=brought.values("row_id"))
        .exclude(pk__in=own.exclude(customer=None).values("customer"))
        .exclude(pk__in=contracts.values("customer"))
    )


def _load(workspace: Workspace, sample: Sample, change: Change) -> Product:
    begun = _build(
        workspace, sample.plan, by=change, key=free_key(workspace, sample.key), name=str(sample.name), stage=sample.stage,
        kind=sample.kind, tagline=str(sample.tagline), vision=str(sample.vision), lead=change.member, is_sample=True,
    )  # fmt: skip
    if sample.health:
        begun.product.set_health(sample.health, str(sample.health_reason), by=change)
    for voice in sample.voices:
        _hear(begun, voice, change)
    return begun.product


def _build(workspace: Workspace, plan: Plan, *, by: Change, key: str, name: str, stage: str, **fields: Any) -> Begun:
    product = Product.introduce(workspace, key, name, by=by, **fields)
    if stage != Stage.INNOVATION:
        introducing.adopt(product, stage, _("It was here when it was entered into Cradle."), by=by)
    today = workspace.today()
    goals = [_aim(product, goal, by) for goal in plan.goals]
    problems = [
        Problem.add(workspace, by=by, product=product, statement=str(one.statement), who=str(one.who), state=one.state)
        for one in plan.problems
    ]
    release = None
    if plan.release:
        start, end = _span(today, 0, plan.release.weeks)
        release = Release.plan(product, str(plan.release.name), by=by, starts_on=start, ends_on=end)
    rows = [_row(bet, goals, problems, release, today) for bet in plan.bets]
    return Begun(product, Item.add_many(product, rows, by=by))


def _aim(product: Product, goal: Goal, change: Change) -> Objective:
    objective = Objective.add(product.workspace, by=change, product=product, name=str(goal.name))
    for result in goal.results:
        KeyResult.add_to(
            objective, by=change, name=str(result.name), unit=result.unit, start=result.start, now=result.now,
            target=result.target,
        )  # fmt: skip
    return objective


def _row(
    bet: Bet, goals: list[Objective], problems: list[Problem], release: Release | None, today: date
) -> dict[str, Any]:
    row: dict[str, Any] = {"title": str(bet.title), "type": of_kind(types_of(goals[0].workspace_id), bet.type).key}
    row["status"] = _status(goals[0].workspace, bet.category)
    row["objective"] = goals[bet.goal] if bet.goal is not None else None
    row["problem"] = problems[bet.problem] if bet.problem is not None else None
    if bet.rice:
        row.update(zip(("reach", "impact", "confidence", "effort"), bet.rice, strict=True))
    if bet.weeks:
        row["starts_on"], row["ends_on"] = _span(today, *bet.weeks)
    if bet.released and release is not None:
        row["release"] = release
    return row


def _status(workspace: Workspace, category: str) -> Status:
    """The workspace's first status of the category; its very first where it has none."""
    statuses = Status.objects.filter(workspace=workspace)
    return statuses.filter(category=category).first() or statuses[0]


def _span(today: date, first: int, last: int) -> tuple[date, date]:
    """Days from the Monday `first` weeks from now to the Friday before week `last`."""
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(weeks=first), monday + timedelta(weeks=last, days=-3)


def _hear(begun: Begun, voice: Voice, change: Change) -> None:
    product, workspace = begun.product, begun.product.workspace
    customer = Customer.named(workspace, str(voice.customer), by=change)
    if voice.revenue:
        customer.pays(product, voice.revenue, by=change)
    conversation = Conversation.receive(
        workspace,
        str(voice.subject),
        str(voice.text),
        customer=customer,
        product=product,
        source=voice.source,
        by=change,
    )
    if voice.about is not None:
        conversation.link(str(voice.passage), importance=voice.importance, item=begun.items[voice.about], by=change)
        conversation.finish(by=change)
