"""Share links as members see them: made, checked, changed, rotated, revoked, and how often they were opened."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change
from roadmap.audience_check import Check, check
from roadmap.forms import ShareForm
from roadmap.forms.share_links import BOXES, filter_of, words_of
from roadmap.models import Roadmap, SavedView, ShareLink, ShareOpening
from roadmap.shared_page import SharedPage
from ui.pages import render_page

LISTED, OPENED = 100, 200
NEWEST = Prepared(
    lambda member, product: ShareLink.objects.visible_to(member).of(product).select_related("workspace")[:LISTED]
)
CHANGES = Prepared(
    lambda member, ids: Change.objects.visible_to(member).filter(pk__among=ids).select_related("member__user")
)
COUNTS = Prepared(
    lambda ids: (
        ShareOpening.objects.filter(link__among=ids)
        .values("link")
        .annotate(times=Sum("count"), last=Max("last_at"))
        .order_by()
    )
)


@member_required(Role.MANAGER)
def shares(request: HttpRequest) -> HttpResponse:
    """The form of a new link, beside what it will show. It opens with the mark of a check that saw all of it."""
    form = ShareForm(request.POST or None, product=request.product, query=_here(request))
    if request.method == "POST" and form.is_valid():
        seen = check(form.draft(), request.member)
        if "check" not in request.POST and form.cleaned_data["checked"] == seen.mark:
            return _open(request, form, seen)
        return _form(request, form, seen, unseen="check" not in request.POST)
    return _form(request, form, None)


@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Change a link's terms. What would show more than at the last check must be looked at first."""
    link = _link(request, public_id)
    form = ShareForm(request.POST or None, product=request.product, link=link)
    if request.method == "POST" and form.is_valid():
        seen = check(form.draft(), request.member)
        if "check" not in request.POST and (form.cleaned_data["checked"] == seen.mark or not seen.is_wider):
            link.edit(by=request.actor, password=form.password_given, **form.terms, **seen.terms(link))
            link.share_with(form.cleaned_data["members"], by=request.actor)
            messages.success(request, _("The link for %(audience)s is changed") % {"audience": link.audience})
            return _to_links(request)
        return _form(request, form, seen, link=link, unseen="check" not in request.POST)
    return _form(request, form, check(link, request.member) if request.method == "GET" else None, link=link)


@member_required(Role.MANAGER)
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """The audience check of the form as it is now, while it is filled in."""
    public_id = request.POST.get("link", "")
    link = _link(request, public_id) if public_id else None
    data = request.POST.copy()
    data["audience"] = data.get("audience") or "…"
    form = ShareForm(data, product=request.product, link=link)
    seen = check(form.draft(), request.member) if form.is_valid() else None
    errors = [error for each in form.errors.values() for error in each]
    context = {"seen": seen, "errors": errors, "preview": _preview(request, data), "form": form, "link": link}
    return render_page(request, "roadmap/shares/_check.html", context)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@require_safe
@member_required(Role.MANAGER)
def preview(request: HttpRequest) -> HttpResponse:
    """The very page that the link will show, drawn from what it will send."""
    form = ShareForm(request.GET, product=request.product)
    draft = form.draft() if form.is_valid() else None
    if draft is None:
        return render(request, "roadmap/shares/nothing.html", status=422)
    draft.shared_by = request.member
    return render(request, "roadmap/shares/shared.html", {"page": SharedPage(draft), "link": draft, "is_preview": True})


@require_safe
@member_required(Role.MANAGER)
def links(request: HttpRequest) -> HttpResponse:
    """All links of the product."""
    return render_page(request, "roadmap/shares/links.html", {**shell(request, "links"), "rows": _links(request)})


@require_safe
@member_required(Role.MANAGER)
def log(request: HttpRequest) -> HttpResponse:
    """When which link was opened how often. Nothing is kept of who did."""
    rows = ShareOpening.objects.filter(link__in=ShareLink.objects.visible_to(request.member).of(request.product))
    rows = rows.select_related("link").order_by("-day", "-last_at")[:OPENED]
    return render_page(request, "roadmap/shares/log.html", {**shell(request, "log"), "openings": rows})


@require_POST
@member_required(Role.MANAGER)
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    link = _link(request, public_id)
    link.revoke(by=request.actor)
    messages.success(request, _("The link for %(audience)s is closed") % {"audience": link.audience})
    return _to_links(request)


@require_POST
@member_required(Role.MANAGER)
def rotate(request: HttpRequest, public_id: str) -> HttpResponse:
    link = _link(request, public_id)
    try:
        link.rotate(by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _to_links(request)
    messages.success(
        request,
        _("The link for %(audience)s has another address. The old one is closed.") % {"audience": link.audience},
    )
    return _to_links(request)


def _open(request: HttpRequest, form: ShareForm, seen: Check) -> HttpResponse:
    terms = form.terms
    link = ShareLink.open_to(
        request.product,
        terms.pop("audience"),
        by=request.actor,
        password=form.password_given or "",
        **terms,
        **seen.terms(),
    )
    link.share_with(form.cleaned_data["members"], by=request.actor)
    messages.success(request, _("The link for %(audience)s is open") % {"audience": link.audience})
    return _to_links(request)


def _form(
    request: HttpRequest, form: ShareForm, seen: Check | None, *, link: ShareLink | None = None, unseen: bool = False
) -> HttpResponse:
    """The form with the check beside it. `unseen`: it was sent without a look at what it would show."""
    here = form["query"].value() or ""
    kept = [
        *SavedView.objects.visible_to(request.member).of(request.product),
        *Roadmap.objects.visible_to(request.member).filter(products=request.product),
    ]
    form.offer(kept, here, words_of(request.product, here) if here else "")
    errors = (
        [_("This link would show what nobody has looked at yet. Look at it, then open the link.")] if unseen else []
    )
    context = {
        **shell(request, "edit" if link else "new"), "form": form, "seen": seen, "errors": errors, "link": link, "boxes": BOXES,
        "preview": _preview(request, form.data) if seen is not None and form.is_bound else "", "rows": _links(request)[:5],
    }  # fmt: skip
    if link is not None and not form.is_bound:
        context["preview"] = _preview(request, _as_query(form))
    return render_page(request, "roadmap/shares/shares.html", context, status=422 if form.errors or unseen else 200)


def shell(request: HttpRequest, tab: str) -> dict[str, Any]:
    open_links = ShareLink.objects.visible_to(request.member).of(request.product).public().count()
    return {"tab": tab, "open_links": open_links, "origin": request.build_absolute_uri("/")[:-1]}


def _preview(request: HttpRequest, data: Any) -> str:
    """The address of the preview: the form without its secrets."""
    kept = QueryDict(mutable=True)
    for name in ("audience", "note", "layout", "lanes", "query", "precision", "last_day"):
        kept[name] = data.get(name, "")
    kept.setlist("fields_allowed", data.getlist("fields_allowed"))
    return f"{reverse('roadmap:share_preview', args=[request.workspace.slug, request.product.key])}?{kept.urlencode()}"


def _as_query(form: ShareForm) -> QueryDict:
    data = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        data.setlist(bound.name, value if isinstance(value, list) else ["" if value is None else str(value)])
    return data


def _here(request: HttpRequest) -> str:
    """The filter that the roadmap has where the dialog was opened from."""
    try:
        return filter_of(request.product, request.GET.urlencode())
    except Refused:
        return ""


def _link(request: HttpRequest, public_id: str) -> ShareLink:
    links = ShareLink.objects.visible_to(request.member).of(request.product)
    link: ShareLink = get_object_or_404(links.select_related("workspace", "shared_by__user"), public_id=public_id)
    link.product = request.product
    return link


def _links(request: HttpRequest) -> list[Any]:
    """The newest first, each with its `last` change (who opened or revoked it, and when) and how often it was opened."""
    found: list[Any] = NEWEST.rows(request.member, request.product)
    by_id = {one.pk: one for one in CHANGES.rows(request.member, [link.change_id for link in found])} if found else {}
    counts = {one["link"]: one for one in COUNTS.rows([link.pk for link in found])} if found else {}
    for link in found:
        link.last = by_id.get(link.change_id)
        opened = counts.get(link.pk, {})
        link.times, link.last_opened = opened.get("times", 0), opened.get("last")
    return found


def _to_links(request: HttpRequest) -> HttpResponse:
    return redirect("roadmap:share_links", request.workspace.slug, request.product.key)
