from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from products.models import Product

CHILDREN = [("along", _("Move them too")), ("stay", _("Leave them here, under no epic"))]


class MoveForm(forms.Form):
    """Where items go. What becomes of the `under` items below them has to be said, where there are any."""

    to = forms.ChoiceField(
        label=_("Product"),
        error_messages={"invalid_choice": _("There is no such product, or you may not change it. Choose another one.")},
    )
    children = forms.ChoiceField(
        label=_("Items under these"), choices=CHILDREN, required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, to: Iterable[Product], under: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.products = {product.key: product for product in to}
        offered = [(key, f"{product.name} ({key})") for key, product in self.products.items()]
        self.fields["to"].choices = [("", _("Choose a product")), *offered]  # type: ignore[attr-defined]
        self.fields["children"].required = bool(under)

    def clean_to(self) -> Product:
        return self.products[self.cleaned_data["to"]]
