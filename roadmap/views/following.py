"""Following a kept roadmap: whoever sees it may, and hears of what others change on it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from config import clock
from roadmap.models import Subscription
from roadmap.time_machine.following import LATELY, told
from roadmap.time_machine.lately import MOST
from roadmap.views.roadmaps import as_it_was, roadmap_of
from ui.pages import render_page


@require_POST
@member_required()
def follow(request: HttpRequest, public_id: str) -> HttpResponse:
    """`follow` is empty for no more."""
    roadmap = roadmap_of(request, public_id)
    if request.POST.get("follow"):
        Subscription.follow(roadmap, request.member)
        said = _(
            "You follow “%(name)s”: what others change on it stands under Shared with me, and comes by mail in the morning."
        )
    else:
        Subscription.unfollow(roadmap, request.member)
        said = _("You do not follow “%(name)s” any more.")
    messages.success(request, said % {"name": roadmap})
    return redirect(as_it_was(request, roadmap))


@require_safe
@member_required()
def moved(request: HttpRequest, public_id: str) -> HttpResponse:
    """What others changed on it in the last days; a part of the home of who follows it."""
    roadmap = roadmap_of(request, public_id)
    since = clock.now() - LATELY
    found = told(roadmap, request.member, since)
    context = {"roadmap": roadmap, "found": found, "most": MOST, "since": since.isoformat(timespec="seconds")}
    return render_page(request, "roadmap/roadmaps/moved.html", context)
