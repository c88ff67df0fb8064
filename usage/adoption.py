"""Adoption beside the items that were shipped: of those active since the release, who tried and who adopted."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from pyroaring import BitMap

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from listing.figures import Figure
from products.models import Product
from ui import formats
from usage import sql
from usage.models import PRODUCT_SCOPE, Adoption, KeyKind, KnownKey, Population, UsageKeyItem, UsageStream
from usage.rollup import periods, watermark


@dataclass(frozen=True)
class Counts:
    """Of `eligible`, who were active in the product in the period."""

    eligible: int
    tried: int
    adopted: int

    @property
    def tried_share(self) -> float | None:
        return 100 * self.tried / self.eligible if self.eligible else None

    @property
    def adopted_share(self) -> float | None:
        return 100 * self.adopted / self.eligible if self.eligible else None

    @property
    def widths(self) -> tuple[str, str]:
        return f"{self.adopted_share or 0:.1f}", f"{self.tried_share or 0:.1f}"


@dataclass(frozen=True)
class ItemAdoption:
    """Use of what an item brought, from its release through the last complete day. `counts` is None until that is one."""

    keys: tuple[str, ...]
    product: Product
    since: date | None
    through: date | None
    accounts: Counts | None = None
    users: Counts | None = None


def adoption_of_items(ids: list[int], member: Member | None) -> dict[int, dict[str, Any]]:
    """id → {"adoption": ItemAdoption}, of the items that are measured. A few statements, however many items there are."""
    links = list(_links(member, Q(item__in=ids)))
    by_item: dict[int, list[UsageKeyItem]] = {}
    for link in links:
        by_item.setdefault(link.item_id, []).append(link)
    found = {}
    for product in {link.product_id: link.product for link in links}.values():
        own = {item: linked for item, linked in by_item.items() if linked[0].product_id == product.pk}
        found.update(_of_product(product, own, _read(product, own)))
    return {item: {"adoption": one} for item, one in found.items()}


def adoption_of_item(together: Together, item: int, member: Member) -> Callable[[], dict[str, Any] | None]:
    """The same for the page of an item that it has read as `member` sees it; None where nothing measures it."""
    today = member.workspace.today()
    links_of_it = together.ask(LINKS_OF_ONE, member, item)
    scopes = together.ask(SCOPES_OF_ONE, item)
    served = together.ask(SERVED_OF_ONE, item)
    complete = together.ask_sql(watermark.OF_MEASURED, watermark.values_of_measured(item, today), "date", "date")

    def context() -> dict[str, Any] | None:
        links = links_of_it()
        if not links:
            return None
        product = links[0].product
        product.workspace = member.workspace
        stream = getattr(product, "usage_stream", None)
        read = _Read(watermark.through(*complete()[0]), stream, dict(scopes()), _by_release(served()))
        adoption = _of_product(product, {item: links}, read)[item]
        counted = (adoption.since, adoption.through, adoption.accounts, adoption.users)
        return {
            "adoption": adoption,
            "made_of": (adoption.keys, product.key, today, *counted),
            "step": partial(_step, adoption),
        }

    return context


def _step(adoption: ItemAdoption) -> tuple[str, str] | None:
    """What the red thread says of an item's adoption; None before there is a complete day since its release."""
    counts = adoption.accounts
    if counts is None or counts.adopted_share is None:
        return None
    title = _("%(share)s adopted") % {"share": formats.percent(counts.adopted_share)}
    numbers = {"adopted": formats.number(counts.adopted), "eligible": formats.number(counts.eligible)}
    return title, _("%(adopted)s of %(eligible)s accounts") % numbers


def _links(member: Member | None, chosen: Q) -> Any:
    """Scores read them with no member: adoption is the same for all who see the item."""
    seen = UsageKeyItem.objects.all() if member is None else UsageKeyItem.objects.visible_to(member)
    rows = seen.filter(chosen).order_by("usage_key__key")
    unread = [f"item__{field}" for field in ("search", "description", "source_data", "custom")]
    return rows.select_related("usage_key", "item", "product__workspace").defer(*unread)


LINKS_OF_ONE = Prepared(
    lambda member, item: (
        UsageKeyItem.objects.visible_to(member)
        .filter(item=item)
        .select_related("usage_key", "item", "product__usage_stream")
        .only(
            "workspace",
            "usage_key__key",
            "item__shipped_at",
            "product__key",
            "product__usage_stream__time_zone",
            "product__usage_stream__week_start",
        )
        .order_by("usage_key__key")
    )
)


def _scopes_of(item: int) -> Any:
    """The small numbers of the features that measure an item."""
    own = UsageKeyItem.objects.filter(item=item, product=OuterRef("product"), usage_key__key=OuterRef("key"))
    return KnownKey.objects.filter(Exists(own), kind=KeyKind.FEATURE)


SCOPES_OF_ONE = Prepared(lambda item: _scopes_of(item).values_list("key", "id"))
SERVED_OF_ONE = Prepared(
    lambda item: Adoption.objects.filter(period=Adoption.Period.SINCE_RELEASE, scope__in=_scopes_of(item).values("id"))
    .values_list("scope", "since", "kind", "eligible", "tried", "adopted")
)  # fmt: skip


def adoption_figures(ids: list[int], member: Member | None) -> dict[int, Figure]:
    """The share of accounts that adopted an item's feature since its release, in percent."""
    found = {}
    for item, context in adoption_of_items(ids, member).items():
        adoption: ItemAdoption = context["adoption"]
        counts = adoption.accounts
        if counts is not None and counts.adopted_share is not None and adoption.since:
            today = adoption.product.workspace.today()
            found[item] = Figure(
                Decimal(counts.adopted_share).quantize(Decimal("0.1")),
                formats.span(adoption.since, adoption.through, today),
                _("%(eligible)d accounts active in the product") % {"eligible": counts.eligible},
            )
    return found


@dataclass(frozen=True)
class _Read:
    """What is known of a product: its last complete day, the features' numbers, and what is counted already."""

    through: date | None
    stream: UsageStream | None
    scopes: dict[str, int]
    served: dict[tuple[int, date], dict[int, Counts]]


def _read(product: Product, links: dict[int, list[UsageKeyItem]]) -> _Read:
    keys = {link.usage_key.key for of_item in links.values() for link in of_item}
    scopes = dict(KnownKey.objects.of(product).filter(kind=KeyKind.FEATURE, key__in=keys).values_list("key", "id"))
    served = Adoption.objects.of(product).filter(period=Adoption.Period.SINCE_RELEASE, scope__in=scopes.values())
    return _Read(
        watermark.complete_through(product.pk, product.workspace.today()),
        UsageStream.objects.filter(product=product).first(),
        scopes,
        _by_release(served.values_list("scope", "since", "kind", "eligible", "tried", "adopted")),
    )


def _by_release(rows: Iterable[tuple[int, date, int, int, int, int]]) -> dict[tuple[int, date], dict[int, Counts]]:
    served: dict[tuple[int, date], dict[int, Counts]] = {}
    for scope, since, kind, *counts in rows:
        served.setdefault((scope, since), {})[kind] = Counts(*counts)
    return served


def _of_product(product: Product, links: dict[int, list[UsageKeyItem]], read: _Read) -> dict[int, ItemAdoption]:
    through, stream, scopes = read.through, read.stream, read.scopes
    found = {}
    for item, of_item in links.items():
        shipped_at = of_item[0].item.shipped_at
        since = shipped_at.astimezone(stream.zone).date() if shipped_at and stream else None
        names = tuple(link.usage_key.key for link in of_item)
        own = [scopes[name] for name in names if name in scopes]
        if since is None or through is None or since > through or not own or stream is None:
            found[item] = ItemAdoption(names, product, since, through)
            continue
        counts = read.served.get((own[0], since)) if len(own) == 1 else None
        if counts is None:
            counts = _counted(product, own, since, through, stream.week_start)
        found[item] = ItemAdoption(
            names, product, since, through, counts[Population.ACCOUNTS], counts[Population.USERS]
        )
    return found


def _counted(product: Product, scopes: list[int], since: date, through: date, week_start: int) -> dict[int, Counts]:
    """From the bitmaps of days: for an item with several keys, or released after the first use of its key."""
    sets: dict[tuple[bool, int], dict[int, BitMap]] = {}
    rows = sql.rows(
        "SELECT scope, kind, day, bm FROM usage_daybitmap"
        " WHERE product_id = %s AND scope = ANY(%s) AND day BETWEEN %s AND %s",
        *(product.pk, [PRODUCT_SCOPE, *scopes], since, through),
    )
    for scope, kind, day, bitmap in rows:
        days = sets.setdefault((scope == PRODUCT_SCOPE, kind), {})
        days[day.toordinal()] = days.get(day.toordinal(), BitMap()) | BitMap.deserialize(bitmap)
    counts = {}
    for kind in Population:
        whole = periods.weeks_of(sets.get((True, kind), {}), week_start)
        weeks = periods.weeks_of(sets.get((False, kind), {}), week_start)
        tried, adopted = periods.once_and_twice(weeks.values())
        counts[kind.value] = Counts(len(BitMap.union(BitMap(), *whole.values())), len(tried), len(adopted))
    return counts
