"""Tags for the pages of people."""

from __future__ import annotations

from typing import Any

from django import template
from django.forms import BoundField

from accounts.signing_up import is_open

register = template.Library()


@register.inclusion_tag("components/password.html")
def password(bound: BoundField, forgot: str = "") -> dict[str, Any]:
    """A password field with an eye to show what was typed. forgot: the address of the reset page."""
    described = [f"{bound.auto_id}-hint"] if bound.help_text else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    attrs = {"class": f"input {bound.field.widget.attrs.get('class', '')}".strip()}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    return {"field": bound, "control": bound.as_widget(attrs=attrs), "forgot": forgot}


@register.simple_tag
def sign_up_is_open() -> bool:
    """Whether strangers may make an account."""
    return is_open()
