"""Hearing of what moves on a link: by mail after a yes, or by a reader of feeds. No account is needed, none is made."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import public
from accounts.attempts import Attempts
from roadmap.models import OpeningKind, ShareLink, ShareOpening, Subscription
from roadmap.sharing import moves
from roadmap.views.shared import closed, kept_safe, opened
from ui.xml import writable

ASKED = Attempts("subscribe", per_key=5, per_address=20, seconds=3600)
LISTED = 50


class AddressForm(forms.Form):
    email = forms.EmailField(max_length=254)


@public
@require_POST
@opened
def subscribe(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """The same answer whether or not the address is subscribed already."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _said(
            request,
            link,
            _("This is no e-mail address. Check it and try again."),
            422,
            request.POST.get("email", "")[:254],
        )
    email = form.cleaned_data["email"]
    if not ASKED.count(request, email.lower()):
        response = _said(request, link, _("Too many tries. Wait an hour, then try again."), 429, email)
        response["Retry-After"] = str(ASKED.seconds)
        return response
    latest = link.updates.values_list("pk", flat=True).first() or 0
    Subscription.ask(link, email, told=latest)
    return _said(
        request,
        link,
        _("A mail is on its way to %(email)s. Say yes in it, and you hear what moves.") % {"email": email},
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Yes is a press of a button: programs that follow links in mails say nothing."""
    return _answered(request, token, "confirm")


@csrf_exempt  # mail programs press the button too (RFC 8058), and whoever knows the address may
@public
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, token: str) -> HttpResponse:
    return _answered(request, token, "leave")


@public
@require_safe
def changes(request: HttpRequest, public_id: str, signature: str) -> HttpResponse:
    """What moved, for a reader of feeds."""
    link = ShareLink.fed_by(public_id, signature)
    if link is None:
        return closed(request)
    ShareOpening.note(link, OpeningKind.FEED)
    page = settings.BASE_URL + reverse("roadmap_public:shared", args=[link.token])
    feed = Atom1Feed(
        title=writable(link.heading),
        link=page,
        description=writable(link.audience),
        feed_guid=f"urn:cradle:{link.public_id}",
    )
    for update in moves.told(link, link.updates.all()[:LISTED]):
        feed.add_item(
            title=writable("; ".join(sentence for sentence, _reason in update.sentences)[:200]), link=page,
            description=writable("\n".join(f"{sentence}. {reason}".strip() for sentence, reason in update.sentences)),
            unique_id=f"urn:cradle:{update.public_id}", pubdate=update.at, updateddate=update.at,
        )  # fmt: skip
    return kept_safe(HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type), link)


def _answered(request: HttpRequest, token: str, verb: str) -> HttpResponse:
    row = Subscription.objects.select_related("link__product", "roadmap").filter(token=token).first()
    done = request.method == "POST"
    if row is None and not (done and verb == "leave"):
        return closed(request)
    context = {"verb": verb, "done": done, "about": row.about if row is not None else ""}
    if done and row is not None:
        row.confirm() if verb == "confirm" else row.leave()
    return kept_safe(render(request, "roadmap/shares/subscription.html", context))


def _said(request: HttpRequest, link: ShareLink, text: str, status: int = 200, email: str = "") -> HttpResponse:
    context = {"link": link, "text": text, "is_wrong": status != 200, "email": email}
    return render(request, "roadmap/shares/subscribed.html", context, status=status)
