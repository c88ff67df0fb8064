"""The inbox: conversations on the left, one of them open, what it is evidence for on the right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from feedback.demand import Demand, demand_of_items
from feedback.filters import conversation_language, filter_form
from feedback.models import Conversation, Customer, Importance, Insight, State
from feedback.passages import paragraphs
from feedback.wording import alike
from listing.pages import Page, Sort, page_of
from products.models import Product
from roadmap.models import Item
from ui import formats
from ui.pages import render_page

TABS = {"": _("To triage"), "mine": _("Mine"), "linked": _("Linked"), "done": _("Done")}
SORTS = {"newest": [Sort("received_at", descending=True), Sort("pk", descending=True)],
         "oldest": [Sort("received_at"), Sort("pk")]}  # fmt: skip
SUGGESTED = 3


@member_required()
def inbox(request: HttpRequest) -> HttpResponse:
    """The conversations of a tab, filtered; the first of them is open where there is room."""
    context = conversation_list(request)
    rows = context["page"].rows
    if request.htmx and request.GET.get("after"):
        return render_page(request, "feedback/inbox/_rows.html", context)
    first = _conversations(request).filter(pk=rows[0].pk).first() if rows else None
    return render_page(
        request, "feedback/inbox/inbox.html", {**context, **(open_conversation(request, first) if first else {})}
    )


@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One conversation beside the list; alone for htmx and on phones."""
    conversation = get_object_or_404(_conversations(request), public_id=public_id)
    return conversation_page(request, conversation)


def conversation_page(request: HttpRequest, conversation: Conversation, status: int = 200, **more: Any) -> HttpResponse:
    context = {**open_conversation(request, conversation), "chosen": True, **more}
    if not request.htmx or request.htmx.boosted or request.htmx.history_restore_request:
        context.update(conversation_list(request))
    return render_page(request, "feedback/inbox/show.html", context, status=status)


def conversation_list(request: HttpRequest) -> dict[str, Any]:
    member = request.member
    visible = Conversation.objects.visible_to(member)
    language = conversation_language(member)
    expression = language.from_query(request.GET)
    tab = request.GET.get("tab", "")
    rows, refusal = _of_tab(visible, tab, request).for_rows(), ""
    try:
        rows = rows.filter(language.compile(expression))
        sorts = SORTS.get(request.GET.get("sort", ""), SORTS["newest"])
        page: Page[Conversation] = page_of(rows, sorts, request.GET.get("after", ""))
    except Refused as refused:
        refusal, page = str(refused), Page([], "")
    for row in page.rows:
        row.when = short_time(row.received_at, request.workspace.today())  # type: ignore[attr-defined]
    return {
        "page": page,
        "tab": tab if tab in TABS else "",
        "tabs": _tabs(visible, request),
        "conditions": expression["all"],
        "refusal": refusal,
        **filter_form(language, request.GET, carry=("tab", "sort")),
        "oldest_first": request.GET.get("sort") == "oldest",
        "keep": _kept(request.GET),
        "may_add": may_add(request),
    }


def short_time(instant: datetime, today: date) -> str:
    """`14:02` today, `Wed` within a week, else the day."""
    local = timezone.localtime(instant)
    if local.date() == today:
        return date_format(local, "H:i")
    if timedelta(0) < today - local.date() < timedelta(days=7):
        return date_format(local, "D")
    return formats.day(local, today)


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


def _of_tab(rows: Any, tab: str, request: HttpRequest) -> Any:
    if tab == "mine":
        return rows.new().filter(lead=request.member)
    if tab == "linked":
        return rows.filter(_linked(request))
    if tab == "done":
        return rows.filter(state=State.DONE)
    return rows.new()


def _linked(request: HttpRequest) -> Exists:
    return Exists(Insight.objects.visible_to(request.member).filter(conversation=OuterRef("pk")))


def _tabs(visible: Any, request: HttpRequest) -> list[dict[str, Any]]:
    """All counts in one statement; what is done is not counted, as nobody has to do anything about it."""
    counts = visible.annotate(is_linked=_linked(request)).aggregate(
        new=Count("pk", filter=Q(state=State.NEW)),
        mine=Count("pk", filter=Q(state=State.NEW, lead=request.member)),
        linked=Count("pk", filter=Q(is_linked=True)),
    )
    counts = {"": counts["new"], "mine": counts["mine"], "linked": counts["linked"]}
    return [{"name": name, "label": label, "count": counts.get(name)} for name, label in TABS.items()]


def _conversations(request: HttpRequest) -> Any:
    rows = Conversation.objects.visible_to(request.member).for_rows()
    return rows.select_related("customer", "contact__customer", "product", "lead__user", "added_by__user")


@dataclass
class Evidence:
    """The insights of a conversation for one target, under one number."""

    number: int
    target: Any
    is_item: bool
    insights: list[Insight]
    demand: Demand | None

    @property
    def importance(self) -> Importance:
        """How much it matters to them, as judged last."""
        return Importance(max(self.insights, key=lambda one: one.change_id).importance)


def open_conversation(request: HttpRequest, conversation: Conversation) -> dict[str, Any]:
    evidence = _evidence(request, conversation)
    marks = [
        (one.starts, one.ends, group.number)
        for group in evidence
        for one in group.insights
        if one.starts is not None and one.ends is not None
    ]
    may_edit = request.member.may(Role.CONTRIBUTOR, at=conversation.product)
    return {
        "conversation": conversation,
        "voice": conversation.voice,
        "said": _said(request, conversation.voice),
        "paragraphs": paragraphs(conversation.text, marks),
        "evidence": evidence,
        "suggestions": _suggestions(request, conversation, evidence) if may_edit else [],
        "may_edit": may_edit,
        "importances": Importance.choices[1:],
    }


def _evidence(request: HttpRequest, conversation: Conversation) -> list[Evidence]:
    insights = list(
        Insight.objects.visible_to(request.member)
        .filter(conversation=conversation)
        .select_related("item__product", "item__status", "problem__product")
        .order_by("item_id", "problem_id", "starts", "pk")
    )
    demand = demand_of_items([one.item_id for one in insights if one.item_id], request.member)
    groups = [list(group) for _key, group in groupby(insights, key=lambda one: (one.item_id, one.problem_id))]
    groups.sort(key=lambda group: (group[0].starts is None, group[0].starts, group[0].pk))
    return [
        Evidence(number, group[0].target, group[0].item_id is not None, group, demand.get(group[0].item_id))
        for number, group in enumerate(groups, start=1)
    ]


def _suggestions(request: HttpRequest, conversation: Conversation, evidence: list[Evidence]) -> list[Item]:
    """Items whose wording is close to the conversation's, without those that are linked already."""
    linked = [group.target.pk for group in evidence if group.is_item]
    items = Item.objects.visible_to(request.member).exclude(pk__in=linked).select_related("product", "status")
    if conversation.product is not None:
        items = items.filter(product=conversation.product)
    return list(alike(items.defer("search", "description"), f"{conversation.subject} {conversation.text}")[:SUGGESTED])


def _said(request: HttpRequest, customer: Customer | None) -> int:
    """How many conversations of this customer the member sees."""
    if customer is None:
        return 0
    own = Q(customer=customer) | Q(customer=None, contact__customer=customer)
    return Conversation.objects.visible_to(request.member).filter(own).count()
