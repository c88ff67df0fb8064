"""A product's roadmap as files for its members: every field, every day, but nothing that is internal only, since files are passed on."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, require
from accounts.refusals import Refused
from accounts.roles import Role
from jobs.models import Job, State
from roadmap.exporting import FORMATS, file_of
from roadmap.forms.share_links import DrawForm, filter_of
from roadmap.models import SharedField, SharedPrecision, ShareLink
from roadmap.sharing import chromium, picturing
from roadmap.sharing.cards import shared_roadmap
from roadmap.views.shares import shell
from ui.errors import answer
from ui.pages import render_page


@require_safe
@member_required(Role.MANAGER)
def index(request: HttpRequest) -> HttpResponse:
    context = {**shell(request, "files"), "formats": FORMATS.values(), "can_draw": chromium.program() is not None}
    context["links"] = ShareLink.objects.visible_to(request.member).of(request.product).public()[:50]
    return render_page(request, "roadmap/shares/files.html", context)


@require_safe
@member_required()
def download(request: HttpRequest, format: str) -> HttpResponse:
    """What is filtered by the address, with all that any link could show."""
    if format not in FORMATS:
        raise Http404
    try:
        link = whole(request)
    except Refused as refusal:
        return answer(request, 400, str(refusal))
    return file_of(link, shared_roadmap(link), format)


@require_POST
@member_required()
def draw(request: HttpRequest) -> HttpResponse:
    """A job that makes a PDF or PNG of the roadmap or, for managers, of what a link shows. Its page shows how far it is."""
    form = DrawForm(request.POST)
    if not form.is_valid():
        return answer(request, 400)
    named, format = form.cleaned_data["link"], form.cleaned_data["format"]
    if named:
        require(request.member, Role.MANAGER, at=request.product)
        get_object_or_404(ShareLink.objects.visible_to(request.member).of(request.product), public_id=named)
    try:
        link = whole(request)
    except Refused as refusal:
        return answer(request, 400, str(refusal))
    terms = {name: getattr(link, name) for name in ("audience", "fields", "precision", "query", "layout", "lanes")}
    job = picturing.ask(
        request.product, by=request.actor, format=format, paper=form.cleaned_data["paper"], terms=terms, link=named,
        title=_("%(product)s roadmap as %(format)s") % {"product": request.product.name, "format": format.upper()},
    )  # fmt: skip
    return redirect("jobs:show", request.workspace.slug, job.public_id)


@require_safe
@member_required()
def drawn(request: HttpRequest, job: str) -> HttpResponse:
    """The file that a job made, for whoever started it, while they see the product."""
    rows = Job.objects.visible_to(request.member).filter(
        kind="draw_roadmap", product_id=request.product.pk, state=State.DONE
    )
    result = get_object_or_404(rows, public_id=job).result
    if not default_storage.exists(result["file"]):
        raise Http404
    response = FileResponse(default_storage.open(result["file"]), content_type=picturing.TYPES[result["format"]])
    response["Content-Disposition"] = f'attachment; filename="{result["name"]}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def whole(request: HttpRequest) -> ShareLink:
    """A link for the workspace itself, never saved: the roadmap without caps."""
    return ShareLink(
        workspace=request.workspace, product=request.product, audience=_("members of %(name)s") % {"name": request.workspace.name},
        fields=SharedField.values, precision=SharedPrecision.DAY, query=filter_of(request.product, request.GET.urlencode()),
    )  # fmt: skip
