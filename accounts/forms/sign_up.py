from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.parts import field_of
from accounts.models import User
from accounts.signing_up import is_allowed


class SignUpForm(forms.Form):
    email = field_of(
        User,
        "email",
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "username", "class": "input--lg"}),
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].strip().lower()
        if not is_allowed(email):
            raise forms.ValidationError(_("Addresses of this domain cannot sign up here. Ask for an invitation."))
        return email
