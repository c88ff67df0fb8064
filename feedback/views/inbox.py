"""The inbox: conversations on the left, one of them open, what it is evidence for on the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse

from accounts.access import member_required
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from feedback.evidence_cards import EvidenceCards, draw_suggestions, draw_targets, draw_text
from feedback.filters import PEOPLE, conversation_language, filter_form
from feedback.inbox_rows import InboxRows, as_rows
from feedback.models import Conversation, Customer, Importance
from feedback.opening import Opening
from feedback.passages import paragraphs
from feedback.tabs import COUNTED, SORTS, TABS, of_tab
from listing.filters import Language
from listing.pages import Page, PreparedPages, page_of
from products.models import Product
from ui.counts import Numbers
from ui.pages import render_page, wants_fragment


@member_required()
def inbox(request: HttpRequest) -> HttpResponse:
    """The conversations of a tab, filtered; the first of them is open where there is room."""
    asked, together = Asked.of(request), Together.of_page(request)
    first = Opening.of_first(request.member, asked.tab, asked.sort, together) if asked.begins else None
    context = conversation_list(request, asked, together)
    rows = context["page"].rows
    if request.htmx and request.GET.get("after"):
        return render_page(request, "feedback/inbox/_rows.html", _with_rows(request, context))
    if first is None and rows:
        first = Opening.of(request.member, rows[0].public_id, Together())
    if first is not None:
        context |= open_conversation(request, first)
    return render_page(request, "feedback/inbox/inbox.html", _with_rows(request, context))


@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One conversation beside the list; alone for htmx and on phones."""
    asked, together = _asked_around(request), Together.of_page(request)
    return _shown(request, Opening.of(request.member, public_id, together), asked, together, 200)


def conversation_page(request: HttpRequest, conversation: Conversation, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a conversation that was fetched within the member's reach."""
    asked, together = _asked_around(request), Together.of_page(request)
    return _shown(request, Opening.of_known(request.member, conversation, together), asked, together, status, **more)


def _asked_around(request: HttpRequest) -> Asked | None:
    """The list beside a conversation; None where only the conversation is wanted."""
    return None if wants_fragment(request) else Asked.of(request)


def _shown(
    request: HttpRequest, opening: Opening, asked: Asked | None, together: Together, status: int, **more: Any
) -> HttpResponse:
    around = conversation_list(request, asked, together) if asked else {}
    if opening.conversation is None:
        raise Http404
    context = {**open_conversation(request, opening), "chosen": True, **more}
    if around:
        context = _with_rows(request, {**context, **around})
    return render_page(request, "feedback/inbox/show.html", context, status=status)


@dataclass(frozen=True)
class Asked:
    """Which conversations the address asks for."""

    language: Language
    expression: dict[str, Any]
    tab: str
    sort: str
    after: str
    tabs: list[dict[str, Any]]

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Before the page's Together, so that the numbers of the tabs come along with it."""
        language = conversation_language(request.member)
        tab, sort = request.GET.get("tab", ""), request.GET.get("sort", "")
        return cls(
            language,
            language.from_query(request.GET),
            tab if tab in TABS else "",
            sort if sort in SORTS else "newest",
            request.GET.get("after", ""),
            _tabs(request),
        )

    @property
    def begins(self) -> bool:
        """Whether it is a whole tab, from its first conversation on."""
        return not self.after and not self.expression["all"]

    def page(self, member: Member, together: Together) -> Page[Any]:
        """Raises Refused on a broken cursor."""
        sorts = SORTS[self.sort]
        if self.expression["all"]:
            rows = of_tab(member, self.tab).filter(self.language.compile(self.expression))
            return page_of(as_rows(rows), sorts, self.after)
        return PAGES.later(together, member, sorts=sorts, after=self.after, variant=(self.tab,))()


def conversation_list(request: HttpRequest, asked: Asked, together: Together) -> dict[str, Any]:
    """The rows, read together with what was asked before, and what stands around them."""
    refusal, page = "", Page([], "")
    people = together.ask(PEOPLE, request.member)
    try:
        page = asked.page(request.member, together)
    except Refused as refused:
        refusal = str(refused)
    language = conversation_language(request.member, people)
    return {
        "page": page,
        "tab": asked.tab,
        "tabs": asked.tabs,
        "conditions": asked.expression["all"],
        "refusal": refusal,
        **filter_form(language, request.GET, carry=("tab", "sort")),
        "oldest_first": asked.sort == "oldest",
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


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    """What is done is not counted, as nobody has to do anything about it."""
    numbers = Numbers.of(request)
    counts = {tab: numbers.later(*OF_TAB.statement(request.member, variant=(tab,))) for tab in COUNTED}
    return [{"name": name, "label": label, "count": counts.get(name)} for name, label in TABS.items()]


def _of_customer(member: Member, customer: Customer) -> Any:
    own = Q(customer=customer) | Q(customer=None, contact__customer=customer)
    return Conversation.objects.visible_to(member).filter(own).values("pk")


PAGES = PreparedPages(Conversation, lambda member, tab: as_rows(of_tab(member, tab)))
OF_TAB = Prepared(lambda member, tab: of_tab(member, tab).order_by().values("pk"))
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
        "said": _said(request, conversation),
        "text": draw_text(paragraphs(conversation.text, marks)),
        "targets": len(evidence),
        "evidence": cards.draw(evidence),
        "suggestions": suggestions,
        "suggested": draw_suggestions(suggestions, link),
        "items": draw_targets(suggestions),
        "may_edit": may_edit,
        "importances": Importance.choices[1:],
    }


def _said(request: HttpRequest, conversation: Any) -> int | Callable[[], int] | None:
    """How many conversations of its customer the member sees."""
    customer: Customer | None = conversation.voice
    if customer is None:
        return None
    if hasattr(conversation, "said"):
        return int(conversation.said)
    return Numbers.of(request).later(*OF_CUSTOMER.statement(request.member, customer))
