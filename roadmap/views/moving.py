"""Items to another product: what that takes along and lets go is said before it is done."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from jobs.models import Job
from roadmap.backlog import bulk
from roadmap.forms.moving import MoveForm
from roadmap.items import moving
from roadmap.items.moving import Outcome
from roadmap.views.items import backlog_of
from ui import formats
from ui.pages import is_htmx, render_page


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.MANAGER)
def move(request: HttpRequest) -> HttpResponse:
    """Of the chosen items (`numbers`, or all that `matching` filters): GET says what a move would do, POST with a product does it, at once up
    to 200, else by a job. POST without one comes from the table's bar, and goes to the page that asks."""
    sent = request.POST if request.method == "POST" else request.GET
    numbers, matching = sent.getlist("numbers"), sent.get("matching")
    if request.method == "POST" and "to" not in sent:
        return _to_page(request, numbers, matching)
    try:
        rows = bulk.chosen(request.member, request.product, numbers, matching)
        foreseen = moving.foresee(rows, along=True), moving.foresee(rows, along=False)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(backlog_of(request))
    if not foreseen[0].items:
        messages.error(request, _("Choose at least one item to move."))
        return redirect(backlog_of(request))
    form = MoveForm(
        request.POST or None, to=moving.destinations(request.member, request.product), under=foreseen[0].under
    )
    context = {"form": form, "along": foreseen[0], "alone": foreseen[1], "numbers": numbers, "matching": matching}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render_page(request, "roadmap/items/moving.html", context, status=status)
    target, along = form.cleaned_data["to"], form.cleaned_data["children"] != "stay"
    if foreseen[0].items + foreseen[0].under > bulk.AT_ONCE:
        return _by_job(request, numbers, matching, target.key, along, foreseen[0].items)
    try:
        with transaction.atomic():
            outcome = moving.move(rows, request.product, target, along=along, by=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return render_page(request, "roadmap/items/moving.html", context, status=422)
    return _moved(request, outcome)


def _to_page(request: HttpRequest, numbers: list[str], matching: str | None) -> HttpResponse:
    query = QueryDict(mutable=True)
    if matching is None:
        query.setlist("numbers", numbers)
    else:
        query["matching"] = matching
    address = reverse("roadmap:items_product", args=[request.workspace.slug, request.product.key])
    address = f"{address}?{query.urlencode()}"
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_htmx(request) else redirect(address)


def _by_job(
    request: HttpRequest, numbers: list[str], matching: str | None, target: str, along: bool, found: int
) -> HttpResponse:
    title = ngettext("%(n)s item", "%(n)s items", found) % {"n": formats.number(found)}
    job = Job.enqueue(
        "items_to_product", by=request.actor, workspace=request.workspace, product=request.product, title=title,
        numbers=numbers, matching=matching, target=target, along=along,
    )  # fmt: skip
    return redirect(reverse("jobs:show", args=[request.workspace.slug, job.public_id]))


def _moved(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    if not outcome.moved:
        messages.error(request, _("These items are in this product no more."))
        return redirect(backlog_of(request))
    undo = reverse("changes:undo", args=[request.workspace.slug, outcome.change])
    first, slug = outcome.moved[0], request.workspace.slug
    if len(outcome.moved) == 1:
        messages.success(request, _("It is %(key)s now") % {"key": first.key}, extra_tags=undo)
        return redirect("roadmap:item", slug, first.product.key, first.number)
    text = ngettext("%(n)d item moved to %(product)s", "%(n)d items moved to %(product)s", len(outcome.moved))
    told = {"n": len(outcome.moved), "product": first.product.name}
    messages.success(request, text % told, extra_tags=undo)
    return redirect("roadmap:backlog", slug, first.product.key)
