"""What some of many items cannot become: for each field a rule that asks once what it needs, and is then held to item by item."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.refusals import Refused
from products.models import Product
from roadmap.backlog.bulk_texts import TEXTS, refuse_unfit_text
from roadmap.items.hierarchy import refuse_wrong_level
from roadmap.models import Category, Item, Iteration, Status
from roadmap.models.custom_field import refuse_missing
from roadmap.models.dates import Certainty
from roadmap.models.item_columns import DONE
from roadmap.models.item_rules import REQUIRED, hold_above
from roadmap.models.known_types import held
from roadmap.plans.slips import ReasonWanted, refuse_unexplained_slip, threshold_of

#: f(item as it is, what it is to become) raises Refused where that is nothing for the item.
Rule = Callable[[Item, Mapping[str, Any]], None]
DAYS = ("starts_on", "ends_on", "certainty")


def rule_of(field: str, value: Any, items: Sequence[Item], product: Product, reason: str | None) -> Rule:
    """Raises Refused where `value` is nothing for any of them."""
    if field == "status":
        return _steps_to(value)
    if field == "type":
        return _types(value, items, product)
    if field == "parent":
        return _places_under(value, product)
    if field in DAYS:
        return _days(product, reason if field == "ends_on" else None)
    if field == "custom":
        return _required(product)
    if field == "iteration":
        return _in_release_of(value)
    if field in TEXTS:
        return lambda item, becomes: refuse_unfit_text(field, becomes[field])
    return lambda item, becomes: None


def _steps_to(status: Status) -> Rule:
    """May it go to this status, and has it all that one needs?"""
    required = REQUIRED.rows(status.workspace_id)
    strict = Status.objects.filter(workspace=status.workspace_id).exclude(leads_to=[]).in_bulk()

    def rule(item: Item, becomes: Mapping[str, Any]) -> None:
        if item.status_id in strict:
            strict[item.status_id].refuse_step(status)
        refuse_missing(required, item.custom, status.category)

    return rule


def _types(key: str, items: Sequence[Item], product: Product) -> Rule:
    """May it be of this type where it stands?"""
    kind = held(product.workspace_id, key).get(key)
    if kind is None:
        raise Refused(_("There is no such type of items any more. Choose another one."))
    above: set[int | None] = set()
    if not kind.is_epic:
        above = set(Item.objects.filter(parent__among=[item.pk for item in items]).values_list("parent", flat=True))

    def rule(item: Item, becomes: Mapping[str, Any]) -> None:
        if kind.is_epic and item.parent_id is not None:
            raise Refused(_("An epic stands under no other item."))
        if item.pk in above:
            raise Refused(_("Only an epic has items under it."))

    return rule


def _places_under(parent: Item | None, product: Product) -> Rule:
    """As of one item alone: what stands above is the same row for all, read once."""
    if parent is not None:
        parent.product = product
        hold_above([parent], product.pk)

    def rule(item: Item, becomes: Mapping[str, Any]) -> None:
        item.product, item.parent = product, parent
        refuse_wrong_level(item)

    return rule


def _in_release_of(iteration: Iteration | None) -> Rule:
    """An iteration is filled from its own release alone."""

    def rule(item: Item, becomes: Mapping[str, Any]) -> None:
        if iteration is not None and item.release_id != iteration.release_id:
            told = {"name": iteration.name, "release": iteration.release.name}
            raise Refused(_("“%(name)s” is an iteration of “%(release)s”. Set that release first.") % told)

    return rule


def _days(product: Product, reason: str | None) -> Rule:
    """`reason` says why firm ends slip, see roadmap/plans/slips.py."""

    def rule(item: Item, becomes: Mapping[str, Any]) -> None:
        if item.certainty == Certainty.FIRM and Category(item.status.category) not in DONE:
            _refuse_slip(product, item, becomes["ends_on"], reason)
        if becomes["starts_on"] and becomes["ends_on"] and becomes["ends_on"] < becomes["starts_on"]:
            raise Refused(_("The end would lie before the start."))

    return rule


def _refuse_slip(product: Product, item: Item, end: Any, reason: str | None) -> None:
    try:
        refuse_unexplained_slip(product, "", item.ends_on, end, reason)
    except ReasonWanted as wanted:
        allowed = threshold_of(product)
        words = ngettext(
            "The end would move later by more than %(n)d day: say why.",
            "The end would move later by more than %(n)d days: say why.",
            allowed,
        )
        raise Refused(words % {"n": allowed}) from wanted


def ask_why_they_slip(rows: QuerySet[Item], product: Product, end: date) -> None:
    """Raise ReasonWanted, once for all of `rows`, where firm ends of theirs would move to `end`, farther than the product lets pass."""
    allowed = threshold_of(product)
    firm = rows.filter(certainty=Certainty.FIRM, ends_on__lt=end - timedelta(days=allowed))
    far = firm.exclude(Q(status__category__in=DONE) | Q(starts_on__gt=end)).count()
    if not far:
        return
    slip = ngettext(
        "%(n)d promised end moves later by more than %(days)s.",
        "%(n)d promised ends move later by more than %(days)s.",
        far,
    )
    days = ngettext("%(n)d day", "%(n)d days", allowed) % {"n": allowed}
    ask = _("Say why: the reason stands in the history and where plans are compared.")
    raise ReasonWanted(f"{slip % {'n': far, 'days': days}} {ask}")


def _required(product: Product) -> Rule:
    """What a status asks for is not emptied."""
    required = REQUIRED.rows(product.workspace_id)

    def rule(item: Item, becomes: Mapping[str, Any]) -> None:
        if item.custom.keys() - becomes["custom"].keys():
            refuse_missing(required, becomes["custom"], item.status.category)

    return rule
