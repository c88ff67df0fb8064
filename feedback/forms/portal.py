"""What people outside write: who they are, ideas and votes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.models import Idea, Importance
from products.models import Product


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class SubscribeForm(AddressForm):
    """As AddressForm, on a page that people came to for something else."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class VoteForm(forms.Form):
    importance = forms.TypedChoiceField(choices=Importance.choices, coerce=int, required=False)


class PostForm(forms.ModelForm):
    """An idea as a contact writes it."""

    class Meta:
        model = Idea
        fields = ["title", "description", "product"]
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}
        labels = {"title": _("Your idea in one line"), "description": _("What would it help you with?")}

    def __init__(self, *args: Any, products: QuerySet[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["product"]
        field.queryset, field.to_field_name = products, "key"  # type: ignore[attr-defined]
        field.label, field.empty_label = _("About"), _("Anything")  # type: ignore[attr-defined]
        if not products.exists():
            del self.fields["product"]
