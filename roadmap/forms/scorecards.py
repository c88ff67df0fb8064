"""Parsing what people type about scorecards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.prepared import Prepared
from changes.forms import EditForm
from listing import figures
from roadmap.models import ProductScoring, Scorecard
from roadmap.scores import ready_made
from roadmap.scores.factors import Kind, Role
from roadmap.scores.own_cards import MOST_FACTORS

LIVE = "live:"
KINDS = [
    (Kind.SCALE, _("0 to 10")), (Kind.PERCENT, _("Per cent")), (Kind.NUMBER, _("Number")), (Kind.SIZE, _("T-shirt size")),
    (Kind.YESNO, _("Yes or no")), (Kind.MONEY, _("Money")),
]  # fmt: skip
ROLES = [(Role.GAIN, _("adds")), (Role.SUBTRACT, _("subtracts")), (Role.DIVIDE, _("divides"))]
#: Empty lines that a form shows below those that are filled in.
SPARE = 4


class ScorecardForm(EditForm):
    class Meta:
        model = Scorecard
        fields = ["name"]


def _readings() -> list[tuple[str, Any]]:
    """Where a factor's value comes from."""
    shared = [(one.key, one.name) for one in ready_made.SHARED.values()]
    live = [(f"{LIVE}{one.name}", one.label) for one in figures.sources.values() if one.of == "item"]
    return [("", _("typed in for each item")), (str(_("Fields of items")), shared), (str(_("Measured")), live)]


class FactorRow(forms.Form):
    """One line. Without a name and without a reading it is empty."""

    key = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name"), required=False, max_length=60)
    reads = forms.ChoiceField(label=_("Value"), required=False, choices=_readings)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=KINDS)
    role = forms.ChoiceField(label=_("Does"), required=False, choices=ROLES)
    weight = forms.DecimalField(label=_("Weight"), required=False, max_digits=7, decimal_places=2, initial=1)
    low = forms.DecimalField(label=_("From"), required=False, max_digits=16, decimal_places=2)
    high = forms.DecimalField(label=_("To"), required=False, max_digits=16, decimal_places=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            css = "select" if isinstance(field, forms.ChoiceField) else "input"
            field.widget.attrs |= {"class": css, "aria-label": str(field.label)}

    @property
    def factor(self) -> dict[str, Any] | None:
        """As a scorecard takes it."""
        given = self.cleaned_data
        reads = given["reads"]
        if not given["name"].strip() and not reads:
            return None
        told = {"role": given["role"] or Role.GAIN, "weight": 1 if given["weight"] is None else given["weight"]}
        if given["low"] is not None:
            told["low"] = given["low"]
        if given["high"] is not None:
            told["high"] = given["high"]
        if reads.startswith(LIVE):
            return {**told, "live": reads.removeprefix(LIVE)}
        if reads:
            return {**told, "key": reads}
        return {**told, "key": given["key"], "name": given["name"], "kind": given["kind"] or Kind.SCALE}


class FactorRows:
    """The lines of a form: those of `factors`, and two to fill in."""

    def __init__(self, data: Any = None, factors: list[dict[str, Any]] | None = None) -> None:
        self.is_bound = data is not None
        self.initial_factors = [
            {name: value for name, value in one.items() if name != "points"} for one in factors or []
        ]
        count = len(self.initial_factors) + SPARE
        if data is not None:
            sent = data.get("lines", "")
            count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 3 else count
        count = min(count, MOST_FACTORS)
        self.lines = [FactorRow(data, prefix=f"factor-{place}", initial=self._initial(place)) for place in range(count)]

    def _initial(self, place: int) -> dict[str, Any]:
        if place >= len(self.initial_factors):
            return {}
        one = self.initial_factors[place]
        reads = f"{LIVE}{one['live']}" if one.get("live") else one["key"] if one["key"] in ready_made.SHARED else ""
        return {**one, "reads": reads, "name": "" if reads else one["name"]}

    @property
    def is_blank(self) -> bool:
        """Whether nothing is named yet, and nothing is wrong."""
        return not (self.factors if self.is_bound and self.is_valid() else self.is_bound or self.initial_factors)

    def is_valid(self) -> bool:
        return not any(line.errors for line in self.lines)

    @property
    def wrong(self) -> str:
        """The first thing that is wrong."""
        for line in self.lines:
            for name, errors in line.errors.items():
                return f"{line.fields[name].label}: {errors[0]}" if name in line.fields else str(errors[0])
        return _now("Look at the lines again.")

    @property
    def factors(self) -> list[dict[str, Any]]:
        return [line.factor for line in self.lines if line.factor is not None]


CARDS = Prepared(lambda member: Scorecard.objects.visible_to(member))


class ScoringForm(forms.Form):
    scorecard = forms.ModelChoiceField(
        Scorecard.objects.none(), label=_("Scores by"), to_field_name="public_id", empty_label=None
    )
    second = forms.ModelChoiceField(
        Scorecard.objects.none(), label=_("Shows beside it"), required=False, to_field_name="public_id",
        empty_label=_("None"), help_text=_("A second score in the table and on the item's page. The first one leads."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, member: Member, row: ProductScoring | None) -> None:
        super().__init__(data)
        cards = CARDS.rows(member)
        for name in ("scorecard", "second"):
            field: Any = self.fields[name]
            field.queryset = Scorecard.objects.visible_to(member)
            field.error_messages["invalid_choice"] = _("This choice is not there any more. Choose another.")
            none = [] if field.empty_label is None else [("", field.empty_label)]
            field.widget.choices = [*none, *((card.public_id, card.name) for card in cards)]
        chosen = {card.pk: card.public_id for card in cards}
        rice = next((card.public_id for card in cards if card.method == "rice"), None)
        self.initial["scorecard"] = chosen.get(row.scorecard_id) if row else rice
        self.initial["second"] = chosen.get(row.second_id) if row and row.second_id else None
