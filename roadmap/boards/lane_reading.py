"""The statements about the cells of a board with lanes: how many items each holds, those that come first, and whose demand a lane sums up.

A cell is what is of one lane in one column. What is in a column is as in roadmap/boards/reading.py, with the same arguments and shapes.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from accounts.prepared import Prepared
from roadmap.boards.reading import COLUMN, in_columns
from roadmap.models import Item
from roadmap.plans.designs import Lanes
from roadmap.plans.laning import PATHS, key_of, lane_of
from roadmap.plans.rows import as_rows

#: Of so many lanes the first cards are read at once.
FIRST_LANES = 8


def _in_lanes(arguments: tuple[Any, ...], lanes: str, options: tuple[str, ...]) -> Any:
    member, products, values, _of_one, *shape = arguments
    return in_columns(member, products, values, *shape).annotate(in_lane=key_of(lanes, options))


def _cells(*arguments: Any) -> QuerySet[Item]:
    """Lane and column of each cell with something in it, the lane's name, how many items, their effort, and what the lane is ordered by."""
    *of_columns, lanes, options = arguments
    column, (_key, name) = COLUMN[of_columns[5]], lane_of(lanes)
    rows = _in_lanes(tuple(of_columns), lanes, options).order_by().values_list("in_lane", column)
    first = "release__ends_on" if lanes == Lanes.RELEASE else "rank"
    return rows.annotate(named=Max(name), all=Count("pk"), weeks=Sum("effort"), first=Min(first))


def _grouped(*arguments: Any) -> QuerySet[Item]:
    *of_columns, lanes, options = arguments
    return _in_lanes(tuple(of_columns), lanes, options).order_by().values_list("in_lane", "pk")


def _cards(*arguments: Any) -> QuerySet[Item]:
    """The first by rank of each cell in FIRST_LANES lanes, whose keys follow the columns' values; as rows whose lane's key is the column's,
    and whose lane's name is the lane's key."""
    member, products, values, *rest = arguments
    keys, (*of_columns, lanes, options, most, colours, shown) = rest[:FIRST_LANES], rest[FIRST_LANES:]
    layout = of_columns[2]
    rows = _in_lanes((member, products, values, *of_columns), lanes, options).filter(in_lane__in=keys)
    place = Window(RowNumber(), partition_by=[F(COLUMN[layout]), F("in_lane")], order_by=["rank", "pk"])
    first_ones = rows.annotate(place=place).filter(place__lte=most).values("pk")
    found = Item.objects.filter(pk__in=first_ones).order_by("rank", "pk")
    return as_rows(found, layout, colours, shown, (PATHS[layout][0], key_of(lanes, options)))


CELLS, CARDS, GROUPED = Prepared(_cells), Prepared(_cards), Prepared(_grouped)
