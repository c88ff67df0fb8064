"""The members' side of the portal: triage ideas, link them to items, merge them, answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, require
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.concurrency import Conflict
from feedback.demand import Demand, demand_later
from feedback.filters import filter_form, idea_language
from feedback.forms.ideas import DeclineForm, IdeaForm, MergeForm
from feedback.forms.parts import CHANGEABLE, completed
from feedback.forms.portal import VoteForm
from feedback.models import Idea, Importance, Portal, Vote
from feedback.models.idea import LOOKS, voters_of
from feedback.voter_rows import as_rows, draw_voters
from feedback.wording import likeness, worded
from listing.pages import Page, PreparedPages, Sort, page_of
from products.models import Product, ProductRole
from roadmap.models import Category, Item
from ui.counts import Numbers
from ui.pages import render_page

SORTS = {
    "top": [Sort("vote_count", descending=True), Sort("pk", descending=True)],
    "new": [Sort("pk", descending=True)],
}
TABS = {"": gettext_lazy("To triage"), "linked": gettext_lazy("Linked"), "declined": gettext_lazy("Declined")}
CONDITIONS = {
    "": Q(item=None, declined_at=None),
    "linked": Q(item__isnull=False, declined_at=None),
    "declined": Q(declined_at__isnull=False),
}
ALIKE = 5


@member_required()
def triage(request: HttpRequest) -> HttpResponse:
    """Canonical ideas that the member sees: those that wait for an answer first."""
    language, refusal = idea_language(request.member), ""
    expression = language.from_query(request.GET)
    tab = request.GET.get("tab", "")
    sort = request.GET.get("sort", "top") if request.GET.get("sort") in SORTS else "top"
    tab, after = tab if tab in TABS else "", request.GET.get("after", "")
    try:
        if expression["all"]:
            rows = _of_tab(request.member, tab).filter(language.compile(expression))
            page = page_of(rows.with_votes(), SORTS[sort], after)
        else:
            page = PAGES.page(request.member, sorts=SORTS[sort], after=after, variant=(tab, get_language()))
    except Refused as refused:
        refusal, page = str(refused), Page([], "")
    _dress(request, page.rows)
    more = request.htmx and request.GET.get("after")
    return render_page(
        request,
        "feedback/ideas/_rows.html" if more else "feedback/ideas/list.html",
        {
            "page": page,
            "portal": Portal.of(request.workspace),
            "tab": tab,
            "tabs": _tabs(request),
            "sort": sort,
            **filter_form(language, request.GET, carry=("tab", "sort")),
            "conditions": expression["all"],
            "refusal": refusal,
            "may_set_up": request.member.may(Role.ADMIN),
        },
    )


@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    return _page(request, _idea(request, public_id))


@require_POST
@member_required()
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    idea = _changeable(request, public_id)
    form = IdeaForm(request.POST, instance=idea)
    form.limit_choices(request.member)
    if not form.is_valid():
        return _page(request, idea, status=422, form=form)
    try:
        idea.edit(by=request.actor, seen=form.seen_version, **form.values)
    except Conflict as conflict:
        return _page(request, idea, status=409, form=form, conflict=conflict)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, idea, status=422, form=form)
    return _to(request, idea)


@require_POST
@member_required()
def vote(request: HttpRequest, public_id: str) -> HttpResponse:
    """A member's own vote, cast or (without an importance) taken back."""
    idea = _idea(request, public_id)
    require(request.member, Role.CONTRIBUTOR, at=idea.product)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _page(request, idea, status=422)
    try:
        if form.cleaned_data["importance"] == "":
            Vote.withdraw(idea, member=request.member, by=request.actor)
        else:
            Vote.cast(idea, form.cleaned_data["importance"], member=request.member, by=request.actor)
    except Refused as refusal:
        return _page(request, idea, status=422, refusal=str(refusal))
    return _to(request, idea)


@require_POST
@member_required()
def merge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Into another idea that the member may change too; its page shows what became of both."""
    idea = _changeable(request, public_id)
    form = MergeForm(request.POST, ideas=_ideas(request).canonical().exclude(pk=idea.pk))
    if not form.is_valid():
        return _page(request, idea, status=422, merge_form=form)
    other = form.cleaned_data["into"]
    require(request.member, Role.MANAGER, at=other.product)
    try:
        idea.merge_into(other, by=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, idea, status=422, merge_form=form)
    _say(request, _("Merged: %(title)s") % {"title": idea}, idea.change_id)
    return _to(request, other)


@require_POST
@member_required()
def decline(request: HttpRequest, public_id: str) -> HttpResponse:
    idea = _changeable(request, public_id)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, idea, status=422, decline_form=form)
    idea.decline(form.cleaned_data["answer"] or idea.answer, by=request.actor)
    return _to(request, idea)


@require_POST
@member_required()
def reconsider(request: HttpRequest, public_id: str) -> HttpResponse:
    idea = _changeable(request, public_id)
    idea.reconsider(by=request.actor)
    return _to(request, idea)


@require_POST
@member_required()
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    idea = _changeable(request, public_id)
    idea.delete_softly(by=request.actor)
    _say(request, _("Deleted: %(title)s") % {"title": idea}, idea.change_id)
    return redirect("feedback:ideas", request.workspace.slug)


# --- helpers


def _ideas(request: HttpRequest) -> Any:
    """With the public status as a manager sees it: of every item that this member sees."""
    return _seen(request.member)


def _seen(member: Member) -> Any:
    products = Product.objects.visible_to(member)
    rows = Idea.objects.visible_to(member).with_public_status(products)
    rows = rows.select_related("product", "item__product", "item__status", "merged_into", "contact__customer")
    return rows.defer("search", "item__search", "item__description", "merged_into__search")


def _one(member: Member, public_id: str, language: str) -> Any:
    """With what would be a statement each: the role that its product gives to the member, their vote, and whether there is more to ask for."""
    given = ProductRole.objects.filter(product=OuterRef("product"), member=member).values("role")
    mine = Vote.objects.filter(idea=OuterRef("pk"), member=member).values("importance")
    rows = _seen(member).with_votes().filter(public_id=public_id)
    return rows.annotate(
        own_role=Subquery(given[:1]),
        own_vote=Subquery(mine[:1]),
        item_is_seen=Exists(Item.objects.visible_to(member).filter(pk=OuterRef("item"))),
        has_merged=Exists(Idea.objects.visible_to(member).filter(merged_into=OuterRef("pk"))),
        portal_is_open=Exists(Portal.objects.public().filter(workspace=member.workspace_id)),
    )


def _worded(member: Member, idea: Idea, query: str) -> Any:
    others = Idea.objects.visible_to(member).canonical().exclude(pk=idea.pk).with_votes()
    return worded(others, query).values_list("public_id", "title", "vote_count", named=True)[:ALIKE]


# Those that tell statuses do so in the reader's language, so there is one statement for each.
PAGES = PreparedPages(Idea, lambda member, tab, language: _of_tab(member, tab).with_votes())
ONE, WORDED = Prepared(_one), Prepared(_worded)
OF_TAB = Prepared(
    lambda member, tab: Idea.objects.visible_to(member).canonical().filter(CONDITIONS[tab]).order_by().values("pk")
)
VOTERS = Prepared(lambda member, idea: as_rows(voters_of(idea, member))[:50])
MERGED = Prepared(lambda member, idea: Idea.objects.visible_to(member).filter(merged_into=idea).defer("search"))


def _idea(request: HttpRequest, public_id: str) -> Idea:
    found: Any = ONE.first(request.member, public_id, variant=(get_language(),))
    if found is None:
        raise Http404
    if found.product is not None:
        found.product.own_role = found.own_role
    idea: Idea = found
    return idea


def _changeable(request: HttpRequest, public_id: str) -> Idea:
    idea = _idea(request, public_id)
    require(request.member, Role.MANAGER, at=idea.product)
    return idea


def _of_tab(member: Member, tab: str) -> Any:
    return _seen(member).canonical().filter(CONDITIONS[tab])


def _tabs(request: HttpRequest) -> list[dict[str, Any]]:
    numbers = Numbers.of(request)
    counts = [numbers.later(*OF_TAB.statement(request.member, variant=(tab,))) for tab in TABS]
    tabs = zip(TABS.items(), counts, strict=True)
    return [{"name": name, "label": label, "count": count} for (name, label), count in tabs]


def _dress(request: HttpRequest, rows: list[Any]) -> None:
    """How the status looks, and the linked item where the member sees it: one statement for all rows."""
    linked = [row.item_id for row in rows if row.item_id]
    seen = set()
    if linked:
        seen = set(Item.objects.visible_to(request.member).filter(pk__in=linked).values_list("pk", flat=True))
    for row in rows:
        row.tone, row.picture = LOOKS[Category(row.public_category)]
        row.item_key = row.item.key if row.item_id in seen else ""
        args = [request.workspace.slug, row.item.product.key, row.item.number] if row.item_key else []
        row.item_url = reverse("roadmap:item", args=args) if args else ""


def _page(request: HttpRequest, idea: Any, status: int = 200, **more: Any) -> HttpResponse:
    member = request.member
    may_edit = member.may(Role.MANAGER, at=idea.product)
    item: Item | None = idea.item if idea.item_is_seen else None
    tone, picture = LOOKS[Category(idea.public_category)]
    likely = likeness(f"{idea.title} {idea.description}") if may_edit else ""
    together = Together.of_page(request)
    demand = demand_later([item.pk], together) if item else None
    voters = together.ask(VOTERS, member, idea)
    alike = together.ask(WORDED, member, idea, likely) if likely else list
    merged = together.ask(MERGED, member, idea) if idea.has_merged else list
    changeable = together.ask(CHANGEABLE, member, variant=(Role.MANAGER,)) if may_edit else list
    context = {
        "idea": idea,
        "tone": tone,
        "picture": picture,
        "item": item,
        "demand": demand().get(item.pk, Demand()) if demand and item else None,
        "votes": draw_voters(voters(), request.workspace.name),
        "mine": idea.own_vote,
        "importances": Importance.choices[1:],
        "alike": alike(),
        "merged": merged(),
        "may_edit": may_edit,
        "may_vote": member.may(Role.CONTRIBUTOR, at=idea.product) and not idea.is_merged,
        **(_forms(idea, item, more, changeable()) if may_edit else {}),
        **more,
    }
    return render_page(request, "feedback/ideas/show.html", context, status=status)


def _forms(idea: Any, item: Item | None, sent: dict[str, Any], products: list[tuple[str, str]]) -> dict[str, Any]:
    """What a manager fills in, where something was sent with what was typed; `products` are those to choose from."""
    form = IdeaForm(instance=idea, initial={"item_key": item.key if item else ""})
    form.offer("product", products, by="key")
    typed = sent.pop("form", None)
    decline_form = sent.pop("decline_form", None) or DeclineForm(initial={"answer": idea.answer})
    return {"form": completed(form, typed) if typed else form, "sent": typed, "decline_form": decline_form}


def _to(request: HttpRequest, idea: Idea) -> HttpResponse:
    return redirect("feedback:idea", request.workspace.slug, idea.public_id)


def _say(request: HttpRequest, text: str, change_id: int) -> None:
    messages.success(request, text, extra_tags=reverse("changes:undo", args=[request.workspace.slug, change_id]))
