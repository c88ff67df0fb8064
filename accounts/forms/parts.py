"""What the forms of people share."""

from __future__ import annotations

import zoneinfo
from functools import lru_cache
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.models import User

CURRENCIES = ("EUR", "USD", "GBP", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "JPY", "INR", "CAD", "AUD", "BRL", "ZAR")


def field_of(model: type[models.Model], name: str, **options: Any) -> forms.Field:
    """The form field of a model's field, with its validators: the form refuses what the row would. Choices check themselves."""
    column = model._meta.get_field(name)
    field = column.formfield(**options)  # type: ignore[union-attr]
    if column.choices:  # type: ignore[union-attr]
        return field
    field.validators = [*field.validators, *(v for v in column.validators if v not in field.validators)]  # type: ignore[union-attr]
    return field


@lru_cache(maxsize=1)
def zones() -> SafeString:
    """The time zones for a text field to propose, made once per process."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    options = format_html_join("", '<option value="{}">', ((name,) for name in ["UTC", *names]))
    return format_html('<datalist id="zones">{}</datalist>', options)


@lru_cache(maxsize=1)
def currencies() -> SafeString:
    return format_html(
        '<datalist id="currencies">{}</datalist>',
        format_html_join("", '<option value="{}">', ((code,) for code in CURRENCIES)),
    )


class NewPasswordForm(forms.Form):
    """A name and a password for a new account. `email` is the address that it will have."""

    person = field_of(
        User, "name", required=True, label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password"):
            person = User(email=cleaned.get("email", self.email), name=cleaned.get("person", ""))
            try:
                validate_password(cleaned["password"], person)
            except ValidationError as refused:
                self.add_error("password", refused)
        return cleaned
