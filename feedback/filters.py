"""What customers, conversations and ideas can be filtered by."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Later
from feedback.models import CustomerKind, Importance, Source, State
from feedback.wording import matching
from listing.conditions import Field
from listing.filters import Language
from products.models.product import seen_products
from ui import pieces


def conversation_language(member: Member, people: Later | None = None) -> Language:
    """`people` are those of PEOPLE, where they are read together with the rest of a page."""
    return Language.of(
        member.workspace,
        Field("q", _("Text"), "search", "search", search=matching),
        Field("state", _("State"), "choice", "state", lambda: State.choices),
        Field("source", _("Source"), "choice", "source", lambda: Source.choices),
        _product(member),
        Field("customer", _("Customer"), "choice", "customer__public_id"),
        Field("name", _("Customer's name"), "text", "customer__name"),
        Field("segment", _("Segment"), "text", "customer__segment"),
        Field("contact", _("Contact"), "choice", "contact__public_id"),
        Field("lead", _("Lead"), "choice", "lead__public_id", _people(member, people)),
        Field("received", _("Received"), "date", "received_at__date"),
    )


def customer_language(member: Member) -> Language:
    return Language.of(
        member.workspace,
        Field("q", _("Name or domain"), "search", "name", search=_by_name),
        Field("kind", _("Kind"), "choice", "kind", lambda: CustomerKind.choices),
        Field("name", _("Name"), "text", "name"),
        Field("domain", _("Domain"), "text", "domain"),
        Field("plan", _("Plan"), "text", "plan"),
        Field("segment", _("Segment"), "text", "segment"),
        Field("revenue", _("Annual revenue"), "number", "annual_revenue"),
    )


def contact_language(member: Member) -> Language:
    return Language.of(
        member.workspace,
        Field("q", _("Name or e-mail"), "search", "name", search=_by_name_or_address),
        Field("customer", _("Customer"), "choice", "customer__public_id"),
        Field("email", _("E-mail"), "text", "email"),
        Field("role", _("Role"), "text", "role"),
    )


def insight_language(member: Member) -> Language:
    return Language.of(
        member.workspace,
        Field("conversation", _("Conversation"), "choice", "conversation__public_id"),
        Field("problem", _("Problem"), "choice", "problem__public_id"),
        Field("importance", _("Importance"), "choice", "importance", lambda: _numbers(Importance)),
        Field("passage", _("Passage"), "text", "passage"),
        _product(member),
    )


def idea_language(member: Member) -> Language:
    return Language.of(
        member.workspace,
        Field("q", _("Text"), "search", "search", search=matching),
        Field("title", _("Title"), "text", "title"),
        _product(member),
        Field("status", _("Public status"), "choice", "public_status"),
        Field("declined", _("Declined"), "date", "declined_at__date"),
        Field("created", _("Posted"), "date", "created_at__date"),
    )


def contract_language(member: Member) -> Language:
    return Language.of(
        member.workspace,
        Field("customer", _("Customer"), "choice", "customer__public_id"),
        _product(member),
        Field("revenue", _("Annual revenue"), "number", "annual_revenue"),
        Field("start", _("Contract from"), "date", "starts_on"),
        Field("end", _("Contract until"), "date", "ends_on"),
    )


def vote_language(member: Member) -> Language:
    return Language.of(
        member.workspace,
        Field("idea", _("Idea"), "choice", "idea__public_id"),
        Field("contact", _("Contact"), "choice", "contact__public_id"),
        Field("importance", _("Importance"), "choice", "importance", lambda: _numbers(Importance)),
        Field("cast", _("Cast"), "date", "cast_at__date"),
    )


def filter_form(language: Language, query: QueryDict, carry: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the filter menu of a list shows: searching and choosing; `carry` names what else stays in the address.

    The options are drawn here: there are dozens, in a menu that is seldom opened.
    """
    shown = [
        {
            "name": field.name,
            "label": field.label,
            "value": query.get(field.name, ""),
            "options": pieces.options(field.values(), query.get(field.name, "")) if field.values else "",
        }
        for field in language.fields.values()
        if field.kind == "search" or field.values
    ]
    kept = query.copy()
    for name in [*language.fields, "after"]:
        kept.pop(name, None)
    active = sum(1 for one in shown if one["value"])
    return {
        "filters": shown,
        "active": active,
        "clear": f"?{kept.urlencode()}" if active else "",
        "carried": [{"name": name, "value": query[name]} for name in carry if query.get(name)],
    }


def _product(member: Member) -> Field:
    def products() -> Iterable[tuple[str, Any]]:
        return ((product.key, product.name) for product in seen_products(member))

    return Field("product", _("Product"), "choice", "product__key", products)


def _people(member: Member, people: Later | None) -> Any:
    def named() -> Iterable[tuple[str, Any]]:
        rows = people() if people else PEOPLE.rows(member)
        return ((public_id, name or email) for public_id, name, email in rows)

    return named


def _members(member: Member) -> QuerySet[Member]:
    return Member.objects.current().visible_to(member).values_list("public_id", "user__name", "user__email")


PEOPLE = Prepared(_members)


def _numbers(choices: Any) -> Iterable[tuple[str, Any]]:
    return ((str(number), label) for number, label in choices.choices)


def _by_name(text: str) -> Q:
    return Q(name__icontains=text) | Q(domain__icontains=text)


def _by_name_or_address(text: str) -> Q:
    return Q(name__icontains=text) | Q(email__icontains=text)
