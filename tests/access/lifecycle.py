from datetime import date

from accounts.actors import Actor
from lifecycle.models import CriterionState, Decision, Gate, Verdict
from lifecycle.models.decision import Promise
from tests.access.world import World


def contribute(world: World) -> None:
    """SEC stands in Analysis after a conditional go; the second gate is under review."""
    mona = Actor.of(world.cast.mona)
    first, second = Gate.objects.filter(product=world.cast.secret, number__lte=2)
    decision = Decision.record(
        first, Verdict.CONDITIONAL, world.canary, by=mona, conditions=[Promise(world.canary, date(2030, 1, 1))]
    )
    condition = decision.conditions.get()
    criterion = first.criteria.first()
    criterion.judge(CriterionState.MET, world.canary, by=mona)
    signature = first.ask(world.cast.carol, by=mona)
    second.plan(world.cast.workspace.today(), by=mona)
    for url in ("gate", "plan", "ask", "sign", "decide", "withdraw"):
        world.arguments[f"lifecycle:{url}", "number"] = 1
    for url in ("criterion_add", "criterion_edit", "criterion_delete", "condition_meet", "condition_reopen"):
        world.arguments[f"lifecycle:{url}", "number"] = 1
    world.arguments["lifecycle:withdraw", "public_id"] = signature.public_id
    for url in ("criterion_edit", "criterion_delete"):
        world.arguments[f"lifecycle:{url}", "public_id"] = criterion.public_id
    for url in ("condition_meet", "condition_reopen"):
        world.arguments[f"lifecycle:{url}", "public_id"] = condition.public_id
    world.foreign.update(member=world.cast.carol.public_id, condition_lead=world.cast.bob.public_id)
    world.foreign.update(criterion=criterion.public_id, gate=first.public_id, decision=decision.public_id)
    world.arguments["gate-detail", "public_id"] = first.public_id
    world.arguments["decision-detail", "public_id"] = decision.public_id
    world.controls["gate-detail"] = ("patch", {"review_on": "2030-05-01"}, {"If-Match": "*"})
    world.controls["decision-list"] = ("post", {"gate": second.public_id, "kind": "hold", "reason": "control"}, {})
