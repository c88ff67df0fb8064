"""Which fields of many items can be set at once, and how it is told what they are to become: `effort:3`, `tags+:urgent, hamburg`,
`title^:Hamburg`.

Answers are read as those of a cell are: by the form of items, by the scorecards' factors, by the workspace's own fields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.models import Member
from accounts.refusals import Refused
from products.models import Product
from roadmap.backlog.bulk_texts import BEFORE, FOUND, TEXTS, read_text
from roadmap.backlog.own_fields import OWN_KEY
from roadmap.forms import ItemForm
from roadmap.forms.many import ManyForm
from roadmap.models import CustomField, FieldKind, Item, read_values, scoring_of
from roadmap.scores.factor_fields import PREFIX
from roadmap.scores.formulas import each_factor

#: Chosen in the bar itself.
IN_BAR = ("status", "type", "release", "objective", "component", "lead", "horizon", "is_internal")
#: Set in a dialog, as are the factors of the product's scorecards and the workspace's own fields. The rest is about one item alone.
IN_DIALOG = (
    "title", "description", "tags", "parent", "iteration", "initiative", "problem", "starts_on", "ends_on", "certainty",
    "reach", "impact", "confidence", "effort", "progress_from", "progress",
)  # fmt: skip
LABELS = {"parent": _lazy("Epic")}  #: where it is called otherwise than by the form of items
ADD, TAKE = "+", "-"  #: after the name of a field that holds several values; without one of them all are replaced
MARKS = ADD + TAKE + BEFORE + FOUND


@dataclass(frozen=True)
class Setting:
    """What a column of items becomes; within one that holds many fields (`custom`, `factors`), what `key` becomes. `beside`: other days that
    are set with a day."""

    field: str
    value: Any
    key: str = ""
    how: str = ""
    beside: Mapping[str, Any] = field(default_factory=dict)


def offered_in_dialog(member: Member, product: Product) -> list[tuple[str, Any]]:
    """Name and label of each field that is set in a dialog."""
    factors = [one for one in each_factor(scoring_of(product).formulas) if not one.is_column and not one.live]
    return [
        *((name, LABELS.get(name, ManyForm.base_fields[name].label)) for name in IN_DIALOG),
        *((one.field, one.name) for one in factors),
        *CustomField.objects.visible_to(member).values_list("key", "name"),
    ]


def own_named(member: Member, name: str) -> CustomField | None:
    """The workspace's own field of this key."""
    return CustomField.objects.visible_to(member).filter(key=name).first() if OWN_KEY.fullmatch(name) else None


def form_of(member: Member, product: Product, name: str, data: Any = None) -> ItemForm:
    """The form of this field alone, of no item in particular; without the field where there is none of that name."""
    known = name in (*IN_BAR, *IN_DIALOG) or name.startswith(PREFIX)
    row = Item(product=product, workspace=product.workspace)
    form = ManyForm(data, instance=row, only=[name] if known else [], auto_id="bulk-%s")
    form.limit_choices(member, product)
    if name in LABELS:
        form.fields[name].label = LABELS[name]
    return form


def read(told: str, member: Member, product: Product) -> Setting:
    """What `told` says. Raises Refused with a sentence."""
    name, _colon, value = told.partition(":")
    how = name[-1:] if name and name[-1] in MARKS else ""
    name = name.removesuffix(how)
    if name in TEXTS and how != TAKE:
        return Setting(name, read_text(name, value, how), "", how)
    own = own_named(member, name)
    setting = _own(own, value, how, product) if own is not None else _read(name, value, how, member, product)
    if how and not setting.value:
        raise Refused(_("Say first what is added or taken away."))
    return setting


def _own(own: CustomField, value: str, how: str, product: Product) -> Setting:
    several = own.kind == FieldKind.MULTI
    if how and not several:
        raise Refused(_("This cannot be set for many items at once."))
    raw: Any = words_of(value) if several else value
    return Setting("custom", read_values(product.workspace, {own.key: raw})[own.key], own.key, how)


def _read(name: str, value: str, how: str, member: Member, product: Product) -> Setting:
    form = form_of(member, product, name, {name: value})
    if name not in form.fields or (how and name != "tags"):
        raise Refused(_("This cannot be set for many items at once."))
    if not form.is_valid():
        raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    if name.startswith(PREFIX):
        ((key, read_value),) = form.values["factors"].items()
        return Setting("factors", read_value, key)
    return Setting(name, form.values[name], "", how)


def words_of(text: str) -> list[str]:
    return [word for part in text.split(",") if (word := part.strip())]


def put(there: Iterable[str], setting: Setting) -> list[str]:
    """What a field of several values holds then: in the order in which they came."""
    there, given = list(there), setting.value or []
    if setting.how == TAKE:
        return [one for one in there if one not in given]
    return list(dict.fromkeys([*there, *given])) if setting.how == ADD else list(given)
