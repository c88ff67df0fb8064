"""Scoring many items anew, after a scorecard changed or what it measures: one statement for each so many of a product."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from accounts.actors import Actor
from changes.models import Change
from jobs.models import Job
from listing import figures
from products.models import Product
from roadmap.models import Item, ProductScoring, scoring_of
from roadmap.scores import formulas

#: Of so many items the scores are right when the choice is saved; more are scored by a job.
AT_ONCE = 500
#: Rows of one statement: each is a step of the job's progress.
AT_A_TIME = 2000

RESCORED = """
UPDATE roadmap_item item SET score = fresh.first, second_score = fresh.second
FROM (
    SELECT id, scores.* FROM roadmap_item, LATERAL cradle_scores(product_id, cradle_inputs(
        factors, measured, reach, impact, confidence, effort)) scores
    WHERE id = ANY(%s)
) fresh
WHERE item.id = fresh.id
  AND (item.score IS DISTINCT FROM fresh.first OR item.second_score IS DISTINCT FROM fresh.second)
"""
MEASURED = """
UPDATE roadmap_item item SET measured = fresh.measured::jsonb
FROM unnest(%s::bigint[], %s::text[]) fresh (id, measured)
WHERE item.id = fresh.id AND item.measured IS DISTINCT FROM fresh.measured::jsonb
"""


def rescore(scoring: ProductScoring, *, by: Change) -> None:
    """At once, or by a job where there are many items; asked for twice while one waits, it is one."""
    items = Item.objects.with_deleted().filter(product=scoring.product_id)
    if items.count() <= AT_ONCE:
        score_again(scoring.product, by=by)
        return
    Job.enqueue(
        "score_items", by=by, workspace=scoring.workspace, product=scoring.product, title=scoring.product.name,
        unique_key=f"score:{scoring.product_id}",
    )  # fmt: skip


def measure_all() -> int:
    """A job for each product whose scorecards read what is measured. Returns how many; one that still waits is not asked for again."""
    rows = ProductScoring.objects.measuring().select_related("product", "workspace")
    for row in rows:
        Job.enqueue(
            "measure_items", by=Actor.system(), workspace=row.workspace, product=row.product, title=row.product.name,
            unique_key=f"measure:{row.product_id}",
        )  # fmt: skip
    return len(rows)


def score_again(product: Product, *, by: Any, report: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Measure what its scorecards measure and compute both scores of every item, those in the bin too. Returns how many items it
    looked at. Each part is a Change of its own that stays out of feeds, and that leaves the version that people saw; repeating it
    changes nothing."""
    product.__dict__.pop("_scoring", None)  # as it is now
    ids = list(Item.objects.with_deleted().filter(product=product).order_by("pk").values_list("pk", flat=True))
    done = 0
    for start in range(0, max(len(ids), 1), AT_A_TIME):
        part = ids[start : start + AT_A_TIME]
        _score(product, part, _measured(product, part), by)
        done += len(part)
        report(done, len(ids))
    return len(ids)


def _score(product: Product, part: list[int], measured: dict[int, str], by: Any) -> None:
    """Open pages hear of it where it changed something."""
    with (
        transaction.atomic(),
        Change.open("item.rescored", by=by, workspace=product.workspace, quiet=True) as change,
    ):
        # Rows are locked before they are read: whoever writes one at this moment is waited for, and whoever writes one later
        # is scored by the trigger.
        list(Item.objects.with_deleted().filter(pk__in=part).order_by("pk").select_for_update().values_list("pk"))
        written = 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('cradle.rescoring', 'on', true)")
            if measured:
                cursor.execute(MEASURED, [list(measured), list(measured.values())])
                written += cursor.rowcount
            cursor.execute(RESCORED, [part])
            written += cursor.rowcount
            cursor.execute("SELECT set_config('cradle.rescoring', '', true)")
        if written:
            change.tell("item", "*", product_id=product.pk)


def _measured(product: Product, ids: list[int]) -> dict[int, str]:
    """Item → JSON of what its product's scorecards measure of it; nothing where they measure nothing. One call of a figure for
    all of them, whoever may see them: an item's score is the same for everybody who sees the item."""
    live = [one for one in formulas.each_factor(scoring_of(product).formulas) if one.live in figures.sources]
    if not live:
        return {}
    found: dict[int, dict[str, Any]] = {item: {} for item in ids}
    for factor in live:
        for item, figure in figures.sources[factor.live].compute(ids, None).items():
            if figure.value is not None and item in found:
                found[item][factor.key] = figure.value
    return {item: json.dumps(values, default=float) for item, values in found.items()}
