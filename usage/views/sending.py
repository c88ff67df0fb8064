"""How events come in: the product's write-only keys, what came lately, and what was refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Max, Sum
from django.db.models.functions import TruncHour
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import member_required
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from listing.pages import Page, Sort, page_of
from products.models import Product
from ui.pages import render_page
from usage.forms import IngestKeyForm
from usage.models import IngestBatch, IngestKey, RejectedEvent
from usage.rollup.watermark import complete_and_waiting_later

ARRIVALS_SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.MANAGER)
def sending(request: HttpRequest) -> HttpResponse:
    """The keys, and a new one: its secret is in this answer and never again."""
    form, issued, secret = IngestKeyForm(request.POST or None), None, ""
    if request.method == "POST" and form.is_valid():
        issued, secret = IngestKey.issue(request.product, form.cleaned_data["name"], by=request.actor)
        form = IngestKeyForm()
    together = Together.of_page(request)
    keys, arrivals = (
        together.ask(KEYS, request.member, request.product),
        together.ask(ARRIVALS, request.product, variant=(timezone.get_current_timezone_name(),)),
    )
    through, waiting = complete_and_waiting_later(request.product.pk, request.workspace.today(), together)()
    context = {
        "form": form,
        "issued": issued,
        "secret": secret,
        "keys": keys(),
        "arrivals": arrivals(),
        "waiting": waiting,
        "through": through,
        "address": request.build_absolute_uri("/api/v1/events/"),
        "may_see_rejected": request.member.may(Role.ADMIN),
    }
    response = render_page(request, "usage/sending/sending.html", context, 422 if form.is_bound else 200)
    response["Cache-Control"] = "private, no-store"
    return response


def _keys(member: Member, product: Product) -> Any:
    rows = IngestKey.objects.visible_to(member).of(product).valid()
    return rows.annotate(last_used=Max("batches__received_at"), accepted=Sum("batches__accepted"))


def _arrivals(product: Product, zone: str) -> Any:
    """What came lately, by hour (in the zone that holds) and sender: the newest ARRIVALS_SHOWN."""
    batches = IngestBatch.objects.of(product).annotate(hour=TruncHour("received_at"))
    by_hour = batches.values("hour", "ingest_key__name").annotate(
        at=Max("received_at"), taken=Sum("accepted"), refused=Sum("rejected")
    )
    return by_hour.order_by("-hour", "ingest_key__name")[:ARRIVALS_SHOWN]


KEYS, ARRIVALS = Prepared(_keys), Prepared(_arrivals)


@require_POST
@member_required(Role.MANAGER)
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    keys = IngestKey.objects.visible_to(request.member).of(request.product).select_related("workspace")
    key = get_object_or_404(keys, public_id=public_id)
    key.revoke(by=request.actor)
    messages.success(request, _("The key %(name)s was revoked.") % {"name": key.name})
    return redirect("usage:sending", request.workspace.slug, request.product.key)


@member_required(Role.ADMIN)
def rejected(request: HttpRequest) -> HttpResponse:
    """Events that were not counted, newest first, each with its reason."""
    rows = RejectedEvent.objects.visible_to(request.member).of(request.product).select_related("batch__ingest_key")
    after, refusal = request.GET.get("after", ""), ""
    try:
        page: Page[RejectedEvent] = page_of(rows, [Sort("id", descending=True)], after)
    except Refused as refused:
        page, refusal = Page([], ""), str(refused)
    template = "usage/rejected/_rows.html" if request.htmx and after else "usage/rejected/rejected.html"
    return render_page(request, template, {"page": page, "refusal": refusal})
