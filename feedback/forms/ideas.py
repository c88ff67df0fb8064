"""What members do with ideas."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.roles import Role
from changes.forms import EditForm
from feedback.models import Idea
from products.models import Product
from roadmap.models import Item


class IdeaForm(EditForm):
    """What members set on an idea. The item is given by its key, `DSP-214`."""

    item_key = forms.CharField(label=_("Item"), required=False, max_length=20)

    class Meta:
        model = Idea
        fields = ["title", "description", "product", "answer"]
        widgets = {"description": forms.Textarea(attrs={"rows": 4}), "answer": forms.Textarea(attrs={"rows": 3})}

    def limit_choices(self, member: Member) -> None:
        self.member = member
        self.limit("product", Product.objects.changeable_by(member, Role.MANAGER), by="key")
        if "product" in self.fields:
            self.fields["product"].empty_label = _("Not set")  # type: ignore[attr-defined]

    def clean_item_key(self) -> Item | None:
        name = self.cleaned_data["item_key"].strip().upper()
        if not name:
            return None
        key, _dash, number = name.rpartition("-")
        items = Item.objects.visible_to(self.member).select_related("product")
        plain = number.isascii() and number.isdigit() and len(number) < 10
        item = items.filter(product__key=key, number=number).first() if plain else None
        if item is None:
            raise forms.ValidationError(
                _("There is no item “%(key)s”. Write its key, such as DSP-214."), params={"key": name}
            )
        return item

    @property
    def values(self) -> dict[str, Any]:
        fields = super().values
        if "item_key" in fields:
            fields["item"] = fields.pop("item_key")
        return fields


class MergeForm(forms.Form):
    into = forms.CharField(label=_("Merge into"), max_length=22)

    def __init__(self, *args: Any, ideas: QuerySet[Idea], **options: Any) -> None:
        super().__init__(*args, **options)
        self.ideas = ideas

    def clean_into(self) -> Idea:
        idea = self.ideas.filter(public_id=self.cleaned_data["into"]).first()
        if idea is None:
            raise forms.ValidationError(_("This idea is not there any more. Choose another one."))
        return idea


class DeclineForm(forms.Form):
    answer = forms.CharField(
        label=_("Public answer"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
