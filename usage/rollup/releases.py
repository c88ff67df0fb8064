"""When the features that are measured were released: the day the first of a usage key's items shipped."""

from __future__ import annotations

from datetime import date

from django.db.models import Min

from usage.models import KeyKind, KnownKey, UsageKeyItem, UsageStream


def releases_of(product_id: int) -> dict[int, date]:
    """Scope → day of release, of the usage keys with a shipped item and at least one event."""
    shipped = UsageKeyItem.objects.filter(
        product=product_id, item__deleted_at=None, item__shipped_at__isnull=False
    ).values_list("usage_key__key")
    first = dict(shipped.annotate(Min("item__shipped_at")))
    if not first:
        return {}
    zone = UsageStream.objects.get(product=product_id).zone
    scopes = KnownKey.objects.filter(product=product_id, kind=KeyKind.FEATURE, key__in=first).values_list("key", "id")
    return {scope: first[key].astimezone(zone).date() for key, scope in scopes}
