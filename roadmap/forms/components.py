"""Parsing only: what is typed about a product's components."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from changes.forms import EditForm
from roadmap.models import Component


class ComponentForm(EditForm):
    class Meta:
        model = Component
        fields = ["name", "lead"]

    def limit_choices(self, member: Member) -> None:
        self.limit("lead", Member.objects.current().visible_to(member).select_related("user"))


class HandOnForm(forms.Form):
    """Which component the items of a removed one get; nobody's choice leaves them theirs."""

    to = forms.ModelChoiceField(
        Component.objects.none(),
        label=_("Its items get"),
        required=False,
        empty_label=_("They keep it, archived"),
        to_field_name="public_id",
    )

    def __init__(self, data: Any = None, *, component: Component) -> None:
        super().__init__(data)
        others = Component.objects.of(component.product).offered().exclude(pk=component.pk)
        self.fields["to"].queryset = others  # type: ignore[attr-defined]
