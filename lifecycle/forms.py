"""Parsing only: what a person typed becomes values for the verbs."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Member
from changes.forms import EditForm
from lifecycle.course import ORDER
from lifecycle.models import Criterion, Gate, Verdict
from lifecycle.models.decision import Promise
from products.models import Product, Stage

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_CONDITIONS = 8
LONGEST_CONDITION = 200


class PlanForm(EditForm):
    """The day of a review; empty takes it away."""

    class Meta:
        model = Gate
        fields = ["review_on"]
        widgets = {"review_on": DAY}


class CriterionForm(EditForm):
    class Meta:
        model = Criterion
        fields = ["text", "weight", "state", "note"]


class NewCriterionForm(EditForm):
    class Meta:
        model = Criterion
        fields = ["text", "weight"]


class AskForm(forms.Form):
    """Who is asked to sign: somebody who sees the product and is not asked already."""

    member = forms.ModelChoiceField(
        Member.objects.none(),
        to_field_name="public_id",
        label=gettext_lazy("Approver"),
        error_messages={"invalid_choice": gettext_lazy("This person does not see the product. Choose another.")},
    )

    def __init__(self, *args: Any, gate: Gate, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = gate.sign_offs.pending().values("member")
        people = product.seen_by().select_related("user").order_by("user__name", "pk")
        self.fields["member"].queryset = people.exclude(pk__in=asked)  # type: ignore[attr-defined]


class PlainText(forms.CharField):
    """Text that PostgreSQL can store."""

    default_error_messages = {
        "null_characters_not_allowed": gettext_lazy(
            "This text contains a character that cannot be stored. Type it again."
        )
    }


class SignForm(forms.Form):
    verdict = forms.ChoiceField(choices=Verdict.choices, label=gettext_lazy("Your opinion"))
    comment = PlainText(max_length=400, required=False, label=gettext_lazy("Comment"))


class DecisionForm(forms.Form):
    """One decision with its reason, and the conditions of a conditional go, sent as rows of text, day and lead."""

    kind = forms.ChoiceField(
        choices=Verdict.choices,
        label=gettext_lazy("Decision"),
        error_messages={"required": gettext_lazy("Choose one of the five decisions.")},
    )
    reason = PlainText(
        max_length=4000,
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write down why. Whoever reads it in a year was not in the room.")},
    )
    seen = forms.CharField(required=False, max_length=22)

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product

    @property
    def rows(self) -> list[dict[str, str]]:
        """The condition rows as they were typed, and blank ones up to the most there can be."""
        typed = self._typed() if self.is_bound else []
        blank = {"text": "", "due": "", "lead": ""}
        return [*typed, *[blank] * (MOST_CONDITIONS - len(typed))]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == Verdict.CONDITIONAL:
            cleaned["conditions"] = [self._promise(row) for row in self._typed()]
        else:
            cleaned["conditions"] = []
        return cleaned

    def _typed(self) -> list[dict[str, str]]:
        texts, days, leads = (self.data.getlist(f"condition_{name}") for name in ("text", "due", "lead"))
        rows = []
        for place, text in enumerate(texts[:MOST_CONDITIONS]):
            row = {"text": text.strip(), "due": _at(days, place), "lead": _at(leads, place)}
            if row["text"] or row["due"]:
                rows.append(row)
        return rows

    def _promise(self, row: dict[str, str]) -> Promise:
        text = row["text"]
        if not text or len(text) > LONGEST_CONDITION or "\0" in text:
            raise forms.ValidationError(_("A condition says in up to 200 characters what must be true."))
        try:
            due_on = date.fromisoformat(row["due"])
        except ValueError as error:
            raise forms.ValidationError(_("“%(text)s” needs a day by which it is met.") % {"text": text}) from error
        lead = None
        if row["lead"]:
            lead = self.product.seen_by().filter(public_id=row["lead"].replace("\0", "")).first()
            if lead is None:
                raise forms.ValidationError(_("Choose somebody who sees the product for “%(text)s”.") % {"text": text})
        return Promise(text, due_on, lead)


class AdoptForm(forms.Form):
    """Where a product stood before it came to Cradle."""

    stage = forms.ChoiceField(
        choices=[choice for choice in Stage.choices if choice[0] != ORDER[0]],
        label=gettext_lazy("Stage"),
        widget=forms.RadioSelect,
    )
    since = forms.DateField(required=False, label=gettext_lazy("Since, if you know"), widget=DAY)
    reason = PlainText(max_length=400, label=gettext_lazy("How do you know?"))


class ReopenForm(forms.Form):
    stage = forms.ChoiceField(choices=Stage.choices, label=gettext_lazy("Stage"))
    reason = PlainText(max_length=400, label=gettext_lazy("Why"))


def _at(values: list[str], place: int) -> str:
    return values[place].strip() if place < len(values) else ""
