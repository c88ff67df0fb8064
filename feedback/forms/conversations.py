"""Conversations, and passages of them as evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.roles import Role
from changes.forms import EditForm
from feedback.models import Conversation, Importance, Insight
from products.models import Problem, Product
from roadmap.models import Item


class ConversationForm(EditForm):
    """A conversation; who speaks is written down by name and e-mail, found or added by Contact.speaker."""

    customer_name = forms.CharField(
        label=_("Customer"), required=False, max_length=120, widget=forms.TextInput(attrs={"list": "customers"})
    )
    contact_name = forms.CharField(label=_("Contact"), required=False, max_length=120)
    contact_email = forms.EmailField(label=_("Contact's e-mail"), required=False, max_length=254)

    SPEAKER = {"customer_name": "customer", "contact_email": "email", "contact_name": "name"}

    class Meta:
        model = Conversation
        fields = ["subject", "text", "source", "product", "lead", "received_at"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 10}),
            "received_at": forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in {"received_at", "source"} & set(self.fields):  # without them the verb's own hold
            self.fields[name].required = False
        if self.row.customer_id:
            self.initial["customer_name"] = self.row.customer.name
        if self.row.contact_id:
            self.initial.update(contact_name=self.row.contact.name, contact_email=self.row.contact.email)

    def limit_choices(self, member: Member, role: Role = Role.CONTRIBUTOR) -> None:
        """Products at which the member may do this, and people who could take the lead."""
        self.limit("product", Product.objects.changeable_by(member, role), by="key")
        self.limit("lead", Member.objects.current().visible_to(member).select_related("user"))
        if "product" in self.fields:
            self.fields["product"].required = not member.may(role)
        for name in {"product", "lead"} & set(self.fields):
            self.fields[name].empty_label = _("Not set")  # type: ignore[attr-defined]

    @property
    def values(self) -> dict[str, Any]:
        """Fields of the conversation; who speaks is in `speaker`."""
        fields = {name: value for name, value in super().values.items() if name not in self.SPEAKER}
        return {name: value for name, value in fields.items() if value or name not in ("received_at", "source")}

    @property
    def speaker(self) -> dict[str, str]:
        return {word: self.cleaned_data.get(name, "") for name, word in self.SPEAKER.items()}

    @property
    def names_speaker(self) -> bool:
        return bool(self.SPEAKER.keys() & set(self.changed_data))


class LinkForm(forms.Form):
    """A passage and what it is evidence for: `item:DSP-214`, `problem:<public id>`, or `new:DSP` with a title."""

    passage = forms.CharField(label=_("Passage"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))
    target = forms.CharField(max_length=40, error_messages={"required": _("Choose an item or a problem.")})
    importance = forms.TypedChoiceField(
        label=_("How much does it matter to them?"),
        choices=Importance.choices[1:],
        coerce=int,
        initial=Importance.IMPORTANT,
        widget=forms.RadioSelect,
    )
    title = forms.CharField(required=False, max_length=240)

    def __init__(self, *args: Any, member: Member, **options: Any) -> None:
        super().__init__(*args, **options)
        self.member = member

    def clean_target(self) -> tuple[str, Any]:
        """What kind of target, and the row: an item, a problem, or the product of a new item."""
        kind, _colon, name = self.cleaned_data["target"].partition(":")
        found = {"item": self._item, "problem": self._problem, "new": self._product}.get(kind, lambda name: None)(name)
        if found is None:
            raise forms.ValidationError(_("This is not there any more. Choose another item or problem."))
        return kind, found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("target", ("",))[0] == "new" and not cleaned.get("title", "").strip():
            self.add_error("title", _("Give the new item a title."))
        return cleaned

    def _item(self, name: str) -> Item | None:
        key, _dash, number = name.rpartition("-")
        if not (number.isascii() and number.isdigit() and len(number) < 10):
            return None
        items = Item.objects.visible_to(self.member).select_related("product")
        return items.filter(product__key=key, number=number).first()

    def _problem(self, name: str) -> Problem | None:
        return Problem.objects.visible_to(self.member).select_related("product").filter(public_id=name).first()

    def _product(self, name: str) -> Product | None:
        return Product.objects.changeable_by(self.member, Role.CONTRIBUTOR).filter(key=name).first()


class InsightForm(EditForm):
    class Meta:
        model = Insight
        fields = ["importance"]
