"""The strategy of a product: why it is there, what shall be true, by which bets, and which problems it answers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.answers import naming
from changes.concurrency import Conflict
from listing.panels import facts_together
from products.cells import Cells, editor
from products.forms import ProductForm
from products.goals import Tree, goals_later
from products.models import Initiative, Objective, Problem
from products.problems import PROBLEMS, problem_rows
from products.trouble import Trouble, faster, wrong
from ui.pages import is_htmx, render_page

TEXTS = ("vision", "positioning", "business_model")


@member_required()
def strategy(request: HttpRequest) -> HttpResponse:
    return render_page(request, "products/strategy/strategy.html", _whole(request))


def _whole(request: HttpRequest) -> dict[str, Any]:
    """All sections: two statements."""
    member, product, together = request.member, request.product, Together.of_page(request)
    goals_asked, problems_asked = goals_later(member, product, together), together.ask(PROBLEMS, member, product)
    objectives, initiatives = goals_asked()
    answered = problems_asked()
    facts_together({"objective": objectives, "initiative": initiatives, "problem": answered}, member, name="linked")
    return {**texts(request), **_goals(request, objectives, initiatives), **_problems(request, answered)}


@require_POST
@member_required(Role.MANAGER)
def write(request: HttpRequest) -> HttpResponse:
    """Set one of the strategy texts. Answers with the texts; 409 and 422 keep what was typed."""
    product = request.product
    form = ProductForm(request.POST, instance=product)
    name = next((name for name in TEXTS if name in request.POST), TEXTS[0])
    form.fields = {key: field for key, field in form.fields.items() if key in (name, "seen")}
    url = reverse("products:write", args=[request.workspace.slug, product.key])
    trouble, change = None, 0
    if form.is_valid():
        try:
            change = product.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as conflict:
            trouble = faster(product, product.key, conflict, request.POST, url)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        trouble = wrong(product, product.key, form, url)
    template = "products/strategy/_model.html" if name == "business_model" else "products/strategy/_texts.html"
    return answer(request, template, texts(request, trouble), change, trouble)


@require_safe
@member_required(Role.MANAGER)
def write_field(request: HttpRequest, name: str) -> HttpResponse:
    """The editor of a strategy text, for htmx; else the page that has them all."""
    if name not in TEXTS:
        raise Http404
    if not is_htmx(request):
        return redirect("products:edit", request.workspace.slug, request.product.key)
    return render_page(request, "products/_cell.html", editor(request, request.product, name))


def texts(request: HttpRequest, trouble: Trouble | None = None) -> dict[str, Any]:
    return {"product": request.product, "may_edit": _may_edit(request), "trouble": trouble}


def goals(request: HttpRequest, trouble: Trouble | None = None) -> dict[str, Any]:
    """Objectives with key results and initiatives, and how many items serve each: two statements."""
    objectives, initiatives = goals_later(request.member, request.product, Together())()
    facts_together({"objective": objectives, "initiative": initiatives}, request.member, name="linked")
    return _goals(request, objectives, initiatives, trouble)


def _goals(
    request: HttpRequest, objectives: list[Objective], initiatives: list[Initiative], trouble: Trouble | None = None
) -> dict[str, Any]:
    product, may_edit = request.product, _may_edit(request)
    bets: dict[int | None, list[Initiative]] = {}
    for initiative in initiatives:
        bets.setdefault(initiative.objective_id, []).append(initiative)
    for objective in objectives:
        objective.bets = bets.get(objective.pk, [])
    tree = Tree(request.workspace, product, Cells(request, may_edit=may_edit, trouble=trouble))
    own, shared = [one for one in objectives if one.product_id], [one for one in objectives if not one.product_id]
    has_goals = bool(objectives or initiatives)
    return {
        "product": product,
        "rows": tree.rows(own, bets.get(None, []), shared) if has_goals else "",
        "has_goals": has_goals,
        "may_edit": may_edit,
        "trouble": trouble,
    }


def problems(request: HttpRequest, trouble: Trouble | None = None) -> dict[str, Any]:
    rows = PROBLEMS.rows(request.member, request.product)
    facts_together({"problem": rows}, request.member, name="linked")
    return _problems(request, rows, trouble)


def _problems(request: HttpRequest, rows: list[Problem], trouble: Trouble | None = None) -> dict[str, Any]:
    may_edit = _may_edit(request)
    cells = Cells(request, may_edit=may_edit, trouble=trouble)
    drawn = problem_rows(rows, request.workspace, request.product, cells)
    return {"product": request.product, "problems": drawn, "may_edit": may_edit, "trouble": trouble}


def answer(
    request: HttpRequest, template: str, context: dict[str, Any], change: int, trouble: Trouble | None
) -> HttpResponse:
    """The section that asked, for htmx; the whole page otherwise. Each says what is wrong where it is wrong."""
    status = trouble.status if trouble else 200
    if not is_htmx(request):
        whole = {**_whole(request), **context}
        return render_page(request, "products/strategy/strategy.html", whole, status)
    response = render_page(request, template, context, status)
    return naming(response, change) if trouble is None else response


def _may_edit(request: HttpRequest) -> bool:
    return request.member.may(Role.MANAGER, at=request.product)
