"""What a table of items is put in order by beside its columns: the factors that items keep in JSON, and days by month or quarter.

Each is an expression that a list annotates only while it is in that order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, DecimalField, Func, IntegerField, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from listing.pages import Sort
from roadmap.scores.factors import Factor, Kind


@dataclass(frozen=True)
class OrderedBy(Sort):
    """By what is annotated under `name`."""

    expression: Any = field(default=None, compare=False)


def in_order_of(factor: Factor) -> Any:
    """The number behind what is kept of an item, as `Factor.value` reads it; NULL for what is none."""
    path = "measured" if factor.live else "factors"
    text = KeyTextTransform(factor.key, path)
    if factor.levels and factor.kind != Kind.POINTS:
        ordered = sorted(factor.levels, key=lambda level: level.value)
        places = [When(Exact(text, Value(level.key)), then=Value(place)) for place, level in enumerate(ordered)]
        return Case(*places, default=None, output_field=IntegerField())
    if factor.kind == Kind.YESNO:
        answers = [When(Exact(text, Value(word)), then=Value(place)) for place, word in enumerate(("false", "true"))]
        return Case(*answers, default=None, output_field=IntegerField())
    kind = Func(KeyTransform(factor.key, path), function="jsonb_typeof", output_field=TextField())
    number = Cast(text, DecimalField(max_digits=20, decimal_places=4))
    is_number = Exact(kind, Value("number"))
    return Case(When(is_number, then=number), default=None, output_field=DecimalField(max_digits=20, decimal_places=4))
