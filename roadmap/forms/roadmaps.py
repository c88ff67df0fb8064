"""Forms of kept roadmaps. Parsing only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Member, Team
from changes.concurrency import intended
from changes.forms import EditForm
from products.models import Product
from roadmap.boards.reading import COLUMN
from roadmap.models import CustomField, FieldKind, Roadmap
from roadmap.models.roadmap import LARGEST_LIMIT
from roadmap.plans.designs import Lanes, Shown, usual_lanes


class RoadmapForm(EditForm):
    """A roadmap's name, its products, how it is laid out, and whom it is for: `private`, `workspace`, or a team by its id."""

    products = forms.ModelMultipleChoiceField(
        Product.objects.none(), to_field_name="key", label=_("Products"), widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choose at least one product."), "invalid_choice": _("There is no product %(value)s that you see.")
        },
    )  # fmt: skip
    lanes = forms.ChoiceField(label=_("Lanes"), required=False)
    shows = forms.MultipleChoiceField(
        label=_("Cards show"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: what is usual for the layout."),
    )  # fmt: skip
    scope = forms.CharField(required=False, max_length=40)

    class Meta:
        model = Roadmap
        fields = ["name", "products", "layout", "lanes", "colours", "precision", "starts", "ends", "shows"]

    def __init__(self, data: Any = None, *, instance: Roadmap, member: Member, **options: Any) -> None:
        super().__init__(data, instance=instance, **options)
        fields = list(CustomField.objects.filter(workspace=member.workspace_id))
        seen = Product.objects.visible_to(member).order_by("name", "pk")
        if "products" in self.fields:
            self.fields["products"].queryset = seen  # type: ignore[attr-defined]
            self.fields["products"].label_from_instance = lambda product: product.name  # type: ignore[attr-defined]
            if instance.pk:
                self.initial["products"] = list(seen.filter(roadmaps=instance).values_list("key", flat=True))
        if "lanes" in self.fields:
            own = [(one.key, one.name) for one in fields if one.kind == FieldKind.SELECT]
            self.fields["lanes"].choices = [*Lanes.choices, *own]  # type: ignore[attr-defined]
        if "shows" in self.fields:
            self.fields["shows"].choices = [*Shown.choices, *((one.key, one.name) for one in fields)]  # type: ignore[attr-defined]
        self.teams = list(Team.objects.filter(memberships__member=member).order_by("name"))

    def clean_scope(self) -> dict[str, Any]:
        scope = self.cleaned_data["scope"]
        if scope in ("", "private", "workspace"):
            return {"is_shared": scope == "workspace", "team": None}
        team = Team.objects.filter(workspace=self.row.workspace_id, public_id=scope).first()
        if team is None:
            raise forms.ValidationError(_("This team is not there any more. Choose another."))
        return {"is_shared": False, "team": team}

    def clean_lanes(self) -> str:
        return self.cleaned_data["lanes"] or usual_lanes(self.data.get("layout", self.row.layout))

    @property
    def values(self) -> dict[str, Any]:
        values = super().values
        scope = values.pop("scope", None) or {}
        return {**scope, **values}

    def catch_up(self, row: Any) -> None:
        """As every form of a row; products and scope, which are no columns of that name, stay as they were sent."""
        columns = {name: value for name, value in self.values.items() if name in self.fields and name != "products"}
        mine = intended(row, self.seen_version, columns)
        self.data = self.data.copy()
        self.data["seen"] = row.change_id
        for name in columns.keys() - mine.keys():
            value = self.fields[name].prepare_value(getattr(row, name))
            self.data.setlist(name, value if isinstance(value, list) else ["" if value is None else value])

    @property
    def scope_chosen(self) -> str:
        if self.is_bound:
            return str(self.data.get("scope", ""))
        return self.row.team.public_id if self.row.team_id else self.row.scope


class LimitForm(forms.Form):
    """How many cards a column should hold at most; empty for no limit."""

    limit = forms.IntegerField(label=_("At most"), required=False, min_value=1, max_value=LARGEST_LIMIT)


class MoveForm(forms.Form):
    """A card as it was dropped: keys of items, the column by its key, and its new lane, where it came from another one."""

    moved = forms.RegexField(r"^[A-Z][A-Z0-9]{1,9}-\d{1,9}$")
    list = forms.CharField(required=False, max_length=40)
    lane = forms.CharField(required=False, max_length=40)
    after = forms.RegexField(r"^[A-Z][A-Z0-9]{1,9}-\d{1,9}$", required=False)
    before = forms.RegexField(r"^[A-Z][A-Z0-9]{1,9}-\d{1,9}$", required=False)

    def __init__(self, data: Mapping[str, str]) -> None:
        self.base_fields = {name: field for name, field in self.base_fields.items() if name in data or name == "moved"}
        super().__init__(data)

    def said(self, name: str) -> str:
        """What was sent of it, nothing where that was left out."""
        return str(self.cleaned_data.get(name, ""))


#: The field of an item that a column sets.
SETS = COLUMN
