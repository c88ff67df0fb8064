"""Share links as members see them: made, checked, changed, rotated, revoked, and how often they were opened."""

from __future__ import annotations

from functools import cache
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from roadmap.forms import ShareForm
from roadmap.forms.share_links import BOXES, filter_of, words_of
from roadmap.models import ShareLink, ShareOpening
from roadmap.plans.designs import Design
from roadmap.sharing.audience_check import Check, check
from roadmap.sharing.page import SharedPage
from roadmap.sharing.surroundings import Around
from ui.pages import render_page

LISTED, OPENED, BELOW_FORM = 100, 200, 5


@member_required(Role.MANAGER)
def shares(request: HttpRequest) -> HttpResponse:
    """The form of a new link, beside what it will show. It opens with the mark of a check that saw all of it."""
    if request.method != "POST":
        return _new(request)
    form = ShareForm(request.POST, product=request.product, query=_here(request))
    if form.is_valid():
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
            try:
                link.edit(
                    by=request.actor, seen=form.seen_version, password=form.password_given, **form.terms,
                    **seen.terms(link),
                )  # fmt: skip
            except Conflict as conflict:
                return _overtaken(request, form, conflict, public_id)
            link.share_with(form.cleaned_data["members"], by=request.actor)
            messages.success(request, _("The link for %(audience)s is changed") % {"audience": link.audience})
            return _to_links(request)
        return _form(request, form, seen, link=link, unseen="check" not in request.POST)
    return _form(request, form, check(link, request.member) if request.method == "GET" else None, link=link)


def _overtaken(request: HttpRequest, form: ShareForm, conflict: Conflict, public_id: str) -> HttpResponse:
    """The form with what somebody else changed meanwhile, and what was typed; what it would show now must be looked at anew."""
    link = _link(request, public_id)
    form.catch_up(link)
    seen = check(form.draft(), request.member) if form.is_valid() else None
    who = conflict.change.member.name if conflict.change.member else conflict.change.actor_label or "Cradle"
    said = _("%(who)s changed this link meanwhile. Look at what it would show now, then change it again.")
    form.add_error(None, said % {"who": who})
    return _form(request, form, seen, link=link, status=409)


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
    errors = [
        f"{form.fields[name].label}: {error}" if name in form.fields else error
        for name, each in form.errors.items()
        for error in each
    ]
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
    around = Around(request.member, request.product, LISTED)
    context = {**_shell(request, "links", around.open_links), "rows": around.links}
    return render_page(request, "roadmap/shares/links.html", context)


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
    request: HttpRequest,
    form: ShareForm,
    seen: Check | None,
    *,
    link: ShareLink | None = None,
    unseen: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The form with the check beside it. `unseen`: it was sent without a look at what it would show."""
    here = form["query"].value() or ""
    around = Around(request.member, request.product, BELOW_FORM)
    form.offer(around.choices, here, words_of(request.product, here) if here else "", around.people)
    errors = (
        [_("This link would show what nobody has looked at yet. Look at it, then open the link.")] if unseen else []
    )
    context = {
        **_shell(request, "edit" if link else "new", around.open_links), "form": form, "seen": seen, "errors": errors, "link": link, "boxes": BOXES,
        "preview": _preview(request, form.data) if seen is not None and form.is_bound else "", "rows": around.links,
    }  # fmt: skip
    if link is not None and not form.is_bound:
        context["preview"] = _preview(request, _as_query(form))
    code = 422 if status == 200 and (form.errors or unseen) else status
    return render_page(request, "roadmap/shares/shares.html", context, status=code)


def _new(request: HttpRequest) -> HttpResponse:
    """The form as it begins. It is drawn once for what can be chosen in it, and composed only where it is drawn."""
    here, around = _here(request), Around(request.member, request.product, BELOW_FORM)
    design = Design.of(request.GET) if "layout" in request.GET else None
    words = words_of(request.product, here) if here else ""

    @cache
    def form() -> ShareForm:
        begun = ShareForm(product=request.product, query=here, design=design)
        begun.offer(around.choices, here, words, around.people)
        return begun

    context = {
        **_shell(request, "new", around.open_links), "form": form, "boxes": BOXES, "rows": around.links,
        "made_of": (here, design and (design.layout, design.lanes), words, around.choices, around.people),
    }  # fmt: skip
    return render_page(request, "roadmap/shares/shares.html", context)


def shell(request: HttpRequest, tab: str) -> dict[str, Any]:
    """What stands above each of the tabs."""
    open_links = ShareLink.objects.visible_to(request.member).of(request.product).public().count()
    return _shell(request, tab, open_links)


def _shell(request: HttpRequest, tab: str, open_links: int) -> dict[str, Any]:
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
    if not request.GET:
        return ""
    try:
        return filter_of(request.product, request.GET.urlencode())
    except Refused:
        return ""


def _link(request: HttpRequest, public_id: str) -> ShareLink:
    links = ShareLink.objects.visible_to(request.member).of(request.product)
    link: ShareLink = get_object_or_404(links.select_related("workspace", "shared_by__user"), public_id=public_id)
    link.product = request.product
    return link


def _to_links(request: HttpRequest) -> HttpResponse:
    return redirect("roadmap:share_links", request.workspace.slug, request.product.key)
