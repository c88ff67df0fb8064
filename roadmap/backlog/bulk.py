"""One change to many items: a field of all, or all to the bin. One statement, one Change and so one undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Member
from accounts.refusals import Refused
from changes.models import Change
from discussion.models import Kind, Watcher
from discussion.notifying import notify
from products.models import Product
from roadmap.backlog.filters import item_language
from roadmap.forms import ItemForm
from roadmap.models import Component, CustomField, Item, ItemType
from roadmap.models.custom_field import refuse_missing
from roadmap.models.item_columns import PROPOSED_HORIZON
from roadmap.models.known_types import held
from roadmap.models.status import Category, Status

#: What can be set for many at once; the rest is about one item alone.
FIELDS = ("status", "type", "release", "objective", "component", "lead", "horizon", "is_internal")
DELETE = "delete"
AT_ONCE = 200  #: more are changed by a job, with progress
TOLD = 20  #: of so many items each is told by itself


@dataclass(frozen=True)
class Outcome:
    """`left` were not changed because they lack what the new status needs; `reason` says what."""

    change: int
    changed: int
    left: int = 0
    reason: str = ""


def chosen(member: Member, product: Product, numbers: Sequence[str], matching: str | None) -> QuerySet[Item]:
    """The items of these numbers or, where `matching` is given, all that a query string filters. Raises Refused."""
    rows: QuerySet[Item] = Item.objects.visible_to(member).of(product)
    if matching is None:
        return rows.filter(
            number__in=[int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 10]
        )
    language = item_language(product.workspace, product)
    return rows.filter(language.compile(language.from_query(QueryDict(matching))))


def apply(rows: QuerySet[Item], member: Member, product: Product, setting: str, *, by: Actor | Change) -> Outcome:
    """`setting` is `delete`, or a field and its value as a form sends it (`status:nk3…`). Raises Refused."""
    field, _colon, value = setting.partition(":")
    if field == DELETE:
        return delete_many(rows, product, by=by)
    if field not in FIELDS:
        raise Refused(_("This cannot be set for many items at once."))
    form = ItemForm({field: value}, instance=Item(product=product, workspace=product.workspace))
    form.limit_choices(member, product)
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    return set_for_many(rows, product, field, form.values[field], by=by)


def set_for_many(rows: QuerySet[Item], product: Product, field: str, value: Any, *, by: Actor | Change) -> Outcome:
    """Set `field` of all `rows` that have another value; a status takes shipping day and horizon along."""
    with Change.open("item.edited", by=by, workspace=product.workspace) as change:
        different = _locked(rows.exclude(**{field: value}) if value not in (None, "") else rows.exclude(_empty(field)))
        if field == "type":
            able, reason = _able_to_be(different, held(product.workspace_id, value).get(value))
        else:
            able, reason = _able(different, value) if field == "status" else (different, "")
        ids = [item.pk for item in able]
        Item.objects.filter(pk__among=ids).update(
            **{field: value}, **(_followed(value, change) if field == "status" else {})
        )
        if field == "status":
            Status.refuse_removed(value.pk)
        if field == "component" and value is not None:
            Component.refuse_unusable(value.pk)
        if field == "lead" and value is not None:
            _tell_lead(able, value, change)
        _tell(able, product, change)
    return Outcome(change.pk or 0, len(ids), len(different) - len(ids), reason)


def delete_many(rows: QuerySet[Item], product: Product, *, by: Actor | Change) -> Outcome:
    """All to the bin."""
    with Change.open("item.deleted", by=by, workspace=product.workspace) as change:
        items = _locked(rows)
        Item.objects.filter(pk__among=[item.pk for item in items]).update(deleted_at=change.at)
        _tell(items, product, change)
    return Outcome(change.pk or 0, len(items))


def _empty(field: str) -> Any:
    return Q(**({field: ""} if field == "horizon" else {f"{field}__isnull": True}))


def _locked(rows: QuerySet[Item]) -> list[Item]:
    """In the order of their ids, so that two of these never wait for each other."""
    lean = rows.select_related("thread").only(
        "pk", "number", "product", "custom", "status", "parent", "thread", "workspace"
    )
    return list(lean.order_by("pk").select_for_update(of=("self",)))


def _able(items: list[Item], status: Any) -> tuple[list[Item], str]:
    """Those that may go to this status and have all that it needs, and what hinders the others."""
    required = CustomField.objects.filter(workspace=status.workspace_id).exclude(required_from="")
    strict = Status.objects.filter(workspace=status.workspace_id).exclude(leads_to=[]).in_bulk()
    if not required and not strict:
        return items, ""
    able, reason = [], ""
    for item in items:
        try:
            if item.status_id in strict:
                strict[item.status_id].refuse_step(status)
            refuse_missing(required, item.custom, status.category)
        except Refused as refusal:
            reason = str(refusal)
        else:
            able.append(item)
    return able, reason


def _able_to_be(items: list[Item], kind: ItemType | None) -> tuple[list[Item], str]:
    """Those that may be of this type where they stand, and what hinders the others. Raises Refused where it is gone."""
    if kind is None:
        raise Refused(_("There is no such type of items any more. Choose another one."))
    if kind.is_epic:
        able = [item for item in items if item.parent_id is None]
        reason = _("An epic stands under no other item.")
    else:
        ids = [item.pk for item in items]
        above = set(Item.objects.filter(parent__in=ids).values_list("parent", flat=True))
        able = [item for item in items if item.pk not in above]
        reason = _("Only an epic has items under it.")
    return able, reason if len(able) < len(items) else ""


def _followed(status: Any, change: Change) -> dict[str, Any]:
    """As `follow_status`, for all rows at once."""
    category = Category(status.category)
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


def _tell(items: list[Item], product: Product, change: Change) -> None:
    for number in [item.number for item in items] if len(items) <= TOLD else ["*"]:
        change.tell("item", number, product_id=product.pk)
