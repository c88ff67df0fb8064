"""Parsing only: what a person typed becomes values for the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from changes.forms import EditForm
from listing import figures
from products.models import Initiative, KeyResult, Objective, Problem, Product, ProductLine, Stage

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class KeyField(forms.CharField):
    """A key is written in capitals, however it was typed."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").upper()


class ProductForm(EditForm):
    """Any subset of a product's fields, but not its key: what once was its address stays so."""

    class Meta:
        model = Product
        fields = ["name", "tagline", "kind", "line", "lead", "vision", "positioning", "business_model", "slip_days"]
        widgets = {name: forms.Textarea(attrs={"rows": 6}) for name in ("positioning", "business_model")} | {
            "vision": forms.Textarea(attrs={"rows": 3})
        }

    def limit_choices(self, member: Member) -> None:
        self.limit("line", ProductLine.objects.visible_to(member))
        self.limit("lead", Member.objects.current().visible_to(member).select_related("user"))


class NewProductForm(ProductForm):
    """A new product: also its key, and where it is in its life when that is further than Innovation."""

    stage = forms.ChoiceField(
        label=_("Where is it in its life?"),
        choices=Stage.choices,
        initial=Stage.INNOVATION,
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta(ProductForm.Meta):
        fields = ["name", "key", "kind", "tagline", "line", "lead"]
        field_classes = {"key": KeyField}

    def clean_stage(self) -> str:
        return self.cleaned_data["stage"] or Stage.INNOVATION


class HealthForm(EditForm):
    """How a product stands, and why."""

    class Meta:
        model = Product
        fields = ["health", "health_reason"]
        widgets = {
            "health": forms.RadioSelect,
            "health_reason": forms.Textarea(attrs={"rows": 2}),
        }


class LineForm(EditForm):
    class Meta:
        model = ProductLine
        fields = ["name"]


class PartForm(EditForm):
    """A part of a product's strategy. Choices are what the member may see of the product and of the workspace."""

    def limit_choices(self, member: Member, product: Product) -> None:
        self.limit("lead", Member.objects.current().visible_to(member).select_related("user"))
        objectives = Objective.objects.visible_to(member)
        self.limit("objective", objectives.filter(product=product) | objectives.filter(product=None))

    def leave_out(self, *names: str) -> None:
        """What nobody can say yet of something new."""
        for name in names:
            self.fields.pop(name, None)


class ObjectiveForm(PartForm):
    class Meta:
        model = Objective
        fields = ["name", "description", "lead", "starts_on", "ends_on", "health", "health_reason"]
        widgets = {"starts_on": DAY, "ends_on": DAY, "description": forms.Textarea(attrs={"rows": 4})}


class KeyResultForm(PartForm):
    class Meta:
        model = KeyResult
        fields = ["name", "unit", "start", "now", "target", "reads"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "reads" in self.fields:
            measured = [(source.name, source.label) for source in figures.sources.values() if source.of == "product"]
            label = self.fields["reads"].label
            self.fields["reads"] = forms.ChoiceField(
                label=label, choices=[("", _("By hand")), *measured], required=False
            )
        if self.row.reads and "now" in self.fields:
            self.fields["now"].required = False
            self.fields["now"].help_text = self.row.reading

    def clean_now(self) -> Any:
        """What is measured may be left empty: it stays what was read."""
        now = self.cleaned_data["now"]
        return self.row.now if now is None else now


class InitiativeForm(PartForm):
    class Meta:
        model = Initiative
        fields = ["name", "objective", "description", "lead", "starts_on", "ends_on", "health", "health_reason"]
        widgets = {"starts_on": DAY, "ends_on": DAY, "description": forms.Textarea(attrs={"rows": 4})}


class ProblemForm(PartForm):
    class Meta:
        model = Problem
        fields = ["statement", "who", "how_big", "would_pay", "exists_today", "state"]
