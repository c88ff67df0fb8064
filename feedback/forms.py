"""Parsing only: what a person typed becomes values for the verbs."""

from __future__ import annotations

from typing import Any, TypeVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.roles import Role
from changes.forms import EditForm
from feedback.models import (
    Changelog,
    Contact,
    Conversation,
    Customer,
    CustomerProduct,
    Idea,
    Importance,
    Insight,
    Portal,
    PortalAccess,
)
from products.models import Problem, Product
from roadmap.models import Item

DATE = forms.DateInput(attrs={"type": "date"})


F = TypeVar("F", bound=EditForm)


CHANGEABLE = Prepared(lambda member, role: Product.objects.changeable_by(member, role).values_list("key", "name"))


def completed(whole: F, sent: F) -> F:
    """`whole` shows all fields of the row, with what was typed in those that were sent, and what is wrong with it."""
    whole.initial.update({name: sent.data.get(name) for name in sent.fields})
    whole._errors = sent.errors  # type: ignore[attr-defined]
    return whole


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


class CustomerForm(EditForm):
    class Meta:
        model = Customer
        fields = ["name", "kind", "domain", "segment", "plan", "annual_revenue", "account_key"]

    def clean_domain(self) -> str:
        return self.cleaned_data["domain"].strip().lower()


class ContactForm(EditForm):
    class Meta:
        model = Contact
        fields = ["name", "role", "email", "customer"]

    def limit_choices(self, member: Member) -> None:
        self.limit("customer", Customer.objects.visible_to(member))

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        both = {"name", "email"} <= set(self.fields)
        if both and not self.errors and not cleaned.get("name") and not cleaned.get("email"):
            self.add_error("name", _("A contact needs a name or an e-mail."))
        return cleaned


class ContractForm(forms.ModelForm):
    """What a customer pays for one product."""

    class Meta:
        model = CustomerProduct
        fields = ["product", "annual_revenue", "starts_on", "ends_on"]
        widgets = {"starts_on": DATE, "ends_on": DATE}

    def __init__(self, *args: Any, products: QuerySet[Product] | None = None, **options: Any) -> None:
        """Without `products` the form is only drawn."""
        super().__init__(*args, **options)
        field = self.fields["product"]
        field.to_field_name = "key"  # type: ignore[attr-defined]
        if products is not None:
            field.queryset = products  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, ends = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("The contract ends before it starts."))
        return cleaned


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


class ChangelogForm(forms.ModelForm):
    class Meta:
        model = Changelog
        fields = ["access", "title", "intro"]
        widgets = {"access": forms.RadioSelect, "intro": forms.Textarea(attrs={"rows": 3})}


class PortalForm(forms.ModelForm):
    products: Any = forms.ModelMultipleChoiceField(
        label=_("Products shown"),
        queryset=Product.objects.none(),
        required=False,
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ideas for other products, and the status of their items, stay inside."),
    )

    class Meta:
        model = Portal
        fields = ["access", "title", "intro", "products"]
        widgets = {"access": forms.RadioSelect, "intro": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, products: QuerySet[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["products"].queryset = products  # type: ignore[attr-defined]
        self.fields["products"].widget.choices = [(one.key, str(one)) for one in products]  # type: ignore[attr-defined]
        self.fields["access"].choices = PortalAccess.choices  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial["products"] = list(self.instance.products().values_list("key", flat=True))


# --- the portal


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True})
    )

    def clean_email(self) -> str:
        return self.cleaned_data["email"].strip().lower()


class SubscribeForm(AddressForm):
    """As AddressForm, on a page that people came to for something else."""

    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
    )


class VoteForm(forms.Form):
    importance = forms.TypedChoiceField(choices=Importance.choices, coerce=int, required=False)


class PostForm(forms.ModelForm):
    """An idea as a contact writes it."""

    class Meta:
        model = Idea
        fields = ["title", "description", "product"]
        widgets = {"description": forms.Textarea(attrs={"rows": 6})}
        labels = {"title": _("Your idea in one line"), "description": _("What would it help you with?")}

    def __init__(self, *args: Any, products: QuerySet[Product], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["product"]
        field.queryset, field.to_field_name = products, "key"  # type: ignore[attr-defined]
        field.label, field.empty_label = _("About"), _("Anything")  # type: ignore[attr-defined]
        if not products.exists():
            del self.fields["product"]
