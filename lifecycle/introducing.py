"""Every product has a track from its first day on: six stages, five gates, and what each gate asks for."""

from __future__ import annotations

from django.utils.translation import gettext as _

from changes.models import Change
from discussion.models import Thread
from lifecycle.course import GATES, ORDER, SHOULD, musts, stage_before
from lifecycle.models import Criterion, Gate, StageState, State, Track, Weight
from products.models import Product, Stage


def lay_track(product: Product, *, by: Change) -> None:
    """Innovation is active from the day of the Change; everything else has not started."""
    belongs = {"workspace": product.workspace, "product": product}
    track = Track.objects.create(**belongs)
    StageState.objects.bulk_create(
        StageState(track=track, stage=stage, **_first(stage, track, by), **belongs) for stage in ORDER
    )
    threads = Thread.open_many("gate", product, len(GATES))
    gates = Gate.objects.bulk_create(
        Gate(track=track, number=number, thread=thread, **belongs)
        for number, thread in zip(GATES, threads, strict=True)
    )
    Criterion.objects.bulk_create(
        Criterion(gate=gate, weight=weight, text=str(text), created_at=by.at, **belongs)
        for gate in gates
        for weight, texts in (
            (Weight.MUST, musts(stage_before(gate.number), product.kind)),
            (Weight.SHOULD, SHOULD[stage_before(gate.number)]),
        )
        for text in texts
    )


def _first(stage: Stage, track: Track, change: Change) -> dict[str, object]:
    if stage != Stage.INNOVATION:
        return {}
    return {"state": State.ACTIVE, "started_on": track.day_of(change)}


def adopt(product: Product, stage: str, reason: str, *, by: Change) -> None:
    """A product that is further than Innovation when it is introduced enters its stage at once."""
    Track.objects.get(product=product).adopt_at(stage, reason or _("It was here when it came to Cradle."), by=by)
