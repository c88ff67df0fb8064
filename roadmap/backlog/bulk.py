"""One change to many items: a field of all, or all to the bin. One statement, one Change and so one undo."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import QueryDict

from accounts.actors import Actor
from accounts.models import Member
from changes.models import Change
from products.models import Product
from roadmap.backlog import bulk_fields
from roadmap.backlog.bulk_edits import Outcome, carry_out, locked, set_for_many, tell
from roadmap.backlog.bulk_rules import ask_why_they_slip
from roadmap.backlog.filters import item_language
from roadmap.models import Item

__all__ = ["AT_ONCE", "DELETE", "Outcome", "apply", "ask_why", "carry_out", "chosen", "delete_many", "set_for_many"]

DELETE = "delete"
AT_ONCE = 200  #: more are changed by a job, with progress


def chosen(member: Member, product: Product, numbers: Sequence[str], matching: str | None) -> QuerySet[Item]:
    """The items of these numbers or, where `matching` is given, all that a query string filters. Raises Refused."""
    rows: QuerySet[Item] = Item.objects.visible_to(member).of(product)
    if matching is None:
        return rows.filter(
            number__in=[int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 10]
        )
    language = item_language(product.workspace, product)
    return rows.filter(language.compile(language.from_query(QueryDict(matching))))


def apply(
    rows: QuerySet[Item],
    member: Member,
    product: Product,
    setting: str,
    *,
    by: Actor | Change,
    reason: str | None = None,
) -> Outcome:
    """`setting` is `delete`, or a field and its value as a form sends it (`status:nk3…`, see bulk_fields). Raises Refused."""
    if setting.partition(":")[0] == DELETE:
        return delete_many(rows, product, by=by)
    return carry_out(rows, product, bulk_fields.read(setting, member, product), by=by, reason=reason)


def ask_why(rows: QuerySet[Item], member: Member, product: Product, setting: str) -> None:
    """Raise ReasonWanted where with this setting promised ends would slip, which nobody has said a reason for; Refused where it is none."""
    if setting.startswith("ends_on:"):
        end = bulk_fields.read(setting, member, product).value
        if end is not None:
            ask_why_they_slip(rows, product, end)


def delete_many(rows: QuerySet[Item], product: Product, *, by: Actor | Change) -> Outcome:
    """All to the bin."""
    with Change.open("item.deleted", by=by, workspace=product.workspace) as change:
        items = locked(rows)
        Item.objects.filter(pk__among=[item.pk for item in items]).update(deleted_at=change.at)
        tell(items, product, change)
    return Outcome(change.pk or 0, len(items))
