"""Forms of items and of what hangs on them. Parsing only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.roles import Role
from changes.forms import EditForm, ExplainedForm
from products.models import Initiative, Objective, Problem, Product
from roadmap.items.answers import AUDIENCES, yes_or_no
from roadmap.items.picking import item_named
from roadmap.models import (
    Component,
    Item,
    ItemType,
    Release,
    Requirement,
    Status,
    TypeKind,
    scoring_of,
)
from roadmap.models.item_links import WORDS
from roadmap.models.known_types import named
from roadmap.scores.factor_fields import PREFIX, FactorField

TAG_LENGTH = 40


class TagsField(forms.CharField):
    """Comma-separated words ↔ list."""

    def prepare_value(self, value: Any) -> str:
        return ", ".join(value) if isinstance(value, list) else value or ""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        words = [word.strip() for word in (super().to_python(value) or "").split(",")]
        return list(dict.fromkeys(word for word in words if word))

    def validate(self, value: Any) -> None:
        super().validate(value)
        if any(len(word) > TAG_LENGTH for word in value):
            raise forms.ValidationError(_("A tag has at most 40 characters."))


class InternalField(forms.TypedChoiceField):
    """Whether audiences may see it, as a choice of two: a box that is not ticked is sent as nothing, which says nothing."""

    def __init__(self) -> None:
        super().__init__(label=_("Audiences"), choices=AUDIENCES, coerce=yes_or_no, empty_value=False, required=False)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else str(int(bool(value)))


class TypeField(forms.ChoiceField):
    """A type by its key. The choices are for drawing: whether there is such a type the verb finds out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"label": _("Type"), "required": False, **options})

    def valid_value(self, value: Any) -> bool:
        return "\0" not in str(value)


def _own_or_shared(rows: Any) -> Callable[[Member, Product], Any]:
    return lambda member, product: rows.visible_to(member).filter(product__in=[product.pk, None])


#: Among what a field of an item is chosen. Composed only for the fields that a form has.
CHOICES: dict[str, Callable[[Member, Product], Any]] = {
    "objective": _own_or_shared(Objective.objects),
    "initiative": _own_or_shared(Initiative.objects),
    "problem": _own_or_shared(Problem.objects),
    "lead": lambda member, product: Member.objects.current().visible_to(member).select_related("user"),
    "release": lambda member, product: Release.objects.visible_to(member).of(product),
}


class ItemForm(ExplainedForm):
    """Any subset of an item's fields. Choices are what the member may see of the product."""

    type = TypeField()
    tags = TagsField(label=_("Tags"), required=False)
    is_internal = InternalField()

    class Meta:
        model = Item
        fields = [
            "type", "title", "description", "status", "lead", "reach", "impact", "confidence", "effort", "parent",
            "release", "objective", "initiative", "problem", "component", "horizon", "starts_on", "ends_on", "certainty",
            "progress_from", "progress", "is_internal", "tags",
        ]  # fmt: skip
        widgets = {
            "starts_on": forms.DateInput(attrs={"type": "date"}),
            "ends_on": forms.DateInput(attrs={"type": "date"}),
            "description": forms.Textarea(attrs={"rows": 8}),
        }

    def __init__(
        self, data: Any = None, *, instance: Item, only: list[str] | None = None, factors: Any = None, **options: Any
    ) -> None:
        """`factors`: those that may be filled in by key, of the product's scorecards unless others are given; these read columns too."""
        super().__init__(data, instance=instance, only=only, **options)
        for key in factors or ():
            if key in self.fields:
                self.fields[key] = FactorField(factors[key])
        for name in [name for name in (only or data or ()) if name.startswith(PREFIX)]:
            key = name.removeprefix(PREFIX)
            factor = factors.get(key) if factors is not None else scoring_of(instance.product).factor(key)
            if factor is not None and not factor.live:
                self.fields[name] = FactorField(factor)
                self.initial[name] = instance.factors.get(key)

    def clean_type(self) -> str:
        if not self.cleaned_data["type"] and self.row.pk:
            raise forms.ValidationError(_("Choose a type."))
        return self.cleaned_data["type"]

    def _get_validation_exclusions(self) -> set[str]:
        """Rows that were chosen have just been found among those offered: the model need not look for them again."""
        return super()._get_validation_exclusions() | CHOICES.keys() | {"status", "parent", "type"}

    @property
    def values(self) -> dict[str, Any]:
        """Factors that are no columns come together, as the verb takes them."""
        given = super().values
        factors = {name.removeprefix(PREFIX): given.pop(name) for name in list(given) if name.startswith(PREFIX)}
        return {**given, "factors": factors} if factors else given

    def name_of(self, field: str) -> str:
        """What this form calls the field that a conflict is about."""
        return field if field in self.fields else f"{PREFIX}{field}"

    def limit_choices(self, member: Member, product: Product) -> None:
        for name in self.fields.keys() & CHOICES.keys():
            self.limit(name, CHOICES[name](member, product))
        if "component" in self.fields:
            components = Component.objects.visible_to(member).of(product)
            self.limit("component", components.filter(Q(archived_at=None) | Q(pk=self.row.component_id)))
        if "type" in self.fields:
            types = ItemType.objects.visible_to(member)
            self.fields["type"].choices = lambda: named(types)  # type: ignore[attr-defined]
        if "status" in self.fields:
            self._offer_statuses(Status.objects.visible_to(member))
        if "parent" in self.fields:
            epics = Item.objects.visible_to(member).of(product).filter(its_type__kind=TypeKind.EPIC)
            self.limit("parent", epics.exclude(pk=self.instance.pk), by="number")

    def _offer_statuses(self, statuses: Any) -> None:
        """Drawn are those that the item may get after the one it has; why another one is refused, the verb says."""
        self.limit("status", statuses)
        here = self.row.status if self.row.pk and "status" in self.fields else None
        if here is not None and here.leads_to:
            self.fields["status"].widget.choices = CallableChoiceIterator(  # type: ignore[attr-defined]
                lambda: [(one.public_id, one.name) for one in statuses if here.may_become(one)]
            )


class ItemField(forms.CharField):
    """An item of `rows`, named by its key; a bare number means one of the product `near`."""

    rows: Any = None
    near: Product | None = None
    member: Member | None = None

    def to_python(self, value: Any) -> Item | None:  # type: ignore[override]
        text = super().to_python(value) or ""
        if not text:
            return None
        found = item_named(self.rows, text, self.near, self.member)
        if found is None:
            raise forms.ValidationError(_("There is no item “%(text)s”. Type its key, such as %(key)s."), params={
                "text": text[:60], "key": f"{self.near.key if self.near else 'DSP'}-12",
            })  # fmt: skip
        return found

    def run_validators(self, value: Any) -> None:
        """It is no text any more."""


class PlaceForm(forms.Form):
    """What stands above an item: an epic; above an epic, an initiative. Empty takes it out."""

    seen = forms.IntegerField(required=False)
    parent = ItemField(required=False, label=_("Epic"))
    initiative = forms.ModelChoiceField(Initiative.objects.none(), required=False, to_field_name="public_id")

    def __init__(self, data: Any, *, item: Item, member: Member) -> None:
        super().__init__(data)
        self.fields["parent"].rows = Item.objects.visible_to(member).of(item.product).exclude(pk=item.pk)
        self.fields["parent"].near = item.product
        initiatives = Initiative.objects.visible_to(member).filter(product__in=[item.product_id])
        shared = Initiative.objects.visible_to(member).filter(product=None)
        self.fields["initiative"].queryset = initiatives | shared
        self.fields["initiative"].error_messages["invalid_choice"] = _(
            "This choice is not there any more. Choose another."
        )

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("parent", "initiative") if name in self.data}


class ChildForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=240)
    type = TypeField()


class LinkForm(forms.Form):
    """How an item stands to another one, which is named by its key."""

    kind = forms.ChoiceField(choices=[(word, label) for word, (_kind, _turned, label) in WORDS.items()])
    other = ItemField(label=_("Item"))

    def __init__(self, data: Any, *, item: Item, member: Member) -> None:
        super().__init__(data)
        self.member = member
        self.fields["other"].member = member  # type: ignore[attr-defined]
        self.fields["other"].rows = Item.objects.visible_to(member).select_related("workspace")
        self.fields["other"].near = item.product

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        other = cleaned.get("other")
        passes_on = cleaned.get("kind") in ("duplicates", "duplicated")
        if other is not None and passes_on and not self.member.may(Role.MANAGER, at=other.product):
            self.add_error("other", _("A duplicate passes its feedback on: that takes a manager at both products."))
        return cleaned


class CriteriaField(forms.CharField):
    """One acceptance criterion a line."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return [" ".join(line.split()) for line in (super().to_python(value) or "").splitlines() if line.strip()]


class RequirementForm(EditForm):
    """A line of the checklist. Criteria that stay as they are written stay met."""

    criteria = CriteriaField(label=_("Acceptance criteria"), required=False, max_length=20_000)

    class Meta:
        model = Requirement
        fields = ["kind", "text", "criteria"]

    def clean_criteria(self) -> list[dict[str, Any]]:
        met = {one["text"]: one["met"] for one in self.row.criteria}
        return [{"text": text, "met": met.get(text, False)} for text in self.cleaned_data["criteria"]]

    @staticmethod
    def lines(criteria: Any) -> str:
        return "; ".join(one["text"] for one in criteria)
