"""The strategy of a product: why it is there, what shall be true, by which bets, and which problems it answers."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from listing.panels import facts_for
from products.forms import ProductForm
from products.models import Initiative, Objective, Problem
from products.trouble import Trouble, faster, wrong
from products.views.products import objectives_of
from ui.pages import is_htmx, render_page

TEXTS = ("vision", "positioning", "business_model")


@member_required()
def strategy(request: HttpRequest) -> HttpResponse:
    return render_page(
        request, "products/strategy/strategy.html", {**texts(request), **goals(request), **problems(request)}
    )


@require_POST
@member_required(Role.MANAGER)
def write(request: HttpRequest) -> HttpResponse:
    """Set one of the strategy texts. Answers with the texts; 409 and 422 keep what was typed."""
    product = request.product
    form = ProductForm(request.POST, instance=product)
    name = next((name for name in TEXTS if name in request.POST), TEXTS[0])
    form.fields = {key: field for key, field in form.fields.items() if key in (name, "seen")}
    url = reverse("products:write", args=[request.workspace.slug, product.key])
    trouble = None
    if form.is_valid():
        try:
            product.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as conflict:
            trouble = faster(product, product.key, conflict, request.POST, url)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        trouble = wrong(product, product.key, form, url)
    template = "products/strategy/_model.html" if name == "business_model" else "products/strategy/_texts.html"
    return answer(request, template, texts(request, trouble), product.change_id, trouble)


def texts(request: HttpRequest, trouble: Trouble | None = None) -> dict[str, Any]:
    return {"product": request.product, "may_edit": _may_edit(request), "trouble": trouble}


def goals(request: HttpRequest, trouble: Trouble | None = None) -> dict[str, Any]:
    """Objectives with key results and initiatives, and how many items serve each: a few statements."""
    product = request.product
    objectives = objectives_of(request, product)
    shared = Objective.objects.visible_to(request.member).filter(product=None)
    shared = list(shared.select_related("lead__user").prefetch_related("key_results"))
    initiatives = Initiative.objects.visible_to(request.member).of(product).select_related("lead__user")
    initiatives = list(initiatives)
    facts_for("objective", [*objectives, *shared], request.member)
    facts_for("initiative", initiatives, request.member)
    known = {objective.pk for objective in objectives}
    by_objective: dict[int | None, list[Initiative]] = {}
    for initiative in initiatives:
        by_objective.setdefault(initiative.objective_id, []).append(initiative)
    for objective in [*objectives, *shared]:
        objective.bets = by_objective.get(objective.pk, [])
    return {
        "product": product,
        "objectives": objectives,
        "shared_objectives": shared,
        "loose_initiatives": [one for one in initiatives if one.objective_id is None],
        "has_goals": bool(known or shared or initiatives),
        "may_edit": _may_edit(request),
        "trouble": trouble,
    }


def problems(request: HttpRequest, trouble: Trouble | None = None) -> dict[str, Any]:
    rows = list(Problem.objects.visible_to(request.member).of(request.product))
    facts_for("problem", rows, request.member)
    return {"product": request.product, "problems": rows, "may_edit": _may_edit(request), "trouble": trouble}


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], change: int, trouble: Trouble | None
) -> HttpResponse:
    """The section that asked, for htmx; the whole page otherwise. Each says what is wrong where it is wrong."""
    status = trouble.status if trouble else 200
    if not is_htmx(request):
        whole = {**texts(request), **goals(request), **problems(request), **context}
        return render_page(request, "products/strategy/strategy.html", whole, status)
    response = render_page(request, template, context, status)
    if trouble is None:
        response["X-Change"] = str(change)
    return response


def _may_edit(request: HttpRequest) -> bool:
    return request.member.may(Role.MANAGER, at=request.product)
