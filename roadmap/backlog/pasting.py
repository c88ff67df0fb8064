"""A column of a spreadsheet into cells of the table: as many values as items, one Change, or none and what is wrong with which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.models import Member
from accounts.refusals import Refused
from changes.concurrency import Conflict
from changes.models import Change
from products.models import Product
from roadmap.backlog.filters import item_language
from roadmap.backlog.own_fields import own_field
from roadmap.forms import ItemForm
from roadmap.items.answers import number_in
from roadmap.models import CustomField, FieldKind, Item, read_values
from roadmap.plans.slips import ReasonWanted

MOST = 200


@dataclass
class Pasted:
    """`problems`: key of the item, what was pasted, and the sentence."""

    change: int = 0
    changed: int = 0
    problems: list[tuple[str, str, str]] = field(default_factory=list)


def lines_of(text: str) -> list[str]:
    """One value a line; the line end at the end of a column is none."""
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")


def paste(
    items: Sequence[Item],
    name: str,
    values: Sequence[str],
    seen: Sequence[int | None],
    member: Member,
    *,
    by: Actor | Change,
    reason: str | None = None,
) -> Pasted:
    """Value n into item n; one value goes into all. Raises Refused where they do not belong together.

    `reason` says why plans slip, see roadmap/plans/slips.py. All or none: where a value is none for its item, nothing is written, and each such value is named.
    """
    if not items:
        raise Refused(_("Choose the cells first."))
    if len(items) > MOST:
        raise Refused(_("At most %(most)d cells are filled at once.") % {"most": MOST})
    if len(values) == 1:
        values = [values[0]] * len(items)
    if len(values) > len(items):
        raise Refused(
            _("%(values)d values were pasted for %(items)d items. Choose as many rows as there are values.")
            % {"values": len(values), "items": len(items)}
        )
    if any("\t" in value for value in values):
        raise Refused(_("More than one column was pasted. Paste one column at a time."))
    product, pasted = items[0].product, Pasted()
    reader = _Reader(product, member, name)
    with Change.open("item.edited", by=by, workspace=product.workspace, reason=reason or "") as change:
        for item, value, version in zip(items, values, seen, strict=False):
            try:
                fields = reader.fields(item, value.strip())
                item.edit(by=change, seen=version, reason=reason, **fields)
                pasted.changed += item.change_id == change.pk
            except ReasonWanted:
                raise
            except (Refused, Conflict) as no:
                pasted.problems.append((item.key, value.strip()[:80], str(no)))
        if pasted.problems:
            raise _Nothing(pasted)
    pasted.change = change.pk or 0
    return pasted


class _Nothing(Refused):
    """Raised through the Change, so that none of it is written."""

    def __init__(self, pasted: Pasted) -> None:
        super().__init__(_("Nothing was changed: some values do not fit."))
        self.pasted = pasted


def pasted_or_problems(*arguments: Any, by: Actor | Change, reason: str | None = None) -> Pasted:
    """As `paste`, but values that do not fit are told instead of raised."""
    try:
        return paste(*arguments, by=by, reason=reason)
    except _Nothing as nothing:
        return nothing.pasted


class _Reader:
    """What a cell of one column takes, as a spreadsheet has it: choices by the names that people read."""

    def __init__(self, product: Product, member: Member, name: str) -> None:
        self.product, self.member, self.name = product, member, name
        self.own = CustomField.objects.visible_to(member).filter(key=name.replace("\0", "")).first()
        is_field = name in ItemForm.base_fields and name != "reason"
        if self.own is None and not is_field and not name.startswith("factor_"):
            raise Refused(_("There is no such column. Reload the backlog."))
        language = item_language(product.workspace, product).fields
        chosen = own_field(self.own) if self.own is not None else language.get(name)
        listed = chosen.values() if chosen is not None and chosen.values is not None else []
        self.names = {str(label).strip().casefold(): str(value) for value, label in listed}

    def fields(self, item: Item, value: str) -> dict[str, Any]:
        """For `Item.edit`. Raises Refused with a sentence."""
        if self.own is not None:
            return {"custom": read_values(self.product.workspace, {self.name: self._own(self.own, value)})}
        form = ItemForm({self.name: self._number(self._named(value))}, instance=item)
        form.limit_choices(self.member, self.product)
        if not form.is_valid():
            raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
        if not form.values:
            raise Refused(_("There is no such column. Reload the backlog."))
        return form.values

    def _named(self, value: str) -> str:
        return self.names.get(value.casefold(), value)

    def _number(self, value: str) -> str:
        """As a spreadsheet has it: “8,5” and “1 200” are numbers, “80 %” of confidence is 80."""
        if not isinstance(ItemForm.base_fields.get(self.name), forms.IntegerField):  # which decimals are too
            return value
        value = value.removesuffix("%").strip() if self.name == "confidence" else value
        number = number_in(value)
        return value if number is None else f"{number:f}"

    def _own(self, own: CustomField, value: str) -> Any:
        if own.kind == FieldKind.MULTI:
            return [self._named(part.strip()) for part in value.split(",") if part.strip()]
        return self._named(value)
