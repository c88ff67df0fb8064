"""The activity feed: who did what to which thing, and when. Read from Change and Version alone.

Apps say in AppConfig.ready() which of their tables people hear about, and what a row is called and where it lives:

    feed.tell_about(Item, _("item"), name=lambda state: state["title"], url=lambda place, state: reverse(…))

Tables that nobody named, quiet changes such as rank moves, and rows of products that the reader does not see stay out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q, Window
from django.db.models.functions import RowNumber
from django.utils.translation import pgettext_lazy

from accounts.models import Member
from accounts.prepared import Prepared
from changes.history import HIDDEN
from changes.models import Change, Version

#: What the verb of a Change did, by its last word: “Mona changed the goal …”.
DEEDS = {
    "added": pgettext_lazy("activity", "added"),
    "introduced": pgettext_lazy("activity", "introduced"),
    "edited": pgettext_lazy("activity", "changed"),
    "deleted": pgettext_lazy("activity", "deleted"),
    "restored": pgettext_lazy("activity", "brought back"),
    "undone": pgettext_lazy("activity", "undid a change of"),
    "imported": pgettext_lazy("activity", "imported"),
    "decided": pgettext_lazy("activity", "decided"),
    "judged": pgettext_lazy("activity", "said how it stands with"),
    "health_set": pgettext_lazy("activity", "said how it stands with"),
    "adopted": pgettext_lazy("activity", "said where it stands, in"),
    "met": pgettext_lazy("activity", "met"),
    "signed": pgettext_lazy("activity", "signed"),
    "asked": pgettext_lazy("activity", "asked for a sign-off at"),
    "planned": pgettext_lazy("activity", "planned"),
    "shipped": pgettext_lazy("activity", "shipped"),
    "released": pgettext_lazy("activity", "released"),
    "linked": pgettext_lazy("activity", "linked"),
    "shared": pgettext_lazy("activity", "shared"),
    "revoked": pgettext_lazy("activity", "revoked"),
    "merged": pgettext_lazy("activity", "merged"),
}
READ_OF_EACH = 20
NEVER = datetime(1, 1, 1, tzinfo=UTC)
OTHERWISE = pgettext_lazy("activity", "changed")


@dataclass(frozen=True)
class Place:
    """Where a row lives: for its address."""

    workspace: str
    product: str


@dataclass(frozen=True)
class Noun:
    model: type[models.Model]
    label: Any
    name: Callable[[dict[str, Any]], str]
    url: Callable[[Place, dict[str, Any]], str]
    order: int


@dataclass(frozen=True)
class Activity:
    """One Change as a sentence: who, deed, noun and name of its chief row, the fields, how many more rows of that noun, when."""

    change: Change
    who: str
    deed: Any
    noun: Any
    name: str
    url: str
    fields: list[str]
    more: int

    @property
    def is_edit(self) -> bool:
        return self.change.verb.endswith((".edited", ".arranged"))

    @property
    def at(self) -> datetime:
        return self.change.at


_nouns: dict[str, Noun] = {}


def tell_about(
    model: type[models.Model],
    label: Any,
    *,
    name: Callable[[dict[str, Any]], str],
    url: Callable[[Place, dict[str, Any]], str] = lambda place, state: "",
    order: int = 50,
) -> None:
    """`state` is the row's columns as they were; `order` decides which row of a Change it is told by: the lowest."""
    _nouns[model._meta.db_table] = Noun(model, label, name, url, order)


def recent(
    member: Member,
    products: Mapping[int, str],
    *,
    limit: int = 20,
    shared: bool = False,
    since: datetime | None = None,
    of_others: bool = False,
) -> list[Activity]:
    """The newest activity at `products` (id → key), of which the member must see all; with `shared` also what has no product.

    `since` leaves out what is older, `of_others` what the member did.

    Two statements, however many rows the changes touched: of each change the first 20 versions are read.
    """
    within = (member, list(products), since or NEVER)
    asked = (tuple(_nouns), shared, since is not None, of_others)
    newest = [change for (change,) in NEWEST.rows(*within, variant=(*asked, limit))]
    by_change: dict[int, list[Version]] = {}
    for version in FIRST_OF_EACH.rows(*within, newest, variant=asked) if newest else []:
        by_change.setdefault(version.change_id, []).append(version)
    slug = member.workspace.slug
    return [_activity(by_change[change], products, slug) for change in newest]


def how_many(member: Member, products: Iterable[int], *, since: datetime) -> dict[int, int]:
    """Product id → how many changes others made there since; products without any are left out. One statement."""
    return dict(HOW_MANY.rows(member, list(products), since, variant=(tuple(_nouns), False, True, True)))


def _told(  # noqa: PLR0913 - the arguments of three statements
    member: Member, ids: list[int], since: datetime, nouns: tuple[str, ...], shared: bool, timed: bool, of_others: bool
) -> models.QuerySet[Version]:
    within = Q(product_id__among=ids)
    if shared:
        within |= Q(product_id=None)
    rows = Version.objects.filter(within, workspace=member.workspace_id, noun__in=nouns, change__quiet=False)
    if timed:
        rows = rows.filter(change__at__gte=since)
    if of_others:
        rows = rows.filter(~Q(change__member=member) | Q(change__member=None))
    return rows


def _newest(member: Member, ids: list[int], since: datetime, *asked: Any) -> models.QuerySet[Any]:
    *asked, limit = asked
    told = _told(member, ids, since, *asked)
    return told.order_by("-change_id").values_list("change_id").distinct()[:limit]


def _first_of_each(
    member: Member, ids: list[int], since: datetime, changes: list[int], *asked: Any
) -> models.QuerySet[Version]:
    """The first versions of each change, each with `rows`: how many the change has in all."""
    place = Window(RowNumber(), partition_by="change", order_by="pk")
    rows = Window(Count("*"), partition_by="change")
    told = _told(member, ids, since, *asked).filter(change__among=changes)
    ranked = told.annotate(place=place, rows=rows).filter(place__lte=READ_OF_EACH)
    return ranked.select_related("change__member__user").order_by("pk")


def _how_many(member: Member, ids: list[int], since: datetime, *asked: Any) -> models.QuerySet[Any]:
    told = _told(member, ids, since, *asked).order_by()
    return (
        told.values("product_id").annotate(changes=Count("change", distinct=True)).values_list("product_id", "changes")
    )


NEWEST, FIRST_OF_EACH, HOW_MANY = Prepared(_newest), Prepared(_first_of_each), Prepared(_how_many)


def _activity(versions: list[Version], keys: Mapping[int, str], slug: str) -> Activity:
    chief = min(versions, key=lambda version: _nouns[version.noun].order)
    noun, change = _nouns[chief.noun], chief.change
    place = Place(slug, keys.get(chief.product_id or 0, ""))
    return Activity(
        change,
        change.member.name if change.member else change.actor_label,
        DEEDS.get(change.verb.rpartition(".")[2], OTHERWISE),
        noun.label,
        noun.name(chief.state),
        noun.url(place, chief.state),
        [str(label) for label in _labels(chief)],
        chief.rows - 1,  # type: ignore[attr-defined]
    )


def _labels(version: Version) -> Iterable[Any]:
    fields = {field.column: field for field in _nouns[version.noun].model._meta.concrete_fields}
    for column in version.columns:
        field = fields.get(column)
        if field is not None and column not in HIDDEN and (field.editable or field.choices):
            yield field.verbose_name
