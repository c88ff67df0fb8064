"""Fields that are numbers: the inputs of scores, and ranks."""

from decimal import Decimal
from typing import Any

from roadmap.importing.factors import factor_in
from roadmap.importing.fields import Field
from roadmap.importing.parsing.cells import Cells, Fault
from roadmap.importing.values import Unreadable, confidence_in, effort_in, impact_in, number_in, reach_in


def numbers(cells: Cells) -> dict[str, Any]:
    decimal = cells.mapping.decimal
    return {
        "reach": cells.read(Field.REACH, lambda cell: reach_in(cell, decimal)),
        "impact": cells.read(Field.IMPACT, lambda cell: impact_in(cell, decimal)),
        "confidence": cells.read(Field.CONFIDENCE, lambda cell: confidence_in(cell, decimal)),
    }


def factors(cells: Cells) -> dict[str, Any]:
    """Of the scorecards' factors that are no fields of items. One that the scorecard lost since is kept as it is."""
    found: dict[str, Any] = {}
    for column in cells.columns(Field.FACTOR):
        cell, factor = cells.row.cells[column.position].strip(), cells.mapping.factor_by_key.get(column.factor)
        if not cell:
            continue
        if factor is None:
            cells.keep(column, cell)
            continue
        try:
            found[factor.key] = factor_in(cell, factor, cells.mapping.decimal)
        except Unreadable as error:
            raise Fault(f"{factor.name}: {error}.", column.header) from error
    return found


def effort(cells: Cells) -> Decimal | None:
    column = cells.column(Field.EFFORT)
    if column is None:
        return None
    if column.divisor != 1:  # points are not weeks: what was written stays to be seen
        cells.keep_words(Field.EFFORT, cells.take(Field.EFFORT), "")
    effort: Decimal | None = cells.read(
        Field.EFFORT, lambda cell: effort_in(cell, cells.mapping.decimal, column.divisor)
    )
    return effort


def rank(cells: Cells) -> Decimal | str | None:
    """Worth no row: one that is not like the others is kept as text beside them."""
    cell = cells.take(Field.RANK)
    if not cells.mapping.rank_is_number:
        return cell or None
    try:
        return number_in(cell, cells.mapping.decimal)[0] if cell else None
    except Unreadable:
        cells.keep_words(Field.RANK, cell, "")
        return None
