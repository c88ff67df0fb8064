"""The portal as people from outside see it: ideas, their public status and votes, and nothing else of the workspace."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.attempts import Attempts
from accounts.prepared import Prepared
from accounts.refusals import Refused
from feedback.forms.portal import PostForm, VoteForm
from feedback.guests import PortalRequest, portal_page
from feedback.models import Idea, Importance, Portal, Vote
from feedback.models.idea import LOOKS
from feedback.wording import alike, matching
from listing.pages import Page, PreparedPages, Sort, page_of
from roadmap.models import Category
from ui.pages import is_htmx, render_page

SORTS = {
    "top": (_("Top"), [Sort("vote_count", descending=True), Sort("pk", descending=True)]),
    "new": (_("New"), [Sort("pk", descending=True)]),
}
SIZE = 20
ALIKE = 5
POSTS = Attempts("portal-post", per_key=20, per_address=100, seconds=3600)


@portal_page()
def ideas(request: PortalRequest) -> HttpResponse:
    """Ideas by votes or age, of one status or all, found by words (`q`). Those who search may post what they typed."""
    words = request.GET.get("q", "")[:200].replace("\0", "").strip()
    status = request.GET.get("status", "")[:60].replace("\0", "")
    sort = request.GET.get("sort", "") if request.GET.get("sort") in SORTS else "top"
    try:
        page = _page(request, words, status, SORTS[sort][1])
    except Refused:
        return redirect("portal:ideas", request.portal.workspace.slug)
    _dress(request, page.rows)
    context = {
        "portal": request.portal,
        "guest": request.guest,
        "page": page,
        "sort": sort,
        "sorts": [(name, label) for name, (label, _sorts) in SORTS.items()],
        "words": words,
        "status": status,
        "statuses": _statuses(request),
        "keep": _kept(request),
    }
    more = is_htmx(request) and request.GET.get("after")
    return render_page(request, "portal/_rows.html" if more else "portal/ideas.html", context)


@portal_page()
def idea(request: PortalRequest, public_id: str) -> HttpResponse:
    """One idea; the address of one that was merged leads to the canonical one."""
    target = MERGED_INTO.first(request.portal, public_id, variant=(get_language(),))
    if target is not None:
        return redirect("portal:idea", request.portal.workspace.slug, target.public_id)
    return _idea_page(request, _idea(request, public_id))


def _page(request: PortalRequest, words: str, status: str, sorts: list[Sort]) -> Page[Idea]:
    """Composed once per language where nothing is looked for."""
    after = request.GET.get("after", "")
    if not words and not status:
        return PAGES.page(request.portal, sorts=sorts, after=after, size=SIZE, variant=(get_language(),))
    rows = _ideas(request).filter(matching(words))
    if status:
        rows = rows.filter(public_status=status)
    return page_of(rows.with_votes(), sorts, after, SIZE)


@require_POST
@portal_page(signed_in=True)
def vote(request: PortalRequest, public_id: str) -> HttpResponse:
    """Vote with an importance, or take the vote back (`importance` empty). Answers with the part that asked."""
    chosen = _idea(request, public_id)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _idea_page(request, chosen, status=422)
    try:
        if form.cleaned_data["importance"] == "":
            Vote.withdraw(chosen, contact=request.guest, by=request.guest.actor)
        else:
            Vote.cast(chosen, form.cleaned_data["importance"], contact=request.guest, by=request.guest.actor)
    except Refused as refusal:
        return _idea_page(request, chosen, status=422, refusal=str(refusal))
    if not is_htmx(request):
        return redirect("portal:idea", request.portal.workspace.slug, public_id)
    fresh = _idea(request, public_id)
    part = "portal/_vote.html" if request.POST.get("as") == "row" else "portal/_mine.html"
    return render_page(request, part, _whole(request, fresh))


@portal_page(signed_in=True)
def post(request: PortalRequest) -> HttpResponse:
    """Write down an idea. Similar ones are shown first, because a vote for one of them says more than a second idea."""
    products = request.portal.products()
    initial = {"title": request.GET.get("title", "")[:160]}
    form = PostForm(request.POST or None, products=products, initial=initial)
    title = (request.POST if form.is_bound else request.GET).get("title", "")[:160].replace("\0", "")
    context = {"portal": request.portal, "guest": request.guest, "form": form, "alike": _alike(request, title)}
    if request.GET.get("part") == "alike":
        return render_page(request, "portal/_alike.html", context)
    if request.method != "POST" or not form.is_valid():
        return render_page(request, "portal/post.html", context, status=422 if form.is_bound else 200)
    if not POSTS.count(request, request.guest.public_id):
        form.add_error(None, _("That is a lot of ideas at once. Wait an hour, then go on."))
        return render_page(request, "portal/post.html", context, status=429)
    posted = Idea.post(request.portal.workspace, contact=request.guest, by=request.guest.actor, **form.cleaned_data)
    messages.success(request, _("Thank you. Your idea is posted, with your vote for it."))
    return redirect("portal:idea", request.portal.workspace.slug, posted.public_id)


# --- helpers


def _ideas(request: PortalRequest) -> Any:
    """Only what may be told outside: see Idea.public and with_public_status."""
    return _told(request.portal)


def _told(portal: Portal) -> Any:
    return Idea.objects.public(portal).with_public_status(portal.products()).defer("search")


def _counted(portal: Portal, language: str) -> Any:
    counts = {category.value: Count("pk", filter=Q(public_category=category)) for category in LOOKS}
    return _told(portal).order_by().values("public_status").annotate(number=Count("pk"), **counts)


# All of them name statuses in the reader's language, so there is one statement for each.
PAGES = PreparedPages(Idea, lambda portal, language: _told(portal).with_votes())
ONE = Prepared(lambda portal, public_id, language: _told(portal).with_votes().filter(public_id=public_id))
MERGED_INTO = Prepared(
    lambda portal, public_id, language: _told(portal).filter(
        merged_ideas__public_id=public_id, merged_ideas__deleted_at=None
    )[:1]
)
COUNTED = Prepared(_counted)


def _idea(request: PortalRequest, public_id: str) -> Idea:
    found: Idea | None = ONE.first(request.portal, public_id, variant=(get_language(),))
    if found is None:
        raise Http404
    _dress(request, [found])
    return found


def _dress(request: PortalRequest, rows: list[Any]) -> None:
    """The guest's own votes and how each status looks: one statement for all rows."""
    votes: dict[int, int] = {}
    if request.guest is not None:
        own = Vote.objects.of_contact(request.guest).filter(idea__in=rows)
        votes = dict(own.values_list("idea_id", "importance"))
    for row in rows:
        row.mine = votes.get(row.pk)
        row.tone, row.picture = LOOKS[Category(row.public_category)]


def _statuses(request: PortalRequest) -> list[dict[str, Any]]:
    """How many ideas each public status has, in the order of the work."""
    order = list(LOOKS)
    found = []
    for row in COUNTED.rows(request.portal, variant=(get_language(),)):
        category = max(order, key=lambda one: row[one.value])
        tone, picture = LOOKS[category]
        found.append({"name": row["public_status"], "number": row["number"], "tone": tone, "picture": picture,
                      "place": order.index(category)})  # fmt: skip
    return sorted(found, key=lambda one: (one["place"], one["name"]))


def _alike(request: PortalRequest, text: str) -> list[Idea]:
    rows = list(alike(_ideas(request).with_votes(), text)[:ALIKE]) if text else []
    _dress(request, rows)
    return rows


def _whole(request: PortalRequest, chosen: Idea, **more: Any) -> dict[str, Any]:
    return {
        "portal": request.portal,
        "guest": request.guest,
        "idea": chosen,
        "importances": Importance.choices[1:],
        **more,
    }


def _idea_page(request: PortalRequest, chosen: Idea, status: int = 200, **more: Any) -> HttpResponse:
    return render_page(request, "portal/idea.html", _whole(request, chosen, **more), status=status)


def _kept(request: PortalRequest) -> str:
    kept = request.GET.copy()
    kept.pop("after", None)
    return kept.urlencode()
