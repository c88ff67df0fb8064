"""The inputs of a product's scorecards as columns of a file: each factor by its name, its values as the factor reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from accounts.refusals import Refused
from roadmap.importing.fields import Field
from roadmap.importing.mapping import BY_NAME, ColumnMap
from roadmap.importing.recognising import normalise
from roadmap.importing.values import Unreadable, number_in
from roadmap.scores.factors import Factor, Kind

CURRENCY = re.compile(r"^[€$£¥]\s*|\s*(?:[€$£¥]|[A-Z]{3})$")


def with_factors(columns: Iterable[ColumnMap], factors: Iterable[Factor]) -> list[ColumnMap]:
    """Columns that are nothing else and are called as a factor is, which takes the first of them."""
    by_name = {normalise(str(factor.name)): factor.key for factor in factors}
    found = []
    for column in columns:
        key = by_name.pop(column.name, "") if column.field == Field.KEEP else ""
        found.append(replace(column, field=Field.FACTOR, factor=key, matched=BY_NAME) if key else column)
    return found


def factor_in(cell: str, factor: Factor, decimal: str) -> Any:
    """What an item keeps of a cell. Raises Unreadable with a sentence."""
    text = cell.strip()
    if factor.kind == Kind.YESNO or factor.levels:
        return _read(text.removesuffix("points").strip(), factor)
    value, unit = number_in(CURRENCY.sub("", text), decimal)
    if factor.kind == Kind.PERCENT and unit != "%" and 0 < value < 1:
        value *= 100
    return _read(value, factor)


def _read(value: str | Decimal, factor: Factor) -> Any:
    try:
        return factor.read(value)
    except Refused as refusal:
        raise Unreadable(str(refusal).rstrip(".")) from refusal
