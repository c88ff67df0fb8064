"""A roadmap as files for its members: every field, every day, but nothing that is internal only, since files are passed on."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from jobs.models import Job, State
from roadmap.exporting import FORMATS, file_of
from roadmap.forms.share_links import DrawForm, filter_of
from roadmap.models import SharedField, SharedLanes, SharedPrecision, ShareLink
from roadmap.sharing import chromium, picturing
from roadmap.sharing.cards import shared_roadmap
from roadmap.sharing.places import SharePlace
from roadmap.views.share_places import place_of, seen_place
from roadmap.views.shares import shell
from ui.errors import answer
from ui.pages import render_page


@require_safe
@member_required()
def index(request: HttpRequest, roadmap: str = "") -> HttpResponse:
    place = place_of(request, roadmap)
    context = {
        **shell(request, place, "files"),
        "formats": FORMATS.values(),
        "can_draw": chromium.program() is not None,
    }
    context["links"] = place.own_links.public()[:50]
    return render_page(request, "roadmap/shares/files.html", context)


@require_safe
@member_required()
def download(request: HttpRequest, format: str, roadmap: str = "") -> HttpResponse:
    """What is filtered by the address, with all that any link could show."""
    place = seen_place(request, roadmap)
    if format not in FORMATS:
        raise Http404
    try:
        link = whole(request, place)
    except Refused as refusal:
        return answer(request, 400, str(refusal))
    return file_of(link, shared_roadmap(link), format)


@require_POST
@member_required()
def draw(request: HttpRequest, roadmap: str = "") -> HttpResponse:
    """A job that makes a PDF or PNG of the roadmap or, for managers, of what a link shows. Its page shows how far it is."""
    form, place = DrawForm(request.POST), seen_place(request, roadmap)
    if not form.is_valid():
        return answer(request, 400)
    named, format = form.cleaned_data["link"], form.cleaned_data["format"]
    if named:
        get_object_or_404(place_of(request, roadmap).own_links, public_id=named)
    try:
        link = whole(request, place)
    except Refused as refusal:
        return answer(request, 400, str(refusal))
    terms = {name: getattr(link, name) for name in TERMS}
    job = picturing.ask(
        place, by=request.actor, format=format, paper=form.cleaned_data["paper"], terms=terms, link=named,
        title=_("%(roadmap)s as %(format)s") % {"roadmap": place.title, "format": format.upper()},
    )  # fmt: skip
    return redirect("jobs:show", request.workspace.slug, job.public_id)


@require_safe
@member_required()
def drawn(request: HttpRequest, job: str, roadmap: str = "") -> HttpResponse:
    """The file that a job made, for whoever started it, while they see all the products of it."""
    place = seen_place(request, roadmap)
    rows = Job.objects.visible_to(request.member).filter(
        kind="draw_roadmap", product_id=place.product.pk if place.product else None, state=State.DONE
    )
    made = get_object_or_404(rows, public_id=job)
    of_products = made.arguments["terms"].get("of_products", [])
    if not {*of_products} <= {one.pk for one in (*place.products, *place.others)}:
        raise Http404
    result = made.result
    if not default_storage.exists(result["file"]):
        raise Http404
    response = FileResponse(default_storage.open(result["file"]), content_type=picturing.TYPES[result["format"]])
    response["Content-Disposition"] = f'attachment; filename="{result["name"]}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


#: What a roadmap is drawn by.
TERMS = ("audience", "fields", "precision", "query", "layout", "lanes", "title", "of_products")


def whole(request: HttpRequest, place: SharePlace) -> ShareLink:
    """The roadmap without caps."""
    asked = place.roadmap.asked(request.GET).query if place.roadmap is not None else request.GET
    terms: dict[str, Any] = {"lanes": SharedLanes.PRODUCT} if place.product is None else {}
    if place.roadmap is not None:
        design = place.roadmap.asked(request.GET).design
        terms = {"lanes": design.lanes if design.lanes in SharedLanes.values else SharedLanes.PRODUCT}
    return place.whole(
        audience=_("members of %(name)s") % {"name": request.workspace.name}, fields=SharedField.values,
        precision=SharedPrecision.DAY, query=filter_of(place.workspace, place.product, asked.urlencode()), **terms,
    )  # fmt: skip
