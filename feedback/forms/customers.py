"""Customers, their contacts and what they pay."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from changes.forms import EditForm
from feedback.models import Contact, Customer, CustomerProduct
from products.models import Product

DATE = forms.DateInput(attrs={"type": "date"})


class CustomerForm(EditForm):
    class Meta:
        model = Customer
        fields = ["name", "kind", "domain", "segment", "plan", "annual_revenue", "account_key"]

    def clean_domain(self) -> str:
        return self.cleaned_data["domain"].strip().lower()


class ContactForm(EditForm):
    class Meta:
        model = Contact
        fields = ["name", "role", "email", "customer"]

    def limit_choices(self, member: Member) -> None:
        self.limit("customer", Customer.objects.visible_to(member))

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        both = {"name", "email"} <= set(self.fields)
        if both and not self.errors and not cleaned.get("name") and not cleaned.get("email"):
            self.add_error("name", _("A contact needs a name or an e-mail."))
        return cleaned


class ContractForm(forms.ModelForm):
    """What a customer pays for one product."""

    class Meta:
        model = CustomerProduct
        fields = ["product", "annual_revenue", "starts_on", "ends_on"]
        widgets = {"starts_on": DATE, "ends_on": DATE}

    def __init__(self, *args: Any, products: QuerySet[Product] | None = None, **options: Any) -> None:
        """Without `products` the form is only drawn."""
        super().__init__(*args, **options)
        field = self.fields["product"]
        field.to_field_name = "key"  # type: ignore[attr-defined]
        if products is not None:
            field.queryset = products  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The contract ends before it starts."))
        return cleaned
