"""Forms of releases, of what is frozen and parked in them, and of their iterations. Parsing only."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from changes.forms import EditForm, ExplainedForm
from products.models import Product
from roadmap.models import Dating, Item, Iteration, Release
from roadmap.models.release import DAYS

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReleaseForm(ExplainedForm):
    class Meta:
        model = Release
        fields = ["name", "description", "lead", "dating", "starts_on", "ends_on", "capacity"]
        widgets = {
            "starts_on": DAY,
            "ends_on": DAY,
            "dating": forms.RadioSelect,
            "description": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "dating": _("Computed: from the first day of its items to the last one, and they move it."),
            "capacity": _("In person-weeks."),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "dating" in self.fields:
            self.fields["dating"].required = False

    def limit_choices(self, member: Member) -> None:
        self.limit("lead", Member.objects.current().visible_to(member).select_related("user"))

    def clean(self) -> dict[str, Any]:
        """Days typed beside “computed” say nothing."""
        cleaned = super().clean()
        if not cleaned.get("dating"):
            cleaned.pop("dating", None)
        elif cleaned["dating"] == Dating.ITEMS:
            for name in DAYS:
                cleaned.pop(name, None)
                self._errors.pop(name, None)
        return cleaned


class ReleaseHealthForm(EditForm):
    class Meta:
        model = Release
        fields = ["health", "health_reason"]
        widgets = {"health": forms.RadioSelect, "health_reason": forms.Textarea(attrs={"rows": 2})}


class WhyForm(forms.Form):
    """A sentence that says why."""

    why = forms.CharField(label=_("Why"), max_length=280, widget=forms.Textarea(attrs={"rows": 2}))


class ParkForm(forms.Form):
    """An item of the product, by its number or key, and why it waits beside the release."""

    item = forms.CharField(label=_("Item"), max_length=24)
    why = forms.CharField(label=_("Why"), max_length=280, required=False)

    def __init__(self, data: Any = None, *, product: Product, member: Member) -> None:
        super().__init__(data)
        self.product, self.member = product, member

    def clean_item(self) -> Item:
        typed = self.cleaned_data["item"].strip().upper().removeprefix(f"{self.product.key}-")
        rows = Item.objects.visible_to(self.member).of(self.product).select_related("workspace", "product", "status")
        found = rows.filter(number=typed).first() if typed.isascii() and typed.isdigit() and len(typed) < 10 else None
        if found is None:
            raise forms.ValidationError(
                _("There is no item “%(key)s” in this product. Give its key, such as %(example)s."),
                params={"key": self.cleaned_data["item"], "example": f"{self.product.key}-12"},
            )
        return found


class IterationForm(EditForm):
    class Meta:
        model = Iteration
        fields = ["name", "goal", "starts_on", "ends_on", "capacity"]
        widgets = {"starts_on": DAY, "ends_on": DAY}
        help_texts = {"capacity": _("In person-weeks.")}


class ReviewForm(EditForm):
    class Meta:
        model = Iteration
        fields = ["learned", "changing"]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in ("learned", "changing")}
