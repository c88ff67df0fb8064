"""What is derived from raw events: bitmaps by day and week, and the rows that pages read.

Every table is keyed by product. `scope` is 0 for the product as a whole, else the KnownKey of a feature. Rows are
replaced as a whole by usage/rollup/, never added to, so that retries and late events cannot count twice.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from config import clock
from products.models import Product
from usage.models.event import KeyKind, OfProducts

PRODUCT_SCOPE = 0


class Population(models.IntegerChoices):
    """Whom a figure counts. The values are those of KeyKind."""

    USERS = KeyKind.USER.value, _("Users")
    ACCOUNTS = KeyKind.ACCOUNT.value, _("Accounts")


class RolledUp(models.Model):
    """Written by COPY in bulk: the product is a plain number to the database, erased with it by the ORM."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    scope = models.IntegerField()

    objects = OfProducts.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


class DirtyWindow(models.Model):
    """That figures of a part of a product's scopes are to be derived anew from day `lo` to day `hi`."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    part = models.SmallIntegerField()
    lo = models.DateField()
    hi = models.DateField()
    since = models.DateTimeField(default=clock.now)

    objects = OfProducts.as_manager()

    def __str__(self) -> str:
        return f"{self.product_id}/{self.part}: {self.lo} to {self.hi}"


class DayBitmap(RolledUp):
    """Who was active on a day: `card` distinct ids in the roaring bitmap `bm`, with `n` counted events."""

    pk = models.CompositePrimaryKey("product_id", "day", "scope", "kind")
    day = models.DateField()
    kind = models.SmallIntegerField(choices=Population)
    card = models.IntegerField()
    n = models.IntegerField()
    bm = models.BinaryField()


class WeekBitmap(RolledUp):
    """Who was active in the week that starts on `week`, and who for the first time ever (`new_bm`)."""

    pk = models.CompositePrimaryKey("product_id", "week", "scope", "kind")
    week = models.DateField()
    kind = models.SmallIntegerField(choices=Population)
    card = models.IntegerField()
    new_card = models.IntegerField()
    bm = models.BinaryField()
    new_bm = models.BinaryField()


class FirstUse(RolledUp):
    """Who was active in the scope for the first time ever on `day`."""

    pk = models.CompositePrimaryKey("product_id", "scope", "kind", "day")
    kind = models.SmallIntegerField(choices=Population)
    day = models.DateField()
    bm = models.BinaryField()


class MetricDay(RolledUp):
    """Active users and accounts of a day, and of the 7 and 28 days that end on it."""

    pk = models.CompositePrimaryKey("product_id", "scope", "day")
    day = models.DateField()
    dau = models.IntegerField()
    wau7 = models.IntegerField()
    mau28 = models.IntegerField()
    daa = models.IntegerField()
    waa7 = models.IntegerField()
    maa28 = models.IntegerField()


class LifeWeek(RolledUp):
    """Where the active of a week come from, and how many of the week before are not among them."""

    pk = models.CompositePrimaryKey("product_id", "scope", "kind", "week")
    kind = models.SmallIntegerField(choices=Population)
    week = models.DateField()
    active = models.IntegerField()
    new = models.IntegerField()
    retained = models.IntegerField()
    resurrected = models.IntegerField()
    lapsed = models.IntegerField()


class RetentionTriangle(RolledUp):
    """Of the `size` first active in the week `cohort`: how many are active k weeks on, and k weeks on or later."""

    pk = models.CompositePrimaryKey("product_id", "scope", "kind", "cohort")
    kind = models.SmallIntegerField(choices=Population)
    cohort = models.DateField()
    size = models.IntegerField()
    bounded = ArrayField(models.IntegerField())
    unbounded = ArrayField(models.IntegerField())


class TimeToAdopt(RolledUp):
    """Days from first being active in the product, or the release if later, to the first use of a feature.

    `adopted[i]` began to use it after `days[i]` days; `waiting[i]` had not after that many, which is as long as they
    could be followed. `by_day[i]` of those `followed[i]` for at least MARKS[i] days had begun by then.
    """

    MARKS = (7, 30, 90)

    pk = models.CompositePrimaryKey("product_id", "scope", "kind")
    kind = models.SmallIntegerField(choices=Population)
    released_on = models.DateField(null=True)
    through = models.DateField()
    days = ArrayField(models.IntegerField())
    adopted = ArrayField(models.IntegerField())
    waiting = ArrayField(models.IntegerField())
    followed = ArrayField(models.IntegerField())
    by_day = ArrayField(models.IntegerField())


class Adoption(RolledUp):
    """Of the `eligible` (active in the product) from `since` through `through`: any use of the feature, and use in at
    least two distinct weeks."""

    class Period(models.IntegerChoices):
        TRAILING = 0, _("The last 28 complete days")
        SINCE_RELEASE = 1, _("Since the release")

    pk = models.CompositePrimaryKey("product_id", "scope", "kind", "period")
    kind = models.SmallIntegerField(choices=Population)
    period = models.SmallIntegerField(choices=Period)
    since = models.DateField()
    through = models.DateField()
    eligible = models.IntegerField()
    tried = models.IntegerField()
    adopted = models.IntegerField()
