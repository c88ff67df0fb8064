"""The items of boards and lists as lean tuples, and how statements about items of a roadmap begin and are asked."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Q

from accounts.lookups import given
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from roadmap.models import Category, Item
from roadmap.plans.colouring import colour_of
from roadmap.plans.designs import Design
from roadmap.plans.laning import lane_of
from roadmap.plans.shown import fact_of

STATES: dict[str, str] = {
    Category.SHIPPED: "shipped",
    Category.BUILDING: "build",
    Category.READY: "ready",
    Category.SHAPING: "planned",
}
UNSTARTED = "idea"
BASE = (
    "pk", "product__key", "number", "title", "starts_on", "ends_on", "change_id", "status__name", "status__category",
)  # fmt: skip


class Row(NamedTuple):
    """An item on a board or in a list. `lane` names its lane ("" for none), `colour` what it is coloured by; `facts` are what the design
    shows of it, in its order, None where it needs no column."""

    pk: int
    product: str
    number: int
    title: str
    starts_on: date | None
    ends_on: date | None
    change: int
    status: str
    category: str
    lane: str | None
    lane_name: str | None
    colour: str | None
    colour_name: str | None
    facts: tuple[Any, ...] = ()

    @property
    def state(self) -> str:
        """The look of an item, by the category of its status."""
        return STATES.get(self.category, UNSTARTED)


def visible(member: Member, products: Sequence[int] | int, condition: Q | None) -> Any:
    """Items of these products that `member` sees and the filter leaves. Of one that is named by itself they are found in the order of an index."""
    rows = Item.objects.visible_to(member)
    if isinstance(products, int):
        rows = rows.filter(product=given(products))
    else:
        rows = rows.filter(product__among=products)
    return rows if condition is None else rows.filter(condition)


def as_rows(rows: Any, lanes: str, colours: str, shown: tuple[str, ...], lane: tuple[Any, Any] | None = None) -> Any:
    """The columns that `rows_of` reads. `lane`: other columns than those of the lane's key and name."""
    facts = [fact_of(name) for name in shown]
    return with_columns(rows, BASE, [*(lane or lane_of(lanes)), *colour_of(colours), *facts])


def with_columns(rows: Any, base: tuple[str, ...], columns: Sequence[Any]) -> Any:
    """Lean rows of these columns: paths and, after those of `base`, expressions; none for None."""
    asked = [one for one in columns if one is not None]
    named = {f"asked{n}": one for n, one in enumerate(asked) if not isinstance(one, str)}
    paths = [one if isinstance(one, str) else f"asked{n}" for n, one in enumerate(asked)]
    return rows.annotate(**named).values_list(*base, *paths)


def rows_of(fetched: Iterable[Sequence[Any]], design: Design) -> list[Row]:
    """What `as_rows` had read; None where nothing was to be read."""
    coloured = [one for one in colour_of(design.colours) if one is not None]
    till, none = len(BASE) + 2 + len(coloured), (None,) * (2 - len(coloured))
    has_column = [fact_of(name) is not None for name in design.shown]
    if not any(has_column):
        facts = (None,) * len(has_column)
        return [Row._make((*values, *none, facts)) for values in fetched]
    return [Row._make((*values[:till], *none, _facts(values[till:], has_column))) for values in fetched]


def _facts(values: Sequence[Any], has_column: list[bool]) -> tuple[Any, ...]:
    left = iter(values)
    return tuple(next(left) if has else None for has in has_column)


def ask(
    together: Together, prepared: Prepared, *arguments: Any, variant: tuple[Hashable, ...] = ()
) -> Callable[[], list[Any]]:
    """The rows of a statement, when they are wanted: none where the filter can leave nothing; by a statement of its own where a moment
    in the filter would be frozen into one that is kept."""
    try:
        return together.ask(prepared, *arguments, variant=variant)
    except TypeError:
        return together.alone(partial(list, prepared.build(*arguments, *variant)))


def read(prepared: Prepared, *arguments: Any, variant: tuple[Hashable, ...] = ()) -> list[Any]:
    """The rows of a statement, now; as `ask` has them."""
    try:
        return prepared.rows(*arguments, variant=variant)
    except TypeError:
        return list(prepared.build(*arguments, *variant))
