"""Parsing only: what a person typed becomes values for the verbs."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from products.models import Product
from roadmap.models import Item
from usage.intake import LONGEST_KEY


class IngestKeyForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("What sends the events, such as “Web app, production”.")
    )


class UsageKeyForm(forms.Form):
    """Which items a key of the events measures. Items are written by key or number, with commas between."""

    key = forms.CharField(max_length=LONGEST_KEY, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name on screen"), max_length=80, required=False)
    items = forms.CharField(
        label=_("Items"), max_length=1000, required=False, help_text=_("Such as DSP-12, DSP-40. Empty measures none.")
    )

    items_seen = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, product: Product, member: Member, **options: Any) -> None:
        super().__init__(data, **options)
        self.product, self.member = product, member

    def clean_items(self) -> list[Item]:
        words = [word for word in re.split(r"[\s,;]+", self.cleaned_data["items"]) if word]
        pattern = re.compile(rf"(?:{re.escape(self.product.key)}-)?(\d{{1,9}})", re.IGNORECASE)
        numbers = [int(match[1]) if (match := pattern.fullmatch(word)) else None for word in words]
        wanted = [number for number in numbers if number is not None]
        found = {
            item.number: item
            for item in Item.objects.visible_to(self.member).of(self.product).filter(number__in=wanted)
        }
        unknown = [word for word, number in zip(words, numbers, strict=True) if number not in found]
        if unknown:
            raise forms.ValidationError(
                _("There is no item %(words)s in this product."), params={"words": ", ".join(unknown)}
            )
        return list(found.values())

    @property
    def items_meant(self) -> list[Item] | None:
        """The items chosen; None when they were sent as they were seen, so that another's choice stays."""
        seen = {word for word in re.split(r"[\s,;]+", self.cleaned_data["items_seen"]) if word}
        chosen: list[Item] = self.cleaned_data["items"]
        as_seen = "items_seen" in self.data and seen == {f"{self.product.key}-{item.number}" for item in chosen}
        return None if as_seen else chosen

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("key", "name"):
            if "\0" in cleaned.get(name, ""):
                self.add_error(name, _("This text contains a character that cannot be stored. Type it again."))
        return cleaned
