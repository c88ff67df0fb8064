from __future__ import annotations

from typing import Any

from django.db import models

from accounts.actors import Actor
from changes.editable import Editable
from changes.models import Change


class Aim(Editable):
    """What others are planned for: a goal, an initiative, a problem. In the bin it names them no more."""

    class Meta:
        abstract = True

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin; what was planned for it is planned for nothing then, and for it again where this is undone. Repeating it does no harm."""
        with Change.open(f"{self.noun}.deleted", by=by, workspace=self.workspace) as change:  # type: ignore[attr-defined]
            super().delete_softly(by=change)
            self._let_go(change)

    @classmethod
    def heal_after_undo(cls, ids: list[int], *, by: Change) -> None:
        """What was planned for one that goes away again is planned for nothing then."""
        for row in cls.objects.with_deleted().filter(pk__in=ids).exclude(deleted_at=None):  # type: ignore[attr-defined]
            row._let_go(by)

    def _let_go(self, change: Change) -> None:
        """Of all that points here and would be let go if the row went for good; rows in the bin too. Apps to the right point here, so that the
        models are asked which."""
        for relation in self._meta.related_objects:
            if relation.on_delete is not models.SET_NULL:
                continue
            model: Any = relation.related_model
            pointing = model._base_manager.filter(**{relation.field.name: self.pk})
            products = list(pointing.values_list("product_id", flat=True).distinct())
            if products:
                pointing.update(**{relation.field.name: None})
            for product in products:
                change.tell(model._meta.model_name, "*", product_id=product)
