"""The form of a share link. Parsing only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, Workspace
from accounts.refusals import Refused
from changes.concurrency import intended
from products.models import Product
from roadmap.backlog.filters import item_language
from roadmap.models import CustomField, SharedField, SharedLanes, SharedLayout, SharedPrecision, ShareLink
from roadmap.models.share_choices import DEFAULT_FIELDS, SENSITIVE
from roadmap.plans.designs import Design, Layout
from roadmap.sharing import sites
from roadmap.sharing.places import SharePlace

NO_DATES = "none"

#: What the form calls a term of a link.
FIELDS = {"fields": "fields_allowed", "expires_at": "last_day", "of_products": "products"}


class ShareForm(forms.Form):
    """For whom a link is, what they may see, how they get in and until when. `link` is the one that is changed, None for a new one."""

    title = forms.CharField(
        label=_("Title"), max_length=80, help_text=_("What stands above it. Its audience sees this, whatever the roadmap is called here."),
    )  # fmt: skip
    products = forms.MultipleChoiceField(
        label=_("Products they may see"), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one product."), "invalid_choice": _("There is no product %(value)s that you may share here.")
        },
    )  # fmt: skip
    audience = forms.CharField(
        label=_("Audience"), max_length=80, help_text=_("Who it is for, such as “Board and partners”.")
    )
    layout = forms.ChoiceField(
        label=_("Layout"), choices=SharedLayout.choices, required=False, widget=forms.RadioSelect
    )
    lanes = forms.ChoiceField(label=_("Lanes"), choices=SharedLanes.choices, required=False)
    query = forms.CharField(label=_("Items"), max_length=2000, required=False, widget=forms.Select)
    fields_allowed = forms.MultipleChoiceField(
        label=_("Fields they may see, besides the title"), required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    precision = forms.ChoiceField(
        label=_("Date precision"), choices=[*SharedPrecision.choices, (NO_DATES, _("No dates"))], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    password = forms.CharField(
        label=_("Password"), required=False, max_length=200, min_length=6,
        help_text=_("At least six characters. Tell it to them by another way than the link."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    no_password = forms.BooleanField(label=_("Take the password away"), required=False)
    last_day = forms.DateField(label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    sites = forms.CharField(
        label=_("May be embedded in"), required=False, max_length=2000,
        help_text=_("Names of sites, such as intranet.example.com. None: in no page but its own."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note to the audience"), required=False, max_length=280)
    members = forms.ModelMultipleChoiceField(
        label=_("Also on the home of"), queryset=Member.objects.none(), required=False, to_field_name="public_id",
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Members with an account. They see what moved, and may ask you about it."),
    )  # fmt: skip
    checked = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        place: SharePlace,
        link: ShareLink | None = None,
        query: str = "",
        design: Design | None = None,
        chosen: Iterable[Product] | None = None,
        own: Iterable[tuple[str, str]] | None = None,
    ) -> None:
        """`query`, `design` and `chosen`: the filter, the layout and the products that the roadmap has where the form was opened. `own`: keys and
        names of the workspace's own fields, if they were read already."""
        self.place, self.product, self.link = place, place.product, link
        super().__init__(data, initial=_terms(link) if link else _beginning(place, query, design, chosen))
        members: Any = self.fields["members"]
        members.queryset = Member.objects.current().filter(workspace=place.workspace).select_related("user")
        members.label_from_instance = lambda member: member.name
        fields = CustomField.objects.filter(workspace=place.workspace)
        self.own = list(fields.values_list("key", "name") if own is None else own)
        self.fields["fields_allowed"].choices = [*SharedField.choices, *self.own]  # type: ignore[attr-defined]
        if self.product is not None:
            del self.fields["title"], self.fields["products"]
        else:
            kept = [(one.key, _("%(product)s (in the bin)") % {"product": one.name}) for one in self.binned]
            choices = [(one.key, one.name) for one in place.products]
            self.fields["products"].choices = [*choices, *kept]  # type: ignore[attr-defined]
        lanes = (
            SharedLanes.choices if self.product is None else [one for one in SharedLanes.choices if one[0] != "product"]
        )
        self.fields["lanes"].choices = lanes  # type: ignore[attr-defined]
        if link is None or not link.password_hash:
            del self.fields["no_password"]

    @property
    def binned(self) -> list[Product]:
        """Products of the link that lie in the bin. They stay on it, and are shown again once they are restored, unless somebody unticks them."""
        return self.link.binned_parts if self.link is not None else []

    @property
    def boxes(self) -> list[tuple[str, Any, bool]]:
        """Fields to tick, and whether they are sensitive; dates are allowed by choosing how precisely they may be known."""
        known = [(one.value, one.label) for one in SharedField if one != SharedField.DATES]
        return [(value, label, value in SENSITIVE) for value, label in (*known, *self.own)]

    def offer(self, views: Iterable[tuple[str, str]], here: str, words: str, people: Iterable[tuple[str, str]]) -> None:
        """Which items can be chosen: all, those of a saved view or roadmap, and what is filtered by now (`here`, in `words`);
        and on whose homes it can stand. Each comes with its name."""
        choices = [("", _("All on the roadmap")), *views]
        if here and here not in dict(choices):
            choices.append((here, words))
        self.fields["query"].widget.choices = choices  # type: ignore[attr-defined]
        self.fields["members"].choices = list(people)  # type: ignore[attr-defined]

    def clean_products(self) -> list[str]:
        keys: list[str] = self.cleaned_data["products"]
        if not {*keys} & {one.key for one in self.place.products}:
            raise forms.ValidationError(_("Choose at least one product that is not in the bin."))
        return keys

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day is not None and day < self.place.workspace.today():
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return day

    def clean_query(self) -> str:
        """Only what filters is kept; what cannot be read is refused."""
        try:
            return filter_of(self.place.workspace, self.product, self.cleaned_data["query"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean_sites(self) -> list[str]:
        try:
            return sites.origins_of(self.cleaned_data["sites"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str) and "\0" in value:
                self.add_error(name, _("This text contains a character that cannot be stored. Type it again."))
        if cleaned.get("layout") == SharedLayout.TIMELINE and not self._precision:
            self.add_error("layout", _("A timeline shows dates. Allow dates, or choose another layout."))
        return cleaned

    @property
    def _precision(self) -> str:
        """How precisely dates may be known, "" where not at all; a link that does not say shows none."""
        chosen = self.cleaned_data.get("precision", "")
        if not chosen and SharedField.DATES in self.cleaned_data.get("fields_allowed", []):
            return SharedPrecision.QUARTER.value
        return "" if chosen == NO_DATES else chosen

    @property
    def terms(self) -> dict[str, Any]:
        """As ShareLink keeps them. The link ends when its last day is over in the workspace's zone."""
        given, day = self.cleaned_data, self.cleaned_data["last_day"]
        ends = datetime.combine(day + timedelta(days=1), time(), self.place.workspace.zone) if day else None
        fields = {*given["fields_allowed"], SharedField.DATES.value}
        if not self._precision:
            fields.remove(SharedField.DATES.value)
        return {
            **self._of_several,
            "audience": given["audience"],
            "note": given["note"],
            "layout": given["layout"] or SharedLayout.HORIZONS.value,
            "lanes": given["lanes"] if "lanes" in self.data else _usual_lanes(self.place),
            "query": given["query"],
            "fields": [one for one in (*SharedField.values, *(key for key, _name in self.own)) if one in fields],
            "precision": self._precision or SharedPrecision.QUARTER.value,
            "sites": given["sites"],
            "expires_at": ends,
        }

    @property
    def _of_several(self) -> dict[str, Any]:
        if self.product is not None:
            return {}
        return {"title": self.cleaned_data["title"], "of_products": sorted(one.pk for one in self.chosen)}

    @property
    def chosen(self) -> list[Product]:
        """The products of a link of several."""
        keys = set(self.cleaned_data["products"])
        return [one for one in (*self.place.products, *self.binned) if one.key in keys]

    @property
    def seen_version(self) -> int | None:
        return self.cleaned_data["seen"]

    def catch_up(self, link: ShareLink) -> None:
        """After a conflict: terms that this person left alone are as others set them, and the version seen is the one of today, so
        that sending the form again is a choice. `link` is as the others left it."""
        mine, there = intended(link, self.seen_version, self.terms), _terms(link)
        self.data = self.data.copy()
        self.data["seen"] = str(link.change_id)
        for name in self.terms.keys() - mine.keys():
            shown = FIELDS.get(name, name)
            value = there[shown]
            self.data.setlist(shown, value if isinstance(value, list) else ["" if value is None else str(value)])
        self.full_clean()

    @property
    def password_given(self) -> str | None:
        """None where it stays as it is."""
        if self.cleaned_data.get("no_password"):
            return ""
        return self.cleaned_data["password"] or None

    def draft(self) -> ShareLink:
        """The link as it would be, not saved. Reading it shows exactly what it will show."""
        draft = self.place.draft(**self.terms)
        if self.link is not None:
            draft.pk, draft.public_id = self.link.pk, self.link.public_id
            draft.checked_items, draft.checked_fields = self.link.checked_items, self.link.checked_fields
            draft.shared_by = self.link.shared_by
        return draft


class DrawForm(forms.Form):
    """A roadmap as a picture or on paper; of a link, where one is named."""

    format = forms.ChoiceField(choices=[("pdf", "PDF"), ("png", "PNG")])
    paper = forms.ChoiceField(choices=[("a4", "A4"), ("a3", "A3")])
    link = forms.CharField(required=False, max_length=40)


def filter_of(workspace: Workspace, product: Product | None, query: str) -> str:
    """The part of an address that filters items. Raises Refused where that cannot be read."""
    language = item_language(workspace, product)
    given = QueryDict(query.replace("\0", ""), mutable=True)
    for name in list(given):
        if not language.is_filter(name):
            del given[name]
    language.compile(language.from_query(given))
    return given.urlencode()


def words_of(place: SharePlace, query: str) -> str:
    """A filter as a sentence."""
    language = item_language(place.workspace, place.product)
    try:
        node = language.parse(language.from_query(QueryDict(query)))
    except Refused as refusal:
        return str(refusal)
    return node.sentence(language.names(node))


def _usual_lanes(place: SharePlace) -> str:
    return (SharedLanes.OBJECTIVE if place.product is not None else SharedLanes.PRODUCT).value


def _beginning(
    place: SharePlace, query: str, design: Design | None, chosen: Iterable[Product] | None
) -> dict[str, Any]:
    """Of a new link: what is on the screen, where a link can show it so."""
    known = {*SharedLanes.values} - ({SharedLanes.PRODUCT.value} if place.product is not None else set())
    has_lanes = place.product is not None or (design is not None and design.layout != Layout.LIST)
    return {
        "layout": design.layout if design and design.layout in SharedLayout.values else SharedLayout.HORIZONS,
        "lanes": design.lanes if design and design.lanes in known and has_lanes else _usual_lanes(place),
        "precision": SharedPrecision.QUARTER, "fields_allowed": DEFAULT_FIELDS, "query": query,
        "title": place.title, "products": [one.key for one in (place.products if chosen is None else chosen)],
    }  # fmt: skip


def _terms(link: ShareLink) -> dict[str, Any]:
    return {
        "title": link.title, "products": [one.key for one in (*link.parts, *link.binned_parts)] if link.product_id is None else [],
        "audience": link.audience, "layout": link.layout, "lanes": link.lanes, "query": link.query, "fields_allowed": link.fields,
        "precision": link.precision if link.allows(SharedField.DATES) else NO_DATES, "note": link.note, "seen": link.change_id,
        "members": [one.public_id for one in link.members.all()],
        "last_day": link.last_day.isoformat() if link.last_day else None, "sites": ", ".join(one.removeprefix("https://") for one in link.sites),
    }  # fmt: skip
