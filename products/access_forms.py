from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, Team
from accounts.roles import Role
from products.models import Product
from products.models.product import Access


class AccessForm(forms.Form):
    access = forms.ChoiceField(label=_("Who sees it"), choices=Access.choices, widget=forms.RadioSelect)
    teams_chosen = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Its teams"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        to_field_name="public_id",
    )

    def __init__(self, *args: Any, by: Member, initial: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, initial={"access": initial["access"], "teams_chosen": initial["teams"]}, **kwargs)
        self.known = initial
        self.fields["teams_chosen"].queryset = Team.objects.visible_to(by)  # type: ignore[attr-defined]
        self.fields["teams_chosen"].widget.choices = [(team.public_id, team.name) for team in initial["all"]]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("access") == Access.TEAMS and "teams_chosen" in cleaned and not cleaned["teams_chosen"]:
            self.add_error("teams_chosen", _("Choose at least one team, or open the product to everybody."))
        return cleaned

    @property
    def teams(self) -> list[Team]:
        """Those it is limited to; none where it is open to all."""
        return list(self.cleaned_data["teams_chosen"]) if self.cleaned_data["access"] == Access.TEAMS else []


class ProductRoleForm(forms.Form):
    """A member and their role for one product. Owners and admins always pass, so they are not offered."""

    member = forms.ModelChoiceField(
        Member.objects.none(), label=_("Member"), empty_label=_("Choose"), to_field_name="public_id"
    )
    role = forms.TypedChoiceField(
        label=_("Role here"),
        required=False,
        empty_value=None,
        coerce=lambda value: Role(int(value)),
        choices=[("", _("As in the workspace")), *((role.value, role.label) for role in Role if role <= Role.MANAGER)],
    )

    def __init__(self, *args: Any, by: Member, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = product.seen_by().filter(role__lt=Role.ADMIN)
        self.fields["member"].queryset = members.visible_to(by).by_name()  # type: ignore[attr-defined]

    def offer(self, people: Iterable[tuple[str, str, str]]) -> None:
        """The choices of a form that is only drawn: (public id, name, address) of each."""
        field: Any = self.fields["member"]
        field.widget.choices = [
            ("", field.empty_label),
            *((public_id, name or email) for public_id, name, email in people),
        ]
