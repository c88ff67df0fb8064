"""What differs between two moments, read once more: both states as a whole, scopes item by item, compared in Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from changes.past import as_of
from products.models import Product
from roadmap.models import Item
from roadmap.time_machine.comparing import Comparison, Noun, Planned, compare
from roadmap.time_machine.states import COLUMNS, Asked, statement_at

Scopes = dict[tuple[Noun, int], set[str]]


def state_at(asked: Asked, moment: datetime | None) -> dict[str, Planned]:
    """By key, without scopes."""
    sql, values = statement_at(asked, moment)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = [dict(zip(COLUMNS.split(", "), row, strict=True)) for row in cursor.fetchall()]
    plans = [_planned(row) for row in rows]
    assert len({one.key for one in plans}) == len(plans)
    return {one.key: one for one in plans}


def _planned(row: dict[str, Any]) -> Planned:
    noun, held = Noun(row.pop("noun")), row.pop("row_id")
    return Planned(noun=noun, row=held, **row)


def scopes_at(product: Product, moment: datetime) -> Scopes:
    """Release or epic → keys of what was in it."""
    found: Scopes = {}
    with as_of(moment, Item):
        rows = list(Item.objects.of(product).values_list("number", "release_id", "parent_id"))
    for number, release, parent in rows:
        for noun, place in ((Noun.RELEASE, release), (Noun.ITEM, parent)):
            if place is not None:
                found.setdefault((noun, place), set()).add(f"{product.key}-{number}")
    return found


def naive(asked: Asked, product: Product, since: datetime, until: datetime) -> Comparison:
    states = []
    for moment in (since, until):
        scopes = scopes_at(product, moment)
        state = state_at(asked, moment)
        states.append(
            {key: replace(one, scope=frozenset(scopes.get((one.noun, one.row), ()))) for key, one in state.items()}
        )
    return compare(*states)
