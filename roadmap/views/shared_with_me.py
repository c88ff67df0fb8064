"""The home of a stakeholder who has an account: roadmaps that were shared with them, what moved on each, and a question to who shared it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from roadmap.models import Roadmap, ShareLink, ShareUpdate
from roadmap.sharing import moves
from ui.pages import render_page

LISTED, UPDATES = 50, 3


@require_safe
@member_required()
def index(request: HttpRequest) -> HttpResponse:
    """What moved is told as each link's own audience may hear it."""
    rows = ShareLink.objects.shared_with(request.member).with_parts()
    rows = rows.select_related("workspace", "product__workspace", "shared_by__user")
    latest = Prefetch("updates", ShareUpdate.objects.order_by("-pk"), to_attr="moved")
    links = list(rows.prefetch_related(latest)[:LISTED])
    for link in links:
        link.told = moves.told(link, link.moved[:UPDATES]) if link.moved else []
    followed = Roadmap.objects.visible_to(request.member).filter(followers__member=request.member.pk)[:LISTED]
    return render_page(request, "roadmap/shares/home.html", {"links": links, "followed": followed})


@require_safe
@member_required()
def show(request: HttpRequest, public_id: str) -> HttpResponse:
    """One of them: what moved lately, and what was asked and answered."""
    link = _link(request, public_id)
    context = {"link": link, "told": moves.told(link, link.updates.all()[:20])}
    return render_page(request, "roadmap/shares/one.html", context)


@require_POST
@member_required()
def ask(request: HttpRequest, public_id: str) -> HttpResponse:
    """A question to who shared it. Also a viewer may ask: it was shared with them so that they understand it."""
    link = _link(request, public_id)
    question = request.POST.get("question", "").strip()
    try:
        link.ask(question, by=request.actor)
    except Refused as refusal:
        context = {
            "link": link,
            "told": moves.told(link, link.updates.all()[:20]),
            "question": question,
            "error": str(refusal),
        }
        return render_page(request, "roadmap/shares/one.html", context, status=422)
    messages.success(request, _("Your question was sent"))
    return redirect("roadmap:shared_one", request.workspace.slug, link.public_id)


def _link(request: HttpRequest, public_id: str) -> ShareLink:
    rows = ShareLink.objects.talked_of_by(request.member).public().with_parts()
    rows = rows.select_related("workspace", "product__workspace", "shared_by__user", "thread")
    link: ShareLink = get_object_or_404(rows, public_id=public_id)
    return link
