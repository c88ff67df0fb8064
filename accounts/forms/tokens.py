from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.parts import field_of
from accounts.models import ApiToken
from config import clock

NEVER = 0
LASTS = [(30, _("30 days")), (90, _("90 days")), (365, _("One year")), (NEVER, _("Never"))]


class TokenForm(forms.Form):
    name = field_of(ApiToken, "name", label=_("Name"), help_text=_("What it is for, such as “CI release notes”."))
    scope = field_of(ApiToken, "scope", label=_("Scope"))
    lasts = forms.TypedChoiceField(label=_("Expires after"), choices=LASTS, coerce=int, initial=90)

    @property
    def expires_at(self) -> datetime | None:
        """When the token ends; None for never."""
        days = self.cleaned_data["lasts"]
        return clock.now() + timedelta(days=days) if days else None
