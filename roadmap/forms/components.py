"""Parsing only: what is typed about a product's components."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.prepared import Prepared
from changes.forms import EditForm
from roadmap.models import Component


class ComponentForm(EditForm):
    class Meta:
        model = Component
        fields = ["name", "lead"]

    def limit_choices(self, member: Member) -> None:
        self.limit("lead", Member.objects.current().visible_to(member).select_related("user"))

    def offer_choices(self, people: Iterable[tuple[str, str, str]]) -> None:
        """The same for a form that is only drawn; `people` are those of PEOPLE."""
        self.offer("lead", ((public_id, name or email) for public_id, name, email in people))


PEOPLE = Prepared(
    lambda member: Member.objects.current().visible_to(member).values_list("public_id", "user__name", "user__email")
)


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
