from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.parts import field_of
from accounts.models import Member, Team


class TeamForm(forms.Form):
    """A team's name and who is in it. `team` is the one that is edited, None for a new one."""

    name = field_of(Team, "name", label=_("Name"))
    members = forms.ModelMultipleChoiceField(
        Member.objects.none(),
        label=_("Members"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        to_field_name="public_id",
    )

    def __init__(self, *args: Any, by: Member, team: Team | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by, self.team = by, team
        self.fields["members"].queryset = Member.objects.visible_to(by).current().by_name()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name = self.cleaned_data["name"]
        others = Team.objects.visible_to(self.by).filter(name__iexact=name)
        if self.team is not None:
            others = others.exclude(pk=self.team.pk)
        if others.exists():
            raise forms.ValidationError(_("There is a team with this name already."))
        return name
