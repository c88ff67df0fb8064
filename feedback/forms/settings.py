"""Portal and changelog, as a product manager sets them up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.models import Changelog, Portal, PortalAccess
from products.models import Product


class ChangelogForm(forms.ModelForm):
    class Meta:
        model = Changelog
        fields = ["access", "title", "intro"]
        widgets = {"access": forms.RadioSelect, "intro": forms.Textarea(attrs={"rows": 3})}


class PortalForm(forms.ModelForm):
    products: Any = forms.ModelMultipleChoiceField(
        label=_("Products shown"),
        queryset=Product.objects.none(),
        required=False,
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ideas for other products, and the status of their items, stay inside."),
    )

    class Meta:
        model = Portal
        fields = ["access", "title", "intro", "products"]
        widgets = {"access": forms.RadioSelect, "intro": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, products: QuerySet[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["products"].queryset = products  # type: ignore[attr-defined]
        self.fields["products"].widget.choices = [(one.key, str(one)) for one in products]  # type: ignore[attr-defined]
        self.fields["access"].choices = PortalAccess.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["products"] = list(self.instance.products().values_list("key", flat=True))
