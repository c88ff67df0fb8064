"""What came in: raw events, the batches that brought them, and what was refused. Everything is keyed by product."""

from __future__ import annotations

import zoneinfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from config import clock
from products.models import Product


class OfProducts(models.QuerySet[models.Model]):
    """Rows of products: a member sees those of the products they see."""

    def visible_to(self, member: Member) -> OfProducts:
        return self.filter(Product.objects.seen_through(member))

    def of(self, product: Product) -> OfProducts:
        return self.filter(product=product)


class UsageStream(models.Model):
    """How a product's events are cut into days and weeks: fixed by its first event.

    When the workspace's zone or week start differ from these, the days are cut anew (usage/rollup/recut.py).
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.CASCADE, related_name="usage_stream")
    time_zone = models.CharField(max_length=64)
    week_start = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField(default=clock.now)

    objects = OfProducts.as_manager()

    def __str__(self) -> str:
        return f"{self.product_id}: {self.time_zone}, weeks from {self.week_start}"

    @classmethod
    def of(cls, product: Product) -> UsageStream:
        """The product's stream, started with the workspace's zone and week start where there is none yet."""
        workspace = product.workspace
        stream, _made = cls.objects.get_or_create(
            product=product, defaults={"time_zone": workspace.time_zone, "week_start": workspace.week_start}
        )
        return stream

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.time_zone)


class KeyKind(models.IntegerChoices):
    USER = 0, _("User")
    ACCOUNT = 1, _("Account")
    FEATURE = 2, _("Feature")


class KnownKey(models.Model):
    """The small number that stands for a user's, account's or feature's key in events and bitmaps."""

    id = models.AutoField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.SmallIntegerField(choices=KeyKind)
    key = models.CharField(max_length=200, db_collation="C")

    objects = OfProducts.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "kind", "key"], name="known_key_is_unique")]

    def __str__(self) -> str:
        return self.key


class IngestBatch(models.Model):
    """One request, or one part of a file, with the answer it got. Its number is the order of receipt."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    ingest_key = models.ForeignKey(
        "usage.IngestKey", null=True, on_delete=models.SET_NULL, related_name="batches", help_text=_("None for a file.")
    )
    idempotency_key = models.CharField(max_length=200, null=True)  # noqa: DJ001 - many without one, all distinct
    body_digest = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()
    accepted = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)

    objects = OfProducts.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "idempotency_key"], name="ingest_batch_is_taken_once")
        ]

    def __str__(self) -> str:
        return f"batch {self.pk} of {self.product_id}"


class BatchDay(models.Model):
    """That a batch brought events of a day, and whether the day was rolled up since. Rows are only ever added.

    A row without a batch asks for its day to be rolled again.
    """

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False)
    batch = models.ForeignKey(IngestBatch, null=True, on_delete=models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    n = models.PositiveIntegerField()
    rolled_at = models.DateTimeField(null=True)

    objects = OfProducts.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["product", "day"], name="batch_day_to_roll", condition=models.Q(rolled_at=None)),
            models.Index(fields=["product", "day", "n"], name="batch_day_sizes"),
        ]

    def __str__(self) -> str:
        return f"{self.n} events of {self.day}"


class Reason(models.TextChoices):
    MISSING = "missing", _("A field is missing")
    MALFORMED = "malformed", _("A field is not what it should be")
    UNREADABLE = "unreadable", _("The line can't be read")
    LATE = "late", _("Too old")
    EARLY = "early", _("In the future")


class RejectedEvent(models.Model):
    """An event that was not counted, as it came, with the reason."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_index=False)
    batch = models.ForeignKey(IngestBatch, on_delete=models.CASCADE, related_name="rejections")
    line = models.PositiveIntegerField(help_text=_("Its place in the batch, or its line in the file."))
    reason = models.CharField(max_length=10, choices=Reason)
    detail = models.CharField(max_length=300)
    event = models.CharField(max_length=1000)
    received_at = models.DateTimeField()

    objects = OfProducts.as_manager()

    class Meta:
        indexes = [models.Index(fields=["product", "-id"], name="rejected_newest_first")]

    def __str__(self) -> str:
        return self.detail


class Event(models.Model):
    """One thing that one end user did. Partitioned by day (see the migration); written by COPY alone.

    `day` is the calendar day in the stream's zone. (`batch`, `line`) is the order of receipt and names the row.
    """

    pk = models.CompositePrimaryKey("batch_id", "line")
    ts = models.DateTimeField()
    received_at = models.DateTimeField()
    event_id = models.UUIDField()
    batch_id = models.BigIntegerField()
    line = models.IntegerField()
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    day = models.DateField()
    user_id = models.IntegerField()
    account_id = models.IntegerField()
    feature_id = models.IntegerField()
    props = models.JSONField(null=True)

    objects = OfProducts.as_manager()

    class Meta:
        managed = False
        db_table = "usage_event"

    def __str__(self) -> str:
        return str(self.event_id)
