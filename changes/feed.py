"""The activity feed: who did what to which thing, and when. Read from Change and Version alone.

Apps say in AppConfig.ready() which of their tables people hear about, and what a row is called and where it lives:

    feed.tell_about(Item, _("item"), name=lambda state: state["title"], url=lambda place, state: reverse(…))

Tables that nobody named, quiet changes such as rank moves, and rows of products that the reader does not see stay out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db import models
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.translation import pgettext_lazy

from accounts.lookups import given
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
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
    "frozen": pgettext_lazy("activity", "froze the scope of"),
    "reopened": pgettext_lazy("activity", "opened the scope of"),
    "linked": pgettext_lazy("activity", "linked"),
    "shared": pgettext_lazy("activity", "shared"),
    "revoked": pgettext_lazy("activity", "revoked"),
    "merged": pgettext_lazy("activity", "merged"),
    "moved": pgettext_lazy("activity", "moved"),
}
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

    verb: str
    at: datetime
    who: str
    deed: Any
    noun: Any
    name: str
    url: str
    fields: list[str]
    more: int

    @property
    def is_edit(self) -> bool:
        return self.verb.endswith((".edited", ".arranged"))


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

    One statement, however many rows the changes touched: of each change only its chief row is read.
    """
    together = Together()
    return recent_later(member, products, together, limit=limit, shared=shared, since=since, of_others=of_others)()


def recent_later(
    member: Member,
    products: Mapping[int, str],
    together: Together,
    *,
    limit: int = 20,
    shared: bool = False,
    since: datetime | None = None,
    of_others: bool = False,
) -> Callable[[], list[Activity]]:
    """The same, when it is wanted: asked together with the rest of a page."""
    asked = _asked(shared, since, of_others, limit)
    if len(products) == 1 and asked[1:4] == (False, False, False):
        found = together.ask(NEWEST_OF_ONE, member, *products, variant=(asked[0], limit))
    else:
        found = together.ask(NEWEST, member, list(products), since or NEVER, variant=asked)
    return lambda: [_activity(row, products, member.workspace.slug) for row in found()]


def _asked(shared: bool, since: datetime | None, of_others: bool, limit: int) -> tuple[Any, ...]:
    orders = tuple((table, noun.order) for table, noun in _nouns.items())
    return orders, shared, since is not None, of_others, limit


def how_many_later(
    member: Member, products: Iterable[int], together: Together, *, since: datetime
) -> Callable[[], dict[int, int]]:
    """Product id → how many changes others made there since, when it is wanted; products without any are left out. Asked together with the
    rest of a page."""
    found = together.ask(HOW_MANY, member, list(products), since, variant=(tuple(_nouns), False, True, True))
    return lambda: dict(found())


def _told(  # noqa: PLR0913 - the arguments of two statements
    member: Member, ids: list[int], since: datetime, nouns: tuple[str, ...], shared: bool, timed: bool, of_others: bool
) -> models.QuerySet[Version]:
    within = Q(product_id__among_some=ids)
    if shared:
        within |= Q(product_id=None)
    rows = Version.objects.filter(within, workspace=member.workspace_id, noun__in=nouns, change__quiet=False)
    if timed:
        rows = rows.filter(change__at__gte=since)
    if of_others:
        rows = rows.filter(~Q(change__member=member) | Q(change__member=None))
    return rows


def _newest(  # noqa: PLR0913 - what decides about the statement
    member: Member,
    ids: list[int],
    since: datetime,
    orders: tuple[tuple[str, int], ...],
    shared: bool,
    timed: bool,
    of_others: bool,
    limit: int,
) -> models.QuerySet[Any]:
    """The chief version of each of the newest changes, with how many rows of these tables the change has."""
    told = _told(member, ids, since, tuple(table for table, _order in orders), shared, timed, of_others)
    return _chief(told, told, orders, limit)


def _newest_of_one(
    member: Member, product: int, orders: tuple[tuple[str, int], ...], limit: int
) -> models.QuerySet[Any]:
    """The same of one product. Whether a change is quiet is looked up for each of the newest versions: joined, all that happened to
    others since would be read first."""
    nouns = tuple(table for table, _order in orders)
    own = Version.objects.filter(product_id=given(product), workspace=member.workspace_id, noun__in=nouns)
    quiet = Subquery(Change.objects.filter(pk=OuterRef("change")).values("quiet"))
    return _chief(own.filter(change__quiet=False), own.alias(quiet=quiet).filter(quiet=False), orders, limit)


def _chief(
    told: models.QuerySet[Version], newest: models.QuerySet[Version], orders: tuple[tuple[str, int], ...], limit: int
) -> models.QuerySet[Any]:
    newest = newest.order_by("-change_id").values("change_id").distinct()[:limit]
    order = Case(*(When(noun=table, then=Value(order)) for table, order in orders), output_field=IntegerField())
    place = Window(RowNumber(), partition_by="change", order_by=[order, "pk"])
    rows = Window(Count("*"), partition_by="change")
    chief = told.filter(change__in=newest).annotate(place=place, rows=rows).filter(place=1)
    return chief.order_by("-change_id").values_list(
        "noun", "product_id", "state", "columns", "rows", "change__verb", "change__at",
        "change__member__user__name", "change__member__user__email", "change__actor_label",
    )  # fmt: skip


def _how_many(member: Member, ids: list[int], since: datetime, *asked: Any) -> models.QuerySet[Any]:
    told = _told(member, ids, since, *asked).order_by()
    return (
        told.values("product_id").annotate(changes=Count("change", distinct=True)).values_list("product_id", "changes")
    )


NEWEST, NEWEST_OF_ONE, HOW_MANY = Prepared(_newest), Prepared(_newest_of_one), Prepared(_how_many)


def _activity(row: tuple[Any, ...], keys: Mapping[int, str], slug: str) -> Activity:
    table, product_id, state, columns, rows, verb, at, name, email, label = row
    noun = _nouns[table]
    place = Place(slug, keys.get(product_id or 0, ""))
    return Activity(
        verb,
        at,
        name or email or label,
        DEEDS.get(verb.rpartition(".")[2], OTHERWISE),
        noun.label,
        noun.name(state),
        noun.url(place, state),
        [str(_labels(noun.model)[column]) for column in columns if column in _labels(noun.model)],
        rows - 1,
    )


@cache
def _labels(model: type[models.Model]) -> dict[str, Any]:
    """Column → what people call it, for those that people set."""
    return {
        field.column: field.verbose_name
        for field in model._meta.concrete_fields
        if field.column not in HIDDEN and (field.editable or field.choices)
    }
