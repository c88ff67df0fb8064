"""Share links as members see them: made, checked, changed, rotated, revoked, and how often they were opened."""

from __future__ import annotations

from functools import cache
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from changes.concurrency import Conflict
from products.models import Product, ProductLine
from roadmap.forms import ShareForm
from roadmap.forms.share_links import filter_of, words_of
from roadmap.models import ShareLink, ShareOpening
from roadmap.plans.designs import Design
from roadmap.sharing.audience_check import Check, check
from roadmap.sharing.page import SharedPage
from roadmap.sharing.places import SharePlace
from roadmap.sharing.surroundings import Around
from roadmap.views.share_places import place_of
from ui.pages import render_page

LISTED, OPENED, BELOW_FORM = 100, 200, 5


@member_required()
def shares(request: HttpRequest, roadmap: str = "") -> HttpResponse:
    """The form of a new link, beside what it will show. It opens with the mark of a check that saw all of it."""
    place = place_of(request, roadmap)
    if request.method != "POST":
        return _new(request, place)
    form = ShareForm(request.POST, place=place, query=_here(request, place))
    if form.is_valid():
        seen = check(form.draft(), request.member)
        if "check" not in request.POST and form.cleaned_data["checked"] == seen.mark:
            return _open(request, form, seen)
        return _form(request, form, seen, unseen="check" not in request.POST)
    return _form(request, form, None)


@member_required()
def edit(request: HttpRequest, public_id: str, roadmap: str = "") -> HttpResponse:
    """Change a link's terms. What would show more than at the last check must be looked at first."""
    place = place_of(request, roadmap)
    link = _link(place, public_id, here=True)
    form = ShareForm(request.POST or None, place=place, link=link)
    if request.method == "POST" and form.is_valid():
        seen = check(form.draft(), request.member, link)
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
            return redirect(place.all_links)
        return _form(request, form, seen, link=link, unseen="check" not in request.POST)
    return _form(request, form, check(link, request.member) if request.method == "GET" else None, link=link)


def _overtaken(request: HttpRequest, form: ShareForm, conflict: Conflict, public_id: str) -> HttpResponse:
    """The form with what somebody else changed meanwhile, and what was typed; what it would show now must be looked at anew."""
    link = _link(form.place, public_id)
    form.catch_up(link)
    seen = check(form.draft(), request.member, link) if form.is_valid() else None
    who = conflict.change.member.name if conflict.change.member else conflict.change.actor_label or "Cradle"
    said = _("%(who)s changed this link meanwhile. Look at what it would show now, then change it again.")
    form.add_error(None, said % {"who": who})
    return _form(request, form, seen, link=link, status=409)


@member_required()
@require_POST
def look(request: HttpRequest, roadmap: str = "") -> HttpResponse:
    """The audience check of the form as it is now, while it is filled in."""
    place, public_id = place_of(request, roadmap), request.POST.get("link", "")
    link = _link(place, public_id, here=True) if public_id else None
    data = request.POST.copy()
    data["audience"] = data.get("audience") or "…"
    form = ShareForm(data, place=place, link=link)
    seen = check(form.draft(), request.member, link) if form.is_valid() else None
    errors = [
        f"{form.fields[name].label}: {error}" if name in form.fields else error
        for name, each in form.errors.items()
        for error in each
    ]
    context = {"seen": seen, "errors": errors, "preview": _preview(place, data), "form": form, "link": link}
    return render_page(request, "roadmap/shares/_check.html", context)


@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
@require_safe
@member_required()
def preview(request: HttpRequest, roadmap: str = "") -> HttpResponse:
    """The very page that the link will show, drawn from what it will send."""
    form = ShareForm(request.GET, place=place_of(request, roadmap))
    draft = form.draft() if form.is_valid() else None
    if draft is None:
        return render(request, "roadmap/shares/nothing.html", status=422)
    draft.shared_by = request.member
    return render(request, "roadmap/shares/shared.html", {"page": SharedPage(draft), "link": draft, "is_preview": True})


@require_safe
@member_required()
def links(request: HttpRequest, roadmap: str = "") -> HttpResponse:
    """All links of it; of a product, also those of roadmaps that it is on."""
    place = place_of(request, roadmap)
    around = Around(place, LISTED)
    context = {**_shell(request, place, "links", around.open_links), "rows": around.links}
    return render_page(request, "roadmap/shares/links.html", context)


@require_safe
@member_required()
def log(request: HttpRequest, roadmap: str = "") -> HttpResponse:
    """When which link was opened how often. Nothing is kept of who did."""
    place = place_of(request, roadmap)
    rows = ShareOpening.objects.filter(link__in=place.links.order_by().values("pk"))
    rows = rows.select_related("link").order_by("-day", "-last_at")[:OPENED]
    return render_page(request, "roadmap/shares/log.html", {**shell(request, place, "log"), "openings": rows})


@require_POST
@member_required()
def revoke(request: HttpRequest, public_id: str, roadmap: str = "") -> HttpResponse:
    place = place_of(request, roadmap)
    link = _link(place, public_id)
    link.revoke(by=request.actor)
    messages.success(request, _("The link for %(audience)s is closed") % {"audience": link.audience})
    return redirect(place.all_links)


@require_POST
@member_required()
def rotate(request: HttpRequest, public_id: str, roadmap: str = "") -> HttpResponse:
    place = place_of(request, roadmap)
    link = _link(place, public_id)
    try:
        link.rotate(by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(place.all_links)
    messages.success(
        request,
        _("The link for %(audience)s has another address. The old one is closed.") % {"audience": link.audience},
    )
    return redirect(place.all_links)


def _open(request: HttpRequest, form: ShareForm, seen: Check) -> HttpResponse:
    place, terms = (
        form.place,
        {**form.terms, **seen.terms(), "by": request.actor, "password": form.password_given or ""},
    )
    if place.product is not None:
        link = ShareLink.open_to(place.product, **terms)
    else:
        terms.pop("of_products")
        link = ShareLink.open_of(place.workspace, form.chosen, roadmap=place.roadmap, **terms)
    link.share_with(form.cleaned_data["members"], by=request.actor)
    messages.success(request, _("The link for %(audience)s is open") % {"audience": link.audience})
    return redirect(place.all_links)


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
    here, place = form["query"].value() or "", form.place
    around = Around(place, BELOW_FORM)
    form.offer(around.choices, here, words_of(place, here) if here else "", around.people)
    errors = (
        [_("This link would show what nobody has looked at yet. Look at it, then open the link.")] if unseen else []
    )
    context = {
        **_shell(request, place, "edit" if link else "new", around.open_links), "form": form, "seen": seen, "errors": errors, "link": link,
        "preview": _preview(place, form.data) if seen is not None and form.is_bound else "", "rows": around.links,
    }  # fmt: skip
    if link is not None:
        context["edit_address"] = place.address("share_edit", link.public_id)
    if link is not None and not form.is_bound:
        context["preview"] = _preview(place, _as_query(form))
    code = 422 if status == 200 and (form.errors or unseen) else status
    return render_page(request, "roadmap/shares/shares.html", context, status=code)


def _new(request: HttpRequest, place: SharePlace) -> HttpResponse:
    """The form as it begins. It is drawn once for what can be chosen in it, and composed only where it is drawn."""
    here, around = _here(request, place), Around(place, BELOW_FORM)
    design, chosen = _design(request, place), _chosen(request, place)
    words = words_of(place, here) if here else ""

    @cache
    def form() -> ShareForm:
        begun = ShareForm(place=place, query=here, design=design, chosen=chosen, own=around.own)
        begun.offer(around.choices, here, words, around.people)
        return begun

    of = (
        ()
        if place.product
        else (place.title, place.others_named, [(one.key, one.name, one in chosen) for one in place.products])
    )
    context = {
        **_shell(request, place, "new", around.open_links), "form": form, "rows": around.links,
        "made_of": (here, design and (design.layout, design.lanes), words, around.choices, around.people, around.own, of),
    }  # fmt: skip
    return render_page(request, "roadmap/shares/shares.html", context)


def shell(request: HttpRequest, place: SharePlace, tab: str) -> dict[str, Any]:
    """What stands above each of the tabs."""
    return _shell(request, place, tab, place.links.public().count())


def _shell(request: HttpRequest, place: SharePlace, tab: str, open_links: int) -> dict[str, Any]:
    return {"tab": tab, "place": place, "open_links": open_links, "origin": request.build_absolute_uri("/")[:-1]}


def _preview(place: SharePlace, data: Any) -> str:
    """The address of the preview: the form without its secrets."""
    kept = QueryDict(mutable=True)
    for name in ("audience", "note", "layout", "lanes", "query", "precision", "last_day"):
        kept[name] = data.get(name, "")
    kept.setlist("fields_allowed", data.getlist("fields_allowed"))
    if place.product is None:
        kept["title"] = data.get("title", "")
        shown = {one.key for one in place.products}
        kept.setlist("products", [key for key in data.getlist("products") if key in shown])
    return f"{place.address('share_preview')}?{kept.urlencode()}"


def _as_query(form: ShareForm) -> QueryDict:
    data = QueryDict(mutable=True)
    for bound in form:
        value = bound.value()
        data.setlist(bound.name, value if isinstance(value, list) else ["" if value is None else str(value)])
    return data


def _here(request: HttpRequest, place: SharePlace) -> str:
    """The filter that the roadmap has where the dialog was opened from."""
    asked = place.roadmap.asked(request.GET).query if place.roadmap is not None else request.GET
    if not asked:
        return ""
    try:
        return filter_of(place.workspace, place.product, asked.urlencode())
    except Refused:
        return ""


def _design(request: HttpRequest, place: SharePlace) -> Design | None:
    """The layout that it has there."""
    if place.roadmap is not None:
        return place.roadmap.asked(request.GET).design
    return Design.of(request.GET) if "layout" in request.GET else None


def _chosen(request: HttpRequest, place: SharePlace) -> list[Product]:
    """The products that are shown there: the portfolio can be looked at by product line."""
    line = request.GET.get("line", "").replace("\0", "")[:40]
    if place.kind != "portfolio" or not line:
        return place.products
    of_line = set(ProductLine.objects.filter(workspace=place.workspace, public_id=line).values_list("pk", flat=True))
    return [one for one in place.products if one.line_id in of_line] or place.products


def _link(place: SharePlace, public_id: str, *, here: bool = False) -> ShareLink:
    """A link that the member may look after; `here`: that was made at this place."""
    rows = (place.own_links if here else place.links).with_parts()
    rows = rows.select_related("workspace", "product__workspace", "roadmap", "shared_by__user")
    link: ShareLink = get_object_or_404(rows, public_id=public_id)
    return link
