"""What can be chosen of a share link."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class SharedField(models.TextChoices):
    """What an audience may be allowed to see besides the title; besides these any of the workspace's own fields, by its key."""

    STATUS = "status", _("Public status")
    DESCRIPTION = "description", _("Description")
    DATES = "dates", _("Dates")
    OBJECTIVE = "objective", _("Goal")
    RELEASE = "release", _("Release")
    LEAD = "lead", _("Person in charge")
    KEY = "key", _("Key")
    SCORE = "score", _("Score")
    EFFORT = "effort", _("Effort")
    PROBLEM = "problem", _("Problem")
    RESULT = "result", _("Key figure")
    HEALTH = "health", _("Health")
    TAGS = "tags", _("Tags")
    DEMAND = "demand", _("Customers asking")
    REVENUE = "revenue", _("Revenue asking")
    REASON = "reason", _("Reasons for moves")


class SharedLayout(models.TextChoices):
    TIMELINE = "timeline", _("Timeline")
    HORIZONS = "nnl", _("Now, next, later")
    LIST = "list", _("List")


class SharedLanes(models.TextChoices):
    """`product` is for links of several products alone."""

    PRODUCT = "product", _("Product")
    OBJECTIVE = "objective", _("Goal")
    RELEASE = "release", _("Release")
    NONE = "", _("No lanes")


class SharedPrecision(models.TextChoices):
    """From what says most to what says least."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")


DEFAULT_FIELDS = [SharedField.STATUS.value, SharedField.OBJECTIVE.value]
#: Seldom meant for people outside: the audience check names them whenever a link shows them.
SENSITIVE = (SharedField.REVENUE.value,)
