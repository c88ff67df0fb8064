"""What feedback shows on pages to its left: the demand on items as figures, facts of rows, and a panel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache, partial
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, Q, QuerySet
from django.utils.translation import get_language, gettext_lazy, ngettext

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from feedback.demand import (
    BESIDE,
    Asking,
    Demand,
    asking_later,
    demand_by,
    demand_later,
    demand_of_groups,
    demand_of_items,
    demand_of_seen,
    in_order_of_demand,
)
from feedback.models import Idea, Insight
from listing import figures, panels
from listing.figures import Figure
from products.models import Problem, Product
from roadmap.backlog import table
from roadmap.models import Item
from ui import formats
from ui.templatetags.addresses import address_of
from ui.words import gettext as _

CARDS = 8
NO_DEMAND = Demand()
BARS = 6


def register() -> None:
    figures.register("demand", label=gettext_lazy("Demand"), of="item", unit=gettext_lazy("customers"), compute=counts)
    figures.register(
        "demand_revenue", label=gettext_lazy("Revenue asking"), of="item", unit=gettext_lazy("a year"), compute=revenues
    )
    figures.register("votes", label=gettext_lazy("Votes"), of="item", unit=gettext_lazy("votes"), compute=votes)
    table.add(
        table.Column(
            "demand",
            gettext_lazy("Asked by"),
            css="lo num",
            provide=asked_by,
            beside=BESIDE,
            worded=asked_by_of,
            sort="demand",
            order=in_order_of_demand,
            sums=asked_by_groups,
        )
    )
    label = gettext_lazy("Feedback")
    panels.register(
        "item", "feedback", order=20, label=label, template="feedback/_item_panel.html", provide=of_items, ask=of_item
    )
    panels.register(
        "problem", "feedback", order=20, label=label, template="feedback/_problem_panel.html", provide=of_problems
    )


def counts(ids: list[int], member: Member | None) -> dict[int, Figure]:
    return {item: Figure(one.customers, one.period, one.population) for item, one in _demand(ids, member).items()}


def revenues(ids: list[int], member: Member | None) -> dict[int, Figure]:
    return {item: Figure(one.revenue, one.period, one.population) for item, one in _demand(ids, member).items()}


def _demand(ids: list[int], member: Member | None) -> dict[int, Demand]:
    """Scores read it with no member: an item's demand is the same for all who see the item."""
    if member is not None:
        return demand_of_items(ids, member)
    found = demand_of_seen(ids)
    return {item: found.get(item, NO_DEMAND) for item in ids}


def votes(ids: list[int], member: Member | None) -> dict[int, Figure]:
    """How many people voted for the ideas linked to each item. One statement."""
    seen = Item.objects.filter(pk__in=ids) if member is None else Item.objects.visible_to(member).filter(pk__in=ids)
    cast = Q(ideas__deleted_at=None, ideas__merged_into=None)
    rows = seen.order_by().values_list("pk").annotate(size=Count("ideas__votes", filter=cast))
    period, population = _("all time"), _("people who voted for its ideas, one vote each")
    return {item: Figure(size, period, population) for item, size in rows}


def asked_by(ids: list[int], member: Member, together: Together) -> Callable[[], dict[int, str]]:
    """“12 · €940k” for items that were read as `member` sees them; those that nobody asks for are left out."""
    later, currency = demand_later(ids, together), member.workspace.currency
    language = get_language()
    return lambda: {item: _in_words(demand, currency, language) for item, demand in later().items()}


def asked_by_of(found: Mapping[int, Any], member: Member) -> dict[int, str]:
    """The same of what was read with the items."""
    currency, language = member.workspace.currency, get_language()
    return {
        item: _in_words(Demand(customers, Decimal(revenue), Decimal(largest)), currency, language)
        for item, (customers, revenue, largest) in found.items()
    }


def asked_by_groups(rows: Any, path: str, member: Member) -> dict[Any, str]:
    """The same for groups of rows: each customer counts once in a group."""
    currency = member.workspace.currency
    return {value: _text(demand, currency) for value, demand in demand_of_groups(rows, path).items()}


def of_items(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """`text` for a column (“12 · €940k”) and the demand."""
    found = demand_of_seen(ids)
    currency = member.workspace.currency
    demands = {item: found.get(item, NO_DEMAND) for item in ids}
    return {item: {"demand": demand, "text": _text(demand, currency)} for item, demand in demands.items()}


def of_item(together: Together, item: int, member: Member) -> Callable[[], dict[str, Any]]:
    """For the page of an item that it has read as `member` sees it: the demand, who makes it up, and what they said.

    `made_of` is all that these are made of: what is drawn of them is kept under it.
    """
    asked, asking_of_it = asking_later(item, together)
    ideas = together.ask(IDEAS, member, item)
    passages = together.ask(PASSAGES, member, item)

    def context() -> dict[str, Any]:
        workspace, demand = member.workspace, demand_by(asking_of_it())
        more = Insight.objects.of_seen_item(item).count() - CARDS if len(passages()) > CARDS else 0

        @cache
        def evidence() -> ItemEvidence:
            return ItemEvidence(
                asking_of_it(), _cards(passages(), member), more, _linked(ideas(), member), _bars(asking_of_it())
            )

        return {
            "demand": demand,
            "evidence": evidence,
            "made_of": (
                *(asked.text, ideas.text, passages.text, more),
                *(workspace.slug, workspace.currency, workspace.today(), member.zone.key),
            ),
            "step": partial(_step, demand, workspace.currency),
        }

    return context


def _linked(ideas: list[Any], member: Member) -> list[LinkedIdea]:
    slug = member.workspace.slug
    return [LinkedIdea(address_of("feedback:idea", slug, idea), title, votes) for idea, title, votes in ideas]


def _step(demand: Demand, currency: str) -> tuple[str, str] | None:
    """What the red thread says of an item's signal; None while nobody asks for it."""
    if not demand.customers:
        return None
    title = ngettext("%(n)s customer", "%(n)s customers", demand.customers) % {"n": formats.number(demand.customers)}
    return title, _("%(revenue)s a year") % {"revenue": formats.money(demand.revenue, currency, short=True)}


@lru_cache(maxsize=4096)
def _in_words(demand: Demand, currency: str, language: str | None) -> str:
    return _text(demand, currency)


def _text(demand: Demand, currency: str) -> str:
    if not demand.customers:
        return ""
    return _("%(customers)s · %(revenue)s") % {
        "customers": formats.number(demand.customers),
        "revenue": formats.money(demand.revenue, currency, short=True),
    }


@dataclass
class Bar:
    """A customer's part of the revenue, drawn; `weight` is a number for the stylesheet."""

    name: str
    revenue: Decimal
    weight: str
    percent: int
    shade: float


@dataclass(frozen=True)
class Card:
    """A passage of a conversation: what was said, by whom and when, and where."""

    passage: str
    importance: int
    who: str
    contact_name: str
    said_at: datetime
    url: str


@dataclass(frozen=True)
class LinkedIdea:
    """An idea of the portal that asks for an item."""

    url: str
    title: str
    vote_count: int


@dataclass
class ItemEvidence:
    asking: list[Asking]
    insights: list[Card]
    more: int
    ideas: list[LinkedIdea]
    bars: list[Bar]


IDEAS = Prepared(
    lambda member, item: (
        Idea.objects.visible_to(member)
        .canonical()
        .filter(item=item)
        .with_votes()
        .order_by("-vote_count")
        .values_list("public_id", "title", "vote_count")[:5]
    )
)
PASSAGES = Prepared(lambda member, item: _passages(member, Insight.objects.of_seen_item(item)))
PASSAGES_OF_PROBLEM = Prepared(
    lambda member, problem: _passages(member, Insight.objects.visible_to(member).filter(problem=problem))
)


def _passages(member: Member, insights: QuerySet[Insight]) -> QuerySet[Insight]:
    """The newest of these, which the member sees, with who said them and whether the member sees the conversation they are from, too."""
    seen = Q(conversation__product=None) | Product.objects.seen_through(member, "conversation__product")
    told = insights.annotate(conversation_is_visible=ExpressionWrapper(seen, BooleanField())).values_list(
        "passage", "importance", "conversation__public_id", "conversation__received_at", "conversation_is_visible",
        "conversation__customer__name", "conversation__contact__name", "conversation__contact__email",
        "conversation__contact__customer__name",
    )  # fmt: skip
    return told.order_by("-conversation__received_at", "-pk")[: CARDS + 1]


def of_problems(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """Who has the problem, in their words."""
    visible = Problem.objects.visible_to(member).filter(pk__in=ids).values_list("pk", flat=True)
    return {problem: {"evidence": partial(evidence_of_problem, problem, member)} for problem in visible}


def evidence_of_problem(problem: int, member: Member) -> dict[str, Any]:
    cards = PASSAGES_OF_PROBLEM.rows(member, problem)
    more = Insight.objects.visible_to(member).filter(problem=problem).count() - CARDS if len(cards) > CARDS else 0
    return {"insights": _cards(cards, member), "more": more}


def _cards(passages: list[Any], member: Member) -> list[Card]:
    """With who said them; a link and the person's name only of conversations that the member sees."""
    cards = []
    for passage, importance, talk, at, reachable, customer, name, email, contacts_customer in passages[:CARDS]:
        url = address_of("feedback:conversation", member.workspace.slug, talk) if reachable else ""
        who = customer or contacts_customer or _("No customer")
        cards.append(Card(passage, importance, who, (name or email or "") if reachable else "", at, url))
    return cards


def _bars(asking: list[Asking]) -> list[Bar]:
    """The largest customers one by one, the others together."""
    paying = [one for one in asking if one.revenue]
    total = sum(one.revenue for one in paying)
    parts = [(one.name, one.revenue) for one in paying[: BARS - 1]]
    rest = sum((one.revenue for one in paying[BARS - 1 :]), Decimal(0))
    if rest:
        parts.append((_("others"), rest))
    return [
        Bar(name, revenue, f"{revenue / total * 1000:.0f}", round(revenue / total * 100), max(0.16, 1 - place * 0.17))
        for place, (name, revenue) in enumerate(parts)
    ]
