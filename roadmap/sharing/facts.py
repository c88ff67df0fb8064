"""What a card tells besides its title, days and the like: what each field that a link allows needs of the database, and how it is said.

Only what is allowed is read. Demand and its revenue come from apps to the right as figures; they count with their period and of whom.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Member, Workspace
from listing import figures
from products.models import Health, KeyResult
from roadmap.models import CustomField, FieldKind, SharedField, ShareLink
from roadmap.plans.colouring import colour_of
from roadmap.plans.designs import OWN_KEY, Colours
from roadmap.plans.shown import fact_of
from roadmap.sharing import capping
from ui import formats, pieces

#: Fields that come as expressions, and the workspace's own by their keys.
EXPRESSED = (SharedField.RESULT.value, SharedField.HEALTH.value)
FIGURES = {SharedField.DEMAND.value: "demand", SharedField.REVENUE.value: "demand_revenue"}
PREFIX = "told_"


def expressed(link: ShareLink) -> tuple[str, ...]:
    """The fields of the link that `expressions` reads."""
    return tuple(name for name in link.fields if name in EXPRESSED or OWN_KEY.fullmatch(name))


def expressions(names: Iterable[str]) -> dict[str, Any]:
    return {f"{PREFIX}{name}": _expression(name) for name in names}


def _expression(name: str) -> Any:
    return colour_of(Colours.HEALTH)[0] if name == SharedField.HEALTH else fact_of(name)


class Facts:
    """Adds to cards what their audience may see. `own`: the names of the workspace's own fields that the link allows, by key."""

    def __init__(self, link: ShareLink) -> None:
        self.link, self.names = link, expressed(link)
        own = [name for name in self.names if OWN_KEY.fullmatch(name)]
        fields = CustomField.objects.filter(workspace=link.workspace_id, key__in=own) if own else []
        self.fields = {one.key: one for one in fields}
        self.own = {key: one.name for key, one in self.fields.items()}
        self.people = (
            _people(link.workspace) if any(one.kind == FieldKind.PERSON for one in self.fields.values()) else {}
        )

    def tell(self, card: dict[str, Any], values: dict[str, Any]) -> None:
        """What was read with the row."""
        for name in self.names:
            value = values[f"{PREFIX}{name}"]
            if value in (None, "", []) or value == Health.NOT_SET:
                continue
            said = self._own(self.fields[name], value) if name in self.fields else _said(name, value)
            if said:
                card[name] = said
        if values.get("tags"):
            card["tags"] = ", ".join(values["tags"])

    def _own(self, field: CustomField, value: Any) -> str:
        """A day as precisely as any other."""
        if field.kind == FieldKind.DATE:
            return capping.said(date.fromisoformat(value), self.link.precision, self.link.workspace.today())
        return field.shown(value, self.people)

    def ask(self, cards: dict[int, dict[str, Any]]) -> None:
        """What other apps know of all of them: a statement for each figure that is allowed."""
        for field, figure in FIGURES.items():
            if not self.link.allows(field) or figure not in figures.sources or not cards:
                continue
            for item, found in figures.sources[figure].compute(list(cards), None).items():
                if found.value:
                    cards[item][field] = found.value


def _said(name: str, value: Any) -> str:
    if name == SharedField.HEALTH:
        return str(value)
    if name == SharedField.RESULT:
        result, unit, start, now, target = value
        row = KeyResult(start=Decimal(str(start)), now=Decimal(str(now)), target=Decimal(str(target)))
        reached = {"now": pieces.rounded(row.now, -2), "target": pieces.rounded(row.target, -2), "unit": unit}
        return f"{result}: " + (_("%(now)s of %(target)s %(unit)s") % reached).strip()
    return ""


def _people(workspace: Workspace) -> dict[str, str]:
    return dict(Member.objects.filter(workspace=workspace).values_list("public_id", "user__name"))


def words(card: dict[str, Any], own: dict[str, str], currency: str) -> list[str]:
    """What is told of a card in small letters, apart from its health."""
    told = [card["result"]] if "result" in card else []
    if "demand" in card:
        told.append(asked_by(card["demand"]))
    if "revenue" in card:
        told.append(_("%(money)s a year") % {"money": formats.money(card["revenue"], currency, short=True)})
    told += [card["tags"]] if "tags" in card else []
    return told + [f"{name}: {card[key]}" for key, name in own.items() if key in card]


def asked_by(customers: int) -> str:
    return ngettext("%(n)d customer asks", "%(n)d customers ask", customers) % {"n": customers}


def health_of(card: dict[str, Any]) -> str:
    """In words, "" where nothing is said."""
    return str(Health(card["health"]).label) if "health" in card else ""
