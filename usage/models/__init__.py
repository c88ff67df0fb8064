from usage.models.event import BatchDay, Event, IngestBatch, KeyKind, KnownKey, Reason, RejectedEvent, UsageStream
from usage.models.ingest_key import IngestKey
from usage.models.rollup import (
    PRODUCT_SCOPE,
    Adoption,
    DayBitmap,
    DirtyWindow,
    FirstUse,
    LifeWeek,
    MetricDay,
    Population,
    RetentionTriangle,
    TimeToAdopt,
    WeekBitmap,
)
from usage.models.usage_key import UsageKey, UsageKeyItem

__all__ = [
    "PRODUCT_SCOPE",
    "Adoption",
    "BatchDay",
    "DayBitmap",
    "DirtyWindow",
    "Event",
    "FirstUse",
    "IngestBatch",
    "IngestKey",
    "KeyKind",
    "KnownKey",
    "LifeWeek",
    "MetricDay",
    "Population",
    "Reason",
    "RejectedEvent",
    "RetentionTriangle",
    "TimeToAdopt",
    "UsageKey",
    "UsageKeyItem",
    "UsageStream",
    "WeekBitmap",
]
