"""The changelog as people from outside read it, its feed, and how they subscribe to it. Only what was published is here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import public
from accounts.attempts import Attempts
from accounts.refusals import Refused
from feedback.forms.portal import SubscribeForm
from feedback.guests import guest_of, to_sign_in
from feedback.models import Changelog, Portal, Subscriber
from jobs.letters import address
from listing.pages import Sort, page_of
from roadmap.models import ReleaseNotes
from ui.markdown import html_of
from ui.pages import render_page
from ui.xml import writable

SIZE = 10
FED = 20
NEWEST = [Sort("published_at", descending=True), Sort("pk", descending=True)]
SUBSCRIPTIONS = Attempts("changelog-subscribe", per_key=5, per_address=30, seconds=3600)

View = Callable[..., HttpResponse]


class ChangelogRequest(HttpRequest):
    """What `changelog_page` makes of a request."""

    changelog: Changelog


def changelog_page(*, feed: bool = False) -> Callable[[View], View]:
    """A page of an open changelog: sets `request.changelog`. A closed one does not exist (404).

    A private one is read by who signed in at the portal; as a `feed`, which nobody signs in to, it does not exist.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Any, workspace: str, key: str, **arguments: Any) -> HttpResponse:
            changelog = Changelog.at(workspace, key)
            if changelog is None or (feed and not changelog.is_public):
                raise Http404
            if not changelog.is_public:
                portal = Portal.at(workspace)
                if portal is None:
                    raise Http404
                request.portal = portal
                if guest_of(request, portal) is None:
                    return to_sign_in(request)
            request.changelog = changelog
            response = view(request, **arguments)
            response.headers.setdefault("Cache-Control", "private, no-store")
            return response

        return public(guarded)

    return decorate


@require_safe
@changelog_page()
def changelog(request: ChangelogRequest) -> HttpResponse:
    """The newest notes first."""
    return _page(request, SubscribeForm())


@require_safe
@changelog_page()
def one(request: ChangelogRequest, public_id: str) -> HttpResponse:
    """The notes of one release, under an address that stays."""
    notes = request.changelog.notes().filter(public_id=public_id).first()
    if notes is None:
        raise Http404
    context = {"changelog": request.changelog, "notes": [notes], "form": SubscribeForm(), "alone": True}
    return render_page(request, "portal/changelog/changelog.html", context)


@require_safe
@changelog_page(feed=True)
def feed(request: ChangelogRequest) -> HttpResponse:
    """RSS of the newest notes, of a public changelog only."""
    log = request.changelog
    made = Rss201rev2Feed(
        title=writable(log.title), link=address(reverse("portal:changelog", args=log.place)),
        description=writable(log.intro or log.title),
        feed_url=address(reverse("portal:changelog_feed", args=log.place)),
    )  # fmt: skip
    for notes in log.notes().order_by("-published_at", "-pk")[:FED]:
        link = address(_url_of(log, notes))
        made.add_item(
            title=writable(notes.published_title), link=link, description=writable(str(html_of(notes.published_text))),
            unique_id=link, pubdate=notes.published_at,
        )  # fmt: skip
    return HttpResponse(made.writeString("utf-8"), content_type="application/rss+xml; charset=utf-8")


@require_http_methods(["POST"])
@changelog_page()
def subscribe(request: ChangelogRequest) -> HttpResponse:
    """Mail a link to the address. The answer is the same whoever has it."""
    form = SubscribeForm(request.POST)
    if not form.is_valid():
        return _page(request, form, 422)
    email = form.cleaned_data["email"]
    if not SUBSCRIPTIONS.count(request, f"{request.changelog.pk}:{email.lower()}"):
        form.add_error(None, _("Too many tries. Wait an hour, then try again."))
        response = _page(request, form, 429)
        response["Retry-After"] = str(SUBSCRIPTIONS.seconds)
        return response
    Subscriber.ask(request.changelog, email)
    return _said(
        request, _("Look into your mail"),
        _("If this address may subscribe and does not yet, a link is on its way to it. Use it within three days."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@changelog_page()
def confirm(request: ChangelogRequest, secret: str) -> HttpResponse:
    """Who opens the link is asked; mail programs open links too. Used, wrong and old links answer alike."""
    row = Subscriber.asked(request.changelog, secret)
    if row is None:
        return _said(
            request, _("This link does not hold any more"), _("Subscribe again, and use the newest link."), status=404
        )
    if request.method != "POST":
        return _asked(request, _("Subscribe to these notes?"), _("Yes, mail me new notes"))
    row.confirm()
    return _said(request, _("You are subscribed"), _("You hear of each release once. A link to stop is in each mail."))


@csrf_exempt  # mail programs press the button too (RFC 8058), and whoever knows the address may
@public
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: Any, workspace: str, key: str, subscriber: str) -> HttpResponse:
    """Works whether or not the changelog is still open: whoever wants no mails gets none."""
    rows = Changelog.objects.select_related("workspace", "product")
    log = rows.filter(workspace__slug=workspace, product__key=key, subscribers__public_id=subscriber).first()
    if log is None:
        raise Http404
    request.changelog = log
    if request.method != "POST":
        response = _asked(request, _("Stop these mails?"), _("Yes, mail me no more"))
    else:
        Subscriber.objects.filter(changelog=log, public_id=subscriber).delete()
        response = _said(request, _("You are not subscribed any more"), _("Your address was deleted here."))
    response["Cache-Control"] = "private, no-store"
    return response


def _page(request: ChangelogRequest, form: SubscribeForm, status: int = 200) -> HttpResponse:
    try:
        page = page_of(request.changelog.notes(), NEWEST, request.GET.get("after", ""), SIZE)
    except Refused:
        return redirect("portal:changelog", *request.changelog.place)
    context = {"changelog": request.changelog, "notes": page.rows, "next": page.next, "form": form}
    return render_page(request, "portal/changelog/changelog.html", context, status=status)


def _asked(request: ChangelogRequest, question: str, answer: str) -> HttpResponse:
    context = {"changelog": request.changelog, "question": question, "answer": answer}
    return render_page(request, "portal/changelog/door.html", context)


def _said(request: ChangelogRequest, title: str, text: str, status: int = 200) -> HttpResponse:
    context = {"changelog": request.changelog, "question": title, "text": text}
    return render_page(request, "portal/changelog/door.html", context, status=status)


def _url_of(log: Changelog, notes: ReleaseNotes) -> str:
    return reverse("portal:changelog_notes", args=[*log.place, notes.public_id])
