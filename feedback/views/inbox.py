"""The inbox: conversations on the left, one of them open, what it is evidence for on the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.access import member_required
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from feedback.evidence_cards import EvidenceCards, draw_suggestions, draw_targets, draw_text
from feedback.filters import conversation_language, filter_form
from feedback.inbox_rows import InboxRows, as_rows
from feedback.models import Conversation, Customer, Importance, Insight, State
from feedback.opening import Opening
from feedback.passages import paragraphs
from listing.pages import Page, PreparedPages, Sort, page_of
from products.models import Product
from ui.counts import Numbers
from ui.pages import render_page, wants_fragment

TABS = {"": _("To triage"), "mine": _("Mine"), "linked": _("Linked"), "done": _("Done")}
COUNTED = ("", "mine", "linked")
SORTS = {"newest": [Sort("received_at", descending=True), Sort("pk", descending=True)],
         "oldest": [Sort("received_at"), Sort("pk")]}  # fmt: skip


@member_required()
def inbox(request: HttpRequest) -> HttpResponse:
    """The conversations of a tab, filtered; the first of them is open where there is room."""
    context = conversation_list(request, Together())
    rows = context["page"].rows
    if request.htmx and request.GET.get("after"):
        return render_page(request, "feedback/inbox/_rows.html", _with_rows(request, context))
    if rows:
        context |= open_conversation(request, Opening(request.member, rows[0].public_id, Together()))
    return render_page(request, "feedback/inbox/inbox.html", _with_rows(request, context))


@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One conversation beside the list; alone for htmx and on phones."""
    together = Together()
    return _shown(request, Opening(request.member, public_id, together), together, 200)


def conversation_page(request: HttpRequest, conversation: Conversation, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a conversation that was fetched within the member's reach."""
    together = Together()
    opening = Opening(request.member, conversation.public_id, together, known=conversation)
    return _shown(request, opening, together, status, **more)


def _shown(request: HttpRequest, opening: Opening, together: Together, status: int, **more: Any) -> HttpResponse:
    around = {} if wants_fragment(request) else conversation_list(request, together)
    if opening.conversation is None:
        raise Http404
    context = {**open_conversation(request, opening), "chosen": True, **more}
    if around:
        context = _with_rows(request, {**context, **around})
    return render_page(request, "feedback/inbox/show.html", context, status=status)


def conversation_list(request: HttpRequest, together: Together) -> dict[str, Any]:
    member = request.member
    language = conversation_language(member)
    expression = language.from_query(request.GET)
    tab, refusal = request.GET.get("tab", ""), ""
    tab = tab if tab in TABS else ""
    sorts = SORTS.get(request.GET.get("sort", ""), SORTS["newest"])
    after = request.GET.get("after", "")
    try:
        if expression["all"]:
            page = page_of(as_rows(_of_tab(member, tab).filter(language.compile(expression))), sorts, after)
        else:
            page = PAGES.later(together, member, sorts=sorts, after=after, variant=(tab,))()
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


def _of_customer(member: Member, customer: Customer) -> Any:
    own = Q(customer=customer) | Q(customer=None, contact__customer=customer)
    return Conversation.objects.visible_to(member).filter(own).values("pk")


PAGES = PreparedPages(Conversation, lambda member, tab: as_rows(_of_tab(member, tab)))
OF_TAB = Prepared(lambda member, tab: _of_tab(member, tab).order_by().values("pk"))
OF_CUSTOMER = Prepared(_of_customer)


def open_conversation(request: HttpRequest, opening: Opening) -> dict[str, Any]:
    """What is shown of it; nothing where it is gone meanwhile."""
    conversation = opening.conversation
    if conversation is None:
        return {}
    may_edit = request.member.may(Role.CONTRIBUTOR, at=conversation.product)
    evidence, suggestions = opening.evidence(suggest=may_edit)
    marks = [
        (one.starts, one.ends, group.number)
        for group in evidence
        for one in group.insights
        if one.starts is not None and one.ends is not None
    ]
    workspace = request.workspace
    cards = EvidenceCards(workspace.slug, workspace.currency, get_token(request) if may_edit else "")
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


def _said(request: HttpRequest, customer: Customer | None) -> Callable[[], int] | None:
    """How many conversations of this customer the member sees, where it is drawn."""
    if customer is None:
        return None
    return Numbers.of(request).later(*OF_CUSTOMER.statement(request.member, customer))
