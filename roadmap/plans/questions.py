"""What is asked of a roadmap: whose plans, by whom, and in which design."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from accounts.models import Member
from roadmap.models import CustomField, FieldKind
from roadmap.plans.designs import OWN_KEY, Design


@dataclass(frozen=True)
class Question:
    """Whose plans are asked for, by whom, and in which design. `products` are ids; rows of those that `member` does not see are
    left out. `condition` is the filter, None where nothing is filtered; `own` the workspace's own field that makes the lanes."""

    member: Member
    products: tuple[int, ...]
    design: Design
    today: date
    condition: Q | None = None
    own: CustomField | None = None
    is_past: bool = False  # nothing can be scheduled any more: what had no dates is not asked for

    @classmethod
    def of_query(
        cls, member: Member, products: Iterable[int], query: Mapping[str, str], today: date, condition: Q | None
    ) -> Question:
        """As an address asks it."""
        return cls.of(member, products, Design.of(query), today, condition)

    @classmethod
    def of(
        cls, member: Member, products: Iterable[int], design: Design, today: date, condition: Q | None = None
    ) -> Question:
        """Instead of lanes by a field that there is not any more there are the usual ones."""
        own = None
        if OWN_KEY.fullmatch(design.lanes):
            own = CustomField.objects.filter(
                workspace=member.workspace_id, key=design.lanes, kind=FieldKind.SELECT
            ).first()
            design = design if own else replace(design, lanes="")
        return cls(member, tuple(products), design, today, condition, own)

    @property
    def variant(self) -> tuple[Hashable, ...]:
        """What decides about the text of its statements."""
        return self.design.lanes, self.design.colours, self.design.shown, self.condition
