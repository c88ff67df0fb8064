"""The inbox: conversations on the left, one of them open, what it is evidence for on the right."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import member_required
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from feedback.demand import Demand, demand_of_seen
from feedback.evidence_cards import Evidence, EvidenceCards, as_targets, draw_suggestions, draw_targets, draw_text
from feedback.evidence_cards import as_rows as evidence_rows
from feedback.filters import conversation_language, filter_form
from feedback.inbox_rows import InboxRows, as_rows
from feedback.models import Conversation, Customer, Importance, Insight, State
from feedback.passages import paragraphs
from feedback.wording import likeness, worded
from listing.filters import Language
from listing.pages import Page, PreparedPages, Sort, page_of
from products.models import Product
from products.models.product import ProductRole
from roadmap.models import Item
from ui.counts import Numbers
from ui.pages import render_page

TABS = {"": _("To triage"), "mine": _("Mine"), "linked": _("Linked"), "done": _("Done")}
COUNTED = ("", "mine", "linked")
SORTS = {"newest": [Sort("received_at", descending=True), Sort("pk", descending=True)],
         "oldest": [Sort("received_at"), Sort("pk")]}  # fmt: skip
SUGGESTED = 3
OF_CUSTOMERS = ("workspace", "public_id", "name", "segment", "annual_revenue")
#: What is shown of a conversation that is open, and of those around it.
SHOWN = (
    *("workspace", "public_id", "change_id", "source", "subject", "text", "received_at", "state"),
    *("product__key", "product__name", "product__stage", "product__workspace"),
    *(f"customer__{name}" for name in OF_CUSTOMERS),
    *("contact__public_id", "contact__name", "contact__role", "contact__email"),
    *(f"contact__customer__{name}" for name in OF_CUSTOMERS),
    *("lead__user__name", "lead__user__email", "added_by__user__name", "added_by__user__email"),
)


@member_required()
def inbox(request: HttpRequest) -> HttpResponse:
    """The conversations of a tab, filtered; the first of them is open where there is room."""
    context = conversation_list(request)
    rows = context["page"].rows
    if request.htmx and request.GET.get("after"):
        return render_page(request, "feedback/inbox/_rows.html", _with_rows(request, context))
    first = opened(request.member, rows[0].public_id) if rows else None
    shown = open_conversation(request, first) if first else {}
    return render_page(request, "feedback/inbox/inbox.html", _with_rows(request, {**context, **shown}))


@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One conversation beside the list; alone for htmx and on phones."""
    conversation = opened(request.member, public_id)
    if conversation is None:
        raise Http404
    return conversation_page(request, conversation)


def conversation_page(request: HttpRequest, conversation: Conversation, status: int = 200, **more: Any) -> HttpResponse:
    context = {**open_conversation(request, conversation), "chosen": True, **more}
    if not request.htmx or request.htmx.boosted or request.htmx.history_restore_request:
        context = _with_rows(request, {**context, **conversation_list(request)})
    return render_page(request, "feedback/inbox/show.html", context, status=status)


def conversation_list(request: HttpRequest) -> dict[str, Any]:
    member = request.member
    language = conversation_language(member)
    expression = language.from_query(request.GET)
    tab, refusal = request.GET.get("tab", ""), ""
    tab = tab if tab in TABS else ""
    sorts = SORTS.get(request.GET.get("sort", ""), SORTS["newest"])
    try:
        page = _page(member, tab, expression, language, sorts, request.GET.get("after", ""))
    except Refused as refused:
        refusal, page = str(refused), Page([], "")
    return {
        "page": page,
        "tab": tab,
        "tabs": _tabs(request),
        "conditions": expression["all"],
        "refusal": refusal,
        **filter_form(language, request.GET, carry=("tab", "sort")),
        "oldest_first": request.GET.get("sort") == "oldest",
        "keep": _kept(request.GET),
        "may_add": may_add(request),
    }


def _page(
    member: Member, tab: str, expression: dict[str, Any], language: Language, sorts: list[Sort], after: str
) -> Page[Any]:
    if not expression["all"]:
        return PAGES.page(member, sorts=sorts, after=after, variant=(tab,))
    rows = as_rows(_of_tab(member, tab).filter(language.compile(expression)))
    return page_of(rows, sorts, after)


def _with_rows(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The context with the rows drawn: the last thing, as it says which of them is open."""
    conversation = context.get("conversation")
    drawing = InboxRows(
        request.workspace.slug,
        currency=request.workspace.currency,
        today=request.workspace.today(),
        keep=context["keep"],
        opened=conversation.pk if conversation else None,
    )
    return {**context, "rows": drawing.draw(context["page"].rows)}


def may_add(request: HttpRequest) -> bool:
    """Contributors add feedback; so does who contributes to one product alone."""
    member = request.member
    return member.may(Role.CONTRIBUTOR) or Product.objects.changeable_by(member, Role.CONTRIBUTOR).exists()


def _kept(query: QueryDict) -> str:
    """The query string that keeps tab, sort and filters while another conversation is opened."""
    kept = query.copy()
    for name in ("after", "q_target", "passage"):
        kept.pop(name, None)
    return kept.urlencode()


def _of_tab(member: Member, tab: str) -> Any:
    rows = Conversation.objects.visible_to(member)
    if tab == "mine":
        return rows.new().filter(lead=member)
    if tab == "linked":
        return rows.filter(Exists(Insight.objects.visible_to(member).filter(conversation=OuterRef("pk"))))
    if tab == "done":
        return rows.filter(state=State.DONE)
    return rows.new()


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """What is done is not counted, as nobody has to do anything about it."""
    numbers = Numbers.of(request)
    counts = {tab: numbers.later(*OF_TAB.statement(request.member, variant=(tab,))) for tab in COUNTED}
    return [{"name": name, "label": label, "count": counts.get(name)} for name, label in TABS.items()]


def _opened(member: Member, public_id: str) -> Any:
    """Each with the role that its product gives to the member, for which another statement would be needed."""
    rows = Conversation.objects.visible_to(member).filter(public_id=public_id)
    given = ProductRole.objects.filter(product=OuterRef("product"), member=member).values("role")
    rows = rows.annotate(own_role=Subquery(given[:1])).only(*SHOWN)
    return rows.select_related("customer", "contact__customer", "product", "lead__user", "added_by__user")


def opened(member: Member, public_id: str) -> Conversation | None:
    """The conversation with this id, if the member sees it."""
    conversation = OPENED.first(member, public_id)
    if conversation is not None and conversation.product is not None:
        conversation.product.own_role = conversation.own_role
    found: Conversation | None = conversation
    return found


def _linked(member: Member, conversation: Conversation) -> Any:
    rows = Insight.objects.visible_to(member).filter(conversation=conversation)
    return evidence_rows(rows).order_by("item_id", "problem_id", "starts", "pk")


def _of_customer(member: Member, customer: Customer) -> Any:
    own = Q(customer=customer) | Q(customer=None, contact__customer=customer)
    return Conversation.objects.visible_to(member).filter(own).values("pk")


def _worded(member: Member, query: str, product: int, within: bool, limit: int) -> Any:
    items = Item.objects.visible_to(member)
    return as_targets(worded(items.filter(product=product) if within else items, query))[:limit]


PAGES = PreparedPages(Conversation, lambda member, tab: as_rows(_of_tab(member, tab)))
OF_TAB = Prepared(lambda member, tab: _of_tab(member, tab).order_by().values("pk"))
OPENED, LINKED, OF_CUSTOMER, WORDED = Prepared(_opened), Prepared(_linked), Prepared(_of_customer), Prepared(_worded)


def open_conversation(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    evidence = _evidence(request, conversation)
    marks = [
        (one.starts, one.ends, group.number)
        for group in evidence
        for one in group.insights
        if one.starts is not None and one.ends is not None
    ]
    may_edit = request.member.may(Role.CONTRIBUTOR, at=conversation.product)
    workspace = request.workspace
    cards = EvidenceCards(workspace.slug, workspace.currency, get_token(request) if may_edit else "")
    suggestions = _suggestions(request, conversation, evidence) if may_edit else []
    link = reverse("feedback:conversation_link", args=[workspace.slug, conversation.public_id])
    return {
        "conversation": conversation,
        "voice": conversation.voice,
        "said": _said(request, conversation.voice),
        "text": draw_text(paragraphs(conversation.text, marks)),
        "targets": len(evidence),
        "evidence": cards.draw(evidence),
        "suggestions": suggestions,
        "suggested": draw_suggestions(suggestions, link),
        "items": draw_targets(suggestions),
        "may_edit": may_edit,
        "importances": Importance.choices[1:],
    }


def _evidence(request: HttpRequest, conversation: Conversation) -> list[Evidence]:
    insights = LINKED.rows(request.member, conversation)
    demand = demand_of_seen(list({one.item for one in insights if one.item is not None}))
    groups = [list(group) for _key, group in groupby(insights, key=lambda one: (one.item, one.problem))]
    groups.sort(key=lambda group: (group[0].starts is None, group[0].starts, group[0].pk))
    return [
        Evidence(number, group, None if (item := group[0].item) is None else demand.get(item, Demand()))
        for number, group in enumerate(groups, start=1)
    ]


def _suggestions(request: HttpRequest, conversation: Conversation, evidence: list[Evidence]) -> list[Any]:
    """Items whose wording is close to the conversation's, without those that are linked already."""
    linked = {group.insights[0].item for group in evidence} - {None}
    query = likeness(f"{conversation.subject} {conversation.text}")
    if not query:
        return []
    product, limit = conversation.product_id, SUGGESTED + len(linked)
    found = WORDED.rows(request.member, query, product or 0, variant=(product is not None, limit))
    return [item for item in found if item.pk not in linked][:SUGGESTED]


def _said(request: HttpRequest, customer: Customer | None) -> Callable[[], int] | None:
    """How many conversations of this customer the member sees, where it is drawn."""
    if customer is None:
        return None
    return Numbers.of(request).later(*OF_CUSTOMER.statement(request.member, customer))
