"""Following a kept roadmap: whoever sees it may, and hears of what others change on it."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, public
from config import clock
from roadmap.models import Subscription
from roadmap.time_machine.following import LATELY, told, told_by_day
from roadmap.time_machine.lately import MOST
from roadmap.views.roadmaps import as_it_was, roadmap_of
from roadmap.views.shared import closed, kept_safe
from ui.pages import render_page
from ui.xml import writable


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
    following = Subscription.objects.filter(roadmap=roadmap, member=request.member).first()
    context = {"roadmap": roadmap, "found": found, "following": following, "most": MOST}
    context["since"] = since.isoformat(timespec="seconds")
    return render_page(request, "roadmap/roadmaps/moved.html", context)


@public
@require_safe
def feed(request: HttpRequest, token: str, signature: str) -> HttpResponse:
    """What others changed on a followed roadmap, a day an entry, for a reader of feeds: as the member sees it now."""
    row = Subscription.fed_by(token, signature)
    if row is None or row.roadmap is None or row.member is None:
        return closed(request)
    workspace = row.member.workspace
    page = settings.BASE_URL + reverse("roadmap:roadmap_kept", args=[workspace.slug, row.roadmap.public_id])
    name = f"urn:cradle:{row.roadmap.public_id}"
    atom = Atom1Feed(title=writable(row.roadmap.name), link=page, description=writable(workspace.name), feed_guid=name)
    for day, at, found in told_by_day(row.roadmap, row.member):
        lines = [f"{one.sentence} ({one.who}). {one.reason}".strip() for one in found.lines]
        more = ngettext("and %(n)d more", "and %(n)d more", found.more) % {"n": found.more} if found.more else ""
        atom.add_item(
            title=writable("; ".join(one.sentence for one in found.lines)[:200]), link=page, unique_id=f"{name}:{day}",
            description=writable("\n".join(filter(None, [*lines, more]))), pubdate=at, updateddate=at,
        )  # fmt: skip
    return kept_safe(HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type))
