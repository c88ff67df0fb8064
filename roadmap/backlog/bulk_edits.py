"""A field of many items set at once: those that it is nothing for stay as they are and are counted by why; the others are
written by one statement, in one Change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.actors import Actor
from accounts.models import Member
from accounts.refusals import Refused
from changes.models import Change
from changes.writing import differing
from discussion.models import Kind, Watcher
from discussion.notifying import notify
from products.models import Product
from roadmap.backlog.bulk_fields import Setting, put
from roadmap.backlog.bulk_rules import DAYS, rule_of
from roadmap.backlog.bulk_texts import TEXTS, rewritten
from roadmap.models import Component, Item
from roadmap.models.dates import keep_to_quarters
from roadmap.models.item_columns import PROPOSED_HORIZON
from roadmap.models.known_types import told_type
from roadmap.models.status import Category, Status

TOLD = 20  #: of so many items each is told by itself

#: What is read of items beside the column that is set.
NEEDED: dict[str, tuple[str, ...]] = {
    "status": ("custom",),
    "type": ("parent",),
    "parent": ("type",),
    "iteration": ("release",),
    "lead": ("thread",),
    "custom": ("status__category",),
    **dict.fromkeys(DAYS, (*DAYS, "status__category")),
}
#: Where each item gets a value of its own: fresh.value is JSON.
EACH = {
    **{name: f"{name} = fresh.value #>> '{{}}'" for name in TEXTS},
    "tags": "tags = ARRAY(SELECT jsonb_array_elements_text(fresh.value))",
    "custom": "custom = fresh.value",
    "factors": "factors = fresh.value",
    **dict.fromkeys(
        DAYS,
        "starts_on = (fresh.value ->> 'starts_on')::date, ends_on = (fresh.value ->> 'ends_on')::date,"
        " certainty = fresh.value ->> 'certainty'",
    ),
}


@dataclass(frozen=True)
class Outcome:
    """`reasons`: how many were left as they were, and the sentence that says why."""

    change: int
    changed: int
    reasons: tuple[tuple[int, str], ...] = ()

    @property
    def left(self) -> int:
        return sum(count for count, _sentence in self.reasons)

    @property
    def reason(self) -> str:
        return " ".join(sentence for _count, sentence in self.reasons)


def set_for_many(
    rows: QuerySet[Item], product: Product, field: str, value: Any, *, by: Actor | Change, reason: str | None = None
) -> Outcome:
    """Set a column of all `rows` that have another value."""
    return carry_out(rows, product, Setting(field, value), by=by, reason=reason)


def carry_out(
    rows: QuerySet[Item], product: Product, *settings: Setting, by: Actor | Change, reason: str | None = None
) -> Outcome:
    """Set each of these for all `rows` that have another value, one after the other; a status takes shipping day and horizon along.

    `reason` says why plans slip; None that nobody can be asked (see roadmap/plans/slips.py).
    """
    with Change.open("item.edited", by=by, workspace=product.workspace, reason=reason or "") as change:
        if len(settings) > 1:  # what the first sets must not take them out of what is filtered for the next
            rows = Item.objects.filter(pk__among=[item.pk for item in locked(rows)])
        changed: dict[int, Item] = {}
        left: Counter[str] = Counter()
        for setting in settings:
            changed.update((item.pk, item) for item in _set(rows, product, setting, change, reason, left))
        tell(list(changed.values()), product, change)
    reasons = tuple((count, sentence) for sentence, count in left.most_common())
    return Outcome(change.pk or 0, len(changed), reasons)


def _set(  # noqa: PLR0913 - what one setting of a change is made of
    rows: QuerySet[Item], product: Product, setting: Setting, change: Change, reason: str | None, left: Counter[str]
) -> list[Item]:
    """The items that were written; `left` counts the others by why."""
    field, value = setting.field, setting.value
    items = locked(rows, field)
    becoming = [(item, becomes) for item in items if differing(item, becomes := _columns(item, setting))]
    rule = rule_of(field, value, [item for item, _becomes in becoming], product, reason)
    able: list[tuple[Item, Mapping[str, Any]]] = []
    for item, becomes in becoming:
        try:
            rule(item, becomes)
        except Refused as refusal:
            left[str(refusal)] += 1
        else:
            able.append((item, becomes))
    _write(field, value, able, change)
    return [item for item, _becomes in able]


def locked(rows: QuerySet[Item], field: str = "") -> list[Item]:
    """In the order of their ids, so that two of these never wait for each other."""
    names = ([field] if field else []) + list(NEEDED.get(field, ()))
    beside = [name for name in ("status", "thread") if any(one.partition("__")[0] == name for one in names[1:])]
    if field == "parent":
        rows = rows.annotate(told_type=told_type())
    lean = (rows.select_related(*beside) if beside else rows).only("pk", "number", "product", "workspace", *names)
    return list(lean.order_by("pk").select_for_update(of=("self",)))


def tell(items: Sequence[Item], product: Product, change: Change) -> None:
    for number in [item.number for item in items] if len(items) <= TOLD else ["*"]:
        change.tell("item", number, product_id=product.pk)


def _columns(item: Item, setting: Setting) -> dict[str, Any]:
    """The columns of the item that are written, as they are then."""
    field, value, key = setting.field, setting.value, setting.key
    if field in DAYS:
        days = SimpleNamespace(**{name: getattr(item, name) for name in DAYS} | {**setting.beside, field: value})
        keep_to_quarters(days)
        return vars(days)
    if field in TEXTS:
        return {field: rewritten(field, getattr(item, field), value, setting.how)}
    if field == "tags":
        return {"tags": put(item.tags, setting)}
    if field in ("custom", "factors"):
        there = getattr(item, field)
        given = (put(there.get(key, ()), setting) or None) if setting.how else value
        rest = {name: kept for name, kept in there.items() if name != key}
        return {field: there if given == there.get(key) else {**rest, **({} if given is None else {key: given})}}
    return {field: value}


def _write(field: str, value: Any, able: Sequence[tuple[Item, Mapping[str, Any]]], change: Change) -> None:
    ids = [item.pk for item, _becomes in able]
    if field in EACH:
        _write_each(EACH[field], ids, [_json(field, becomes) for _item, becomes in able])
        return
    followed = _followed(value, change) if field == "status" else {}
    Item.objects.filter(pk__among=ids).update(**{field: value}, **followed)
    if field == "status":
        Status.refuse_removed(value.pk)
    if field == "component" and value is not None:
        Component.refuse_unusable(value.pk)
    if field == "lead" and value is not None:
        _tell_lead([item for item, _becomes in able], value, change)


def _json(field: str, becomes: Mapping[str, Any]) -> str:
    if field not in DAYS:
        return json.dumps(becomes[field])
    return json.dumps({name: day.isoformat() if isinstance(day, date) else day for name, day in becomes.items()})


def _write_each(columns: str, ids: list[int], values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE roadmap_item SET {columns} FROM unnest(%s::bigint[], %s::jsonb[]) AS fresh (id, value)"  # noqa: S608 - of EACH
            " WHERE roadmap_item.id = fresh.id",
            [ids, values],
        )


def _followed(value: Status, change: Change) -> dict[str, Any]:
    """As `follow_status`, for all rows at once."""
    category = Category(value.category)
    followed: dict[str, Any] = {
        "shipped_at": Coalesce(F("shipped_at"), Value(change.at)) if category == Category.SHIPPED else None
    }
    if category in PROPOSED_HORIZON:
        proposed = Value(str(PROPOSED_HORIZON[category]))
        followed["horizon"] = Case(When(horizon="", then=proposed), default=F("horizon"))
    return followed


def _tell_lead(items: list[Item], lead: Member, change: Change) -> None:
    """The new lead watches all of them and is told of the first few one by one."""
    threads = [item.thread for item in items if item.thread is not None]
    Watcher.objects.bulk_create(
        (Watcher(thread=thread, member=lead, workspace_id=thread.workspace_id) for thread in threads),
        ignore_conflicts=True,
    )
    for item in items[:TOLD]:
        if item.thread is not None:
            notify([lead], Kind.ASSIGNMENT, event=f"lead:{change.pk}:{item.pk}", by=change, thread=item.thread)
