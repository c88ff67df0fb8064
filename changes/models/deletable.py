from __future__ import annotations

from typing import Any, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class Deletable(models.Model):
    """A row that goes to the bin before it goes for good. `objects` hides it; `.with_deleted()` is the only way in."""

    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class DeletableManager(models.Manager[M]):
    """Declare it as `objects = DeletableManager.hiding(ItemQuerySet)`, first, so related managers hide too."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(deleted_at=None)

    def with_deleted(self) -> Any:
        """All rows, those in the bin too; of a related manager (`status.items`) only those of its row."""
        rows = super().get_queryset()
        of_one_row = getattr(self, "_apply_rel_filters", None)
        return of_one_row(rows) if of_one_row is not None else rows

    @classmethod
    def hiding(cls, queryset_class: type[models.QuerySet[Any]]) -> Any:
        made: Any = cls.from_queryset(queryset_class)  # untyped: the plugin of django-stubs fails on its call
        return made()
