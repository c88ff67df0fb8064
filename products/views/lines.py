"""Product lines: the branches of the portfolio."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from products.forms import LineForm
from products.models import Product, ProductLine
from products.trouble import Trouble, faster
from ui.pages import render_page


@member_required()
def lines(request: HttpRequest) -> HttpResponse:
    return _page(request, LineForm(instance=ProductLine(workspace=request.workspace)))


@require_POST
@member_required(Role.MANAGER)
def add(request: HttpRequest) -> HttpResponse:
    form = LineForm(request.POST, instance=ProductLine(workspace=request.workspace), whole=True)
    if form.is_valid():
        try:
            line = ProductLine.add(request.workspace, by=request.actor, **form.values)
        except Refused as refusal:
            form.add_error("name", str(refusal))
        else:
            return _done(request, line.change_id, _("Added %(name)s") % {"name": line})
    return _page(request, form, status=422)


@require_POST
@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    line = _line(request, public_id)
    form = LineForm(request.POST, instance=line, whole=True)
    blank = LineForm(instance=ProductLine(workspace=request.workspace))
    if not form.is_valid():
        return _page(request, blank, wrong=(line, form), status=422)
    try:
        change = line.edit(by=request.actor, seen=form.seen_version, **form.values)
    except Conflict as conflict:
        trouble = faster(line, public_id, conflict, request.POST, request.path)
        form.catch_up(line)
        return _page(request, blank, wrong=(line, form), trouble=trouble, status=409)
    except Refused as refusal:
        form.add_error("name", str(refusal))
        return _page(request, blank, wrong=(line, form), status=422)
    return _done(request, change, _("Saved"))


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """Away; its products stay, without a line."""
    line = _line(request, public_id)
    line.delete_softly(by=request.actor)
    return _done(request, line.change_id, _("Deleted %(name)s") % {"name": line})


def _line(request: HttpRequest, public_id: str) -> ProductLine:
    return get_object_or_404(ProductLine.objects.visible_to(request.member), public_id=public_id)


def _page(
    request: HttpRequest,
    form: LineForm,
    *,
    wrong: tuple[ProductLine, LineForm] | None = None,
    trouble: Trouble | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = Product.objects.visible_to(request.member)
    counted = Count("products", filter=Q(products__in=mine))
    rows = list(ProductLine.objects.visible_to(request.member).annotate(size=counted))
    for row in rows:
        row.form = (
            wrong[1] if wrong and wrong[0].pk == row.pk else LineForm(instance=row, auto_id=f"{row.public_id}-%s")
        )
    context = {"lines": rows, "form": form, "trouble": trouble, "may_edit": request.member.may(Role.MANAGER)}
    return render_page(request, "products/lines/lines.html", context, status)


def _done(request: HttpRequest, change: int, text: str) -> HttpResponse:
    messages.success(request, text, extra_tags=undo_address(request, change))
    return redirect("products:lines", request.workspace.slug)
