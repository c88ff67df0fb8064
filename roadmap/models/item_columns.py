"""What columns of items hold besides plain values, and what the database does when one is written."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.history import history_triggers
from roadmap.models.item_alias import moving_triggers
from roadmap.models.release_days import release_days_trigger
from roadmap.models.status import Category


class Horizon(models.TextChoices):
    NONE = "", _("Not set")
    NOW = "now", _("Now")
    NEXT = "next", _("Next")
    LATER = "later", _("Later")


DONE = (Category.SHIPPED, Category.DROPPED)
#: What a status proposes; a person may choose otherwise.
PROPOSED_HORIZON = {
    Category.BUILDING: Horizon.NOW,
    Category.READY: Horizon.NEXT,
    Category.SHAPING: Horizon.LATER,
}


class Impact(models.TextChoices):
    MINIMAL = "0.25", _("0.25 minimal")
    LOW = "0.50", _("0.5 low")
    MEDIUM = "1.00", _("1 medium")
    HIGH = "2.00", _("2 high")
    MASSIVE = "3.00", _("3 massive")


class Computed(models.DecimalField):  # type: ignore[type-arg]
    """Set by the database's trigger in the same INSERT or UPDATE, and read back from an INSERT."""

    db_returning = True

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.DecimalField", args, kwargs


def merged(values: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Values of own fields or factors with those given set anew; None takes one out."""
    return {key: value for key, value in {**values, **given}.items() if value is not None}


def item_triggers() -> list[pgtrigger.Trigger]:
    """As every versioned table's, but scoring many anew leaves the version that people saw: nobody touched their items."""
    _stamp, record = history_triggers()
    stamp = pgtrigger.Trigger(
        name="stamp",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=pgtrigger.Func(
            "IF TG_OP = 'INSERT' OR coalesce(current_setting('cradle.rescoring', true), '') <> 'on' THEN"
            " NEW.change_id := cradle_current_change(TG_TABLE_NAME); END IF; RETURN NEW;"
        ),
    )
    return [stamp, record, score_trigger(), release_days_trigger(), iteration_trigger(), *moving_triggers()]


def score_trigger() -> pgtrigger.Trigger:
    """Both scores of a row, by its product's scorecards, whenever one of their inputs is written, and by whomever."""
    inputs = ("product_id", "reach", "impact", "confidence", "effort", "factors", "measured", "score", "second_score")
    return pgtrigger.Trigger(
        name="score",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(*inputs),
        func=pgtrigger.Func(
            "SELECT scores.first, scores.second INTO NEW.score, NEW.second_score"
            " FROM cradle_scores(NEW.product_id, cradle_inputs(NEW.factors, NEW.measured, NEW.reach, NEW.impact, NEW.confidence,"
            " NEW.effort)) scores; RETURN NEW;"
        ),
    )


def iteration_trigger() -> pgtrigger.Trigger:
    """What leaves its release leaves the iteration that it was in there, whoever moves it; an undo, which sets both, brings both back."""
    return pgtrigger.Trigger(
        name="iteration",
        level=pgtrigger.Row,
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("release_id"),
        func=pgtrigger.Func(
            "IF NEW.iteration_id IS NOT NULL AND NEW.release_id IS DISTINCT FROM OLD.release_id"
            " AND NEW.iteration_id IS NOT DISTINCT FROM OLD.iteration_id THEN NEW.iteration_id := NULL; END IF; RETURN NEW;"
        ),
    )
