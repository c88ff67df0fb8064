"""A product's roadmap as files for its members: every field, every day, but nothing that is internal only, since files are passed on."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from roadmap.exporting import FORMATS, file_of
from roadmap.forms.share_links import filter_of
from roadmap.models import SharedField, SharedPrecision, ShareLink
from roadmap.sharing import shared_roadmap
from roadmap.views.shares import shell
from ui.errors import answer
from ui.pages import render_page


@require_safe
@member_required(Role.MANAGER)
def index(request: HttpRequest) -> HttpResponse:
    context = {**shell(request, "files"), "formats": FORMATS.values()}
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


def whole(request: HttpRequest) -> ShareLink:
    """A link for the workspace itself, never saved: the roadmap without caps."""
    return ShareLink(
        workspace=request.workspace, product=request.product, audience=_("members of %(name)s") % {"name": request.workspace.name},
        fields=SharedField.values, precision=SharedPrecision.DAY, query=filter_of(request.product, request.GET.urlencode()),
    )  # fmt: skip
