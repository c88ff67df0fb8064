"""Rows of another table as one column of a statement: few rows each, which would not be worth a statement of their own.

    Track.objects.values_list("stopped_at", listed(gates.order_by("number"), "number", "review_on"))

They come as a list of lists, as JSON has them: days and moments as texts, and numbers that must stay exact as `exact(name)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Func, JSONField, QuerySet, TextField
from django.db.models.functions import Cast


def listed(rows: QuerySet[Any], *columns: Any) -> Func:
    """All rows as one JSON list of lists; a column is a name or an expression."""
    drawn = [F(column) if isinstance(column, str) else column for column in columns]
    return Func(
        ArraySubquery(rows.values(one=array(drawn))),
        function="to_jsonb",
        output_field=JSONField(),
    )


def array(parts: Iterable[Any]) -> Func:
    """Expressions as one JSON list."""
    return Func(*parts, function="jsonb_build_array", output_field=JSONField())


def exact(name: str) -> Cast:
    """A decimal as a text, for `Decimal(text)`: as a number of JSON it would come back as a float."""
    return Cast(name, TextField())
