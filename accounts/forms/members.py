from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import roles_to_give
from accounts.models import Member, Team
from accounts.roles import JobTitle, Role

NAMED_ADDRESS = re.compile(r"[^,;\n<>]*<([^<>\s]+@[^<>\s]+)>")  # Bob Jones <bob@…>, as mail programs copy it
AT_ONCE = 50
JOB_TITLES = [("", _("Not set")), *JobTitle.choices]


class RoleField(forms.TypedChoiceField):
    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("Role"), coerce=lambda value: Role(int(value)), **options)

    def offer(self, giver: Member) -> None:
        """Only the roles that `giver` may give."""
        self.choices = [(role.value, role.label) for role in roles_to_give(giver)]


class RoleForm(forms.Form):
    role = RoleField()

    def __init__(self, *args: Any, giver: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].offer(giver)  # type: ignore[attr-defined]


class MemberForm(RoleForm):
    job_title = forms.ChoiceField(label=_("Job title"), choices=JOB_TITLES, required=False)
    teams = forms.ModelMultipleChoiceField(
        Team.objects.none(),
        label=_("Teams"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        to_field_name="public_id",
    )

    def __init__(self, *args: Any, giver: Member, **kwargs: Any) -> None:
        super().__init__(*args, giver=giver, **kwargs)
        self.fields["teams"].queryset = Team.objects.visible_to(giver)  # type: ignore[attr-defined]


class InvitationForm(forms.Form):
    emails = forms.CharField(
        label=_("E-mail addresses"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Separate with commas, spaces or new lines."),
    )
    role = RoleField(initial=Role.CONTRIBUTOR)
    job_title = forms.ChoiceField(label=_("Job title"), choices=JOB_TITLES, required=False)
    team = forms.ModelChoiceField(
        Team.objects.none(), label=_("Team"), required=False, empty_label=_("None"), to_field_name="public_id"
    )

    def __init__(self, *args: Any, giver: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.giver = giver
        self.fields["role"].offer(giver)  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.visible_to(giver)  # type: ignore[attr-defined]

    def clean_emails(self) -> list[str]:
        """The addresses, each once. Refuses the whole list when one is no address, or belongs to a member already."""
        bare = NAMED_ADDRESS.sub(r" \1 ", self.cleaned_data["emails"])
        emails = list(dict.fromkeys(word.lower() for word in re.split(r"[\s,;]+", bare) if word))
        if not emails:
            raise ValidationError(_("Write at least one address."))
        if len(emails) > AT_ONCE:
            raise ValidationError(_("Invite at most %(n)d people at once."), params={"n": AT_ONCE})
        wrong = [email for email in emails if not _is_address(email)]
        if wrong:
            raise ValidationError(
                ngettext("%(which)s is not an e-mail address.", "%(which)s are not e-mail addresses.", len(wrong)),
                params={"which": ", ".join(wrong[:5])},
            )
        present = Member.objects.visible_to(self.giver).current().filter(user__email__in=emails)
        known = list(present.values_list("user__email", flat=True))
        if known:
            raise ValidationError(
                ngettext("%(which)s is a member already.", "%(which)s are members already.", len(known)),
                params={"which": ", ".join(known[:5])},
            )
        return emails


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254
