"""Adoption beside the items that were shipped: of those active since the release, who tried and who adopted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from pyroaring import BitMap

from accounts.models import Member
from accounts.prepared import Prepared
from listing.figures import Figure
from products.models import Product
from ui import formats
from usage import sql
from usage.models import PRODUCT_SCOPE, Adoption, KeyKind, KnownKey, Population, UsageKeyItem, UsageStream
from usage.rollup import periods
from usage.rollup.watermark import complete_through


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


def adoption_of_items(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """id → {"adoption": ItemAdoption}, of the items that are measured. A few statements, however many items there are."""
    links = LINKS_OF_ONE.rows(member, ids[0]) if len(ids) == 1 else list(_links(member, Q(item__in=ids)))
    by_item: dict[int, list[UsageKeyItem]] = {}
    for link in links:
        by_item.setdefault(link.item_id, []).append(link)
    found = {}
    for product in {link.product_id: link.product for link in links}.values():
        own = {item: linked for item, linked in by_item.items() if linked[0].product_id == product.pk}
        found.update(_of_product(product, own))
    return {item: {"adoption": one, "step": partial(_step, one)} for item, one in found.items()}


def _step(adoption: ItemAdoption) -> tuple[str, str] | None:
    """What the red thread says of an item's adoption; None before there is a complete day since its release."""
    counts = adoption.accounts
    if counts is None or counts.adopted_share is None:
        return None
    title = _("%(share)s adopted") % {"share": formats.percent(counts.adopted_share)}
    numbers = {"adopted": formats.number(counts.adopted), "eligible": formats.number(counts.eligible)}
    return title, _("%(adopted)s of %(eligible)s accounts") % numbers


def _links(member: Member, chosen: Q) -> Any:
    rows = UsageKeyItem.objects.visible_to(member).filter(chosen).order_by("usage_key__key")
    return rows.select_related("usage_key", "item", "product__workspace").defer("item__search", "item__description")


LINKS_OF_ONE = Prepared(lambda member, item: _links(member, Q(item=item)))


def adoption_figures(ids: list[int], member: Member) -> dict[int, Figure]:
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


def _of_product(product: Product, links: dict[int, list[UsageKeyItem]]) -> dict[int, ItemAdoption]:
    through = complete_through(product.pk, product.workspace.today())
    stream = UsageStream.objects.filter(product=product).first()
    keys = {link.usage_key.key for of_item in links.values() for link in of_item}
    scopes = dict(KnownKey.objects.of(product).filter(kind=KeyKind.FEATURE, key__in=keys).values_list("key", "id"))
    served = _served(product, scopes.values())
    found = {}
    for item, of_item in links.items():
        shipped_at = of_item[0].item.shipped_at
        since = shipped_at.astimezone(stream.zone).date() if shipped_at and stream else None
        names = tuple(link.usage_key.key for link in of_item)
        own = [scopes[name] for name in names if name in scopes]
        if since is None or through is None or since > through or not own or stream is None:
            found[item] = ItemAdoption(names, product, since, through)
            continue
        counts = served.get((own[0], since)) if len(own) == 1 else None
        if counts is None:
            counts = _counted(product, own, since, through, stream.week_start)
        found[item] = ItemAdoption(
            names, product, since, through, counts[Population.ACCOUNTS], counts[Population.USERS]
        )
    return found


def _served(product: Product, scopes: Iterable[int]) -> dict[tuple[int, date], dict[int, Counts]]:
    rows = Adoption.objects.of(product).filter(period=Adoption.Period.SINCE_RELEASE, scope__in=scopes)
    served: dict[tuple[int, date], dict[int, Counts]] = {}
    for row in rows:
        served.setdefault((row.scope, row.since), {})[row.kind] = Counts(row.eligible, row.tried, row.adopted)
    return served


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
