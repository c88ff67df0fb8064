from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from products.models import Product
from roadmap.forms.items import ItemForm
from roadmap.models import Iteration


class IterationField(forms.ModelChoiceField):
    """One of a product's iterations, of which each release has its own."""

    def label_from_instance(self, obj: Iteration) -> str:
        return f"{obj.release.name} · {obj.name}"


class ManyForm(ItemForm):
    """One field of many items: beside those of an item alone, the iteration, which an item gets on its release's page."""

    iteration = IterationField(Iteration.objects.none(), label=_("Iteration"), required=False)

    def limit_choices(self, member: Member, product: Product) -> None:
        super().limit_choices(member, product)
        if "iteration" in self.fields:
            rows = Iteration.objects.visible_to(member).of(product).filter(release__deleted_at=None)
            self.limit("iteration", in_order(rows.select_related("release")))


def in_order(rows: Any) -> Any:
    """As releases follow each other, and within each its iterations."""
    return rows.order_by(
        F("release__ends_on").asc(nulls_last=True), "release_id", F("starts_on").asc(nulls_last=True), "pk"
    )
