"""Opening a product's changelog: for whom, and under which words."""

from __future__ import annotations

from typing import Any

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import member_required, require
from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from feedback.forms.settings import ChangelogForm
from feedback.models import Changelog, Subscriber
from listing import panels
from roadmap.models import ReleaseNotes
from ui.pages import render_page

LISTED = 50


@member_required()
def settings(request: HttpRequest) -> HttpResponse:
    """Who may read it, its words, how many hear of it, and the notes that it shows."""
    changelog = Changelog.of(request.product)
    may_edit = request.member.may(Role.MANAGER, at=request.product)
    if request.method == "POST":
        require(request.member, Role.MANAGER, at=request.product)
    form = ChangelogForm(request.POST if request.method == "POST" else None, instance=changelog)
    if request.method == "POST" and form.is_valid():
        try:
            changelog = Changelog.of(request.product)
            changelog.set_up(**form.cleaned_data, by=request.actor)
        except Refused as refusal:
            form.add_error("access", str(refusal))
        else:
            messages.success(request, _("Saved"))
            return redirect("feedback:changelog", request.workspace.slug, request.product.key)
    notes = ReleaseNotes.objects.visible_to(request.member).of(request.product).filter(release__deleted_at=None)
    context = {
        "form": form,
        "changelog": Changelog.of(request.product) if form.errors else changelog,
        "notes": notes.select_related("release").order_by("-published_at", "-pk")[:LISTED],
        "subscribers": _subscribed(changelog),
        "may_edit": may_edit,
        "keeps_mail": not django_settings.EMAIL_URL,
    }
    return render_page(request, "feedback/changelog/settings.html", context, 422 if form.errors else 200)


def register() -> None:
    panels.register(
        "release_notes", "changelog", order=10, template="feedback/changelog/_panel.html", provide=changelog_of
    )


def changelog_of(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """Beside the notes of a release: whether people outside see them, and how many hear of them."""
    rows = Changelog.objects.visible_to(member).filter(product__among=ids).select_related("workspace", "product")
    found: dict[int, dict[str, Any]] = {pk: {"changelog": None} for pk in ids}
    for row in rows:
        found[row.product_id] = {"changelog": row, "subscribers": _subscribed(row)}
    return found


def _subscribed(changelog: Changelog) -> int:
    if not changelog.pk:
        return 0
    return Subscriber.objects.filter(changelog=changelog).exclude(confirmed_at=None).count()
