"""The workspace's scorecards in its settings, with a worked example; and by which of them a product scores."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from jobs.models import Job, State
from products.models import Product
from roadmap.forms.scorecards import FactorRows, ScorecardForm, ScoringForm
from roadmap.models import ProductScoring, Scorecard, scoring_of
from roadmap.scores import formulas
from roadmap.scores.explaining import parts
from roadmap.scores.factor_fields import FactorField
from roadmap.scores.formulas import Formula, How
from roadmap.scores.own_cards import checked, formula_of
from ui.pages import render_page


@member_required(Role.ADMIN)
def index(request: HttpRequest) -> HttpResponse:
    return render_page(request, "roadmap/scorecards/index.html", {"cards": CARDS.rows(request.member)})


def _cards(member: Member) -> Any:
    """Each with how many products score by it, whoever may see them."""
    using = ProductScoring.objects.filter(
        Q(scorecard=OuterRef("pk")) | Q(second=OuterRef("pk")), product__deleted_at=None
    )
    counted = using.order_by().values("workspace").annotate(size=Count("pk")).values("size")
    return Scorecard.objects.visible_to(member).annotate(uses=Coalesce(Subquery(counted), 0))


CARDS = Prepared(_cards)


@member_required(Role.ADMIN)
def add(request: HttpRequest) -> HttpResponse:
    form = ScorecardForm(request.POST or None, instance=Scorecard(workspace=request.workspace), whole=True)
    rows = FactorRows(request.POST or None)
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            card = Scorecard.add(request.workspace, by=request.actor, name=form.values["name"], factors=rows.factors)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Added %(name)s") % {"name": card}, extra_tags=undo_address(request, card.change_id)
            )
            return redirect("roadmap:scorecards", request.workspace.slug)
    context = {"form": form, "rows": rows, **_worked(request, request.POST or QueryDict(), None, rows)}
    return render_page(request, "roadmap/scorecards/add.html", context, 422 if request.method == "POST" else 200)


@member_required(Role.ADMIN)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """A ready-made one is shown with its example; one of the workspace's own is edited."""
    card = _card(request, public_id)
    form = ScorecardForm(request.POST or None, instance=card, whole=True)
    rows = FactorRows(request.POST or None, card.factors)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and (card.is_ready_made or rows.is_valid()):
            values = {"name": form.values["name"], **({} if card.is_ready_made else {"factors": rows.factors})}
            try:
                change = card.edit(by=request.actor, seen=form.seen_version, **values)
            except Conflict as conflict:
                form.add_error(None, str(conflict))
                status = 409
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("Saved"), extra_tags=undo_address(request, change))
                return redirect("roadmap:scorecards", request.workspace.slug)
    uses = ProductScoring.objects.using_scorecard(card).filter(product__in=_seen(request)).select_related("product")
    context = {"card": card, "form": form, "rows": rows, "uses": uses, **_worked(request, QueryDict(), card, rows)}
    return render_page(request, "roadmap/scorecards/edit.html", context, status)


@require_POST
@member_required(Role.ADMIN)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    card = _card(request, public_id)
    try:
        card.delete_softly(by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("roadmap:scorecard", request.workspace.slug, public_id)
    messages.success(request, _("Deleted %(name)s") % {"name": card}, extra_tags=undo_address(request, card.change_id))
    return redirect("roadmap:scorecards", request.workspace.slug)


@require_safe
@member_required(Role.ADMIN)
def example(request: HttpRequest) -> HttpResponse:
    """The calculation with the factors and the example's values as they are typed."""
    wanted = request.GET.get("card", "").replace("\0", "")
    card = Scorecard.objects.visible_to(request.member).filter(public_id=wanted).first()
    context = _worked(request, request.GET, card, FactorRows(request.GET))
    return render_page(request, "roadmap/scorecards/example.html", context)


def _worked(request: HttpRequest, typed: QueryDict, card: Scorecard | None, rows: FactorRows) -> dict[str, Any]:
    """What the example draws: a line for each factor with a field for its value, and the score; or why there is none, where nothing was
    named yet, what to do."""
    kept = card if card is not None and (card.is_ready_made or not typed) else None
    if kept is None and rows.is_blank:
        return {"hint": _("Name a factor to see how a score comes about."), "lines": []}
    try:
        formula = kept.formula if kept is not None else _formula(rows)
    except Refused as refusal:
        return {"trouble": str(refusal), "lines": []}
    inputs, wrong = formulas.sample(formula), ""
    for place, factor in enumerate(formula.factors):
        if f"example-{place}" in typed:
            try:
                inputs[factor.key] = formulas.replace_live(factor).read(typed[f"example-{place}"])
            except Refused as refusal:
                wrong = str(refusal)
    lines = [
        {"part": part, "name": f"example-{place}", "input": _input(part, place)}
        for place, part in enumerate(parts(formula, inputs))
    ]
    score = formulas.score(formula, inputs)
    return {
        "trouble": wrong, "lines": lines, "score": None if score is None else formula.shown(score),
        "formula": formula, "weighs": formula.how == How.WEIGH, "card": card,
    }  # fmt: skip


def _input(part: Any, place: int) -> str:
    field = FactorField(part.factor)
    attrs = {"class": field.widget.__class__.__name__ == "Select" and "select" or "input", "id": f"example-{place}",
             "aria-label": str(part.factor.name)}  # fmt: skip
    return field.widget.render(f"example-{place}", field.prepare_value(part.raw), attrs)


def _formula(rows: FactorRows) -> Formula:
    """Of what is typed. Raises Refused with the first thing that is wrong."""
    if rows.is_bound and not rows.is_valid():
        raise Refused(rows.wrong)
    factors = rows.factors if rows.is_bound else rows.initial_factors
    return formula_of("weighted", "", checked(factors))


# --- A product's choice


CHOSEN = Prepared(lambda product: ProductScoring.objects.filter(product=product))


@member_required(Role.MANAGER)
def scoring(request: HttpRequest) -> HttpResponse:
    """By which scorecard the product scores, and which one it shows beside it."""
    row = CHOSEN.first(request.product)
    form = ScoringForm(request.POST or None, member=request.member, row=row)
    if request.method == "POST" and form.is_valid():
        first, second = form.cleaned_data["scorecard"], form.cleaned_data["second"]
        try:
            chosen = ProductScoring.choose(request.product, first, second, by=request.actor)
        except Refused as refusal:
            form.add_error("second", str(refusal))
        else:
            return _chosen(request, chosen)
    context = {"form": form, "scoring": scoring_of(request.product)}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "roadmap/scorecards/scoring.html", context, status)


def _chosen(request: HttpRequest, row: ProductScoring) -> HttpResponse:
    """The backlog; while a job scores its items, the job's page."""
    messages.success(
        request, _("%(product)s scores by %(name)s") % {"product": request.product.name, "name": row.scorecard}
    )
    waiting = Job.objects.filter(
        kind="score_items", product_id=request.product.pk, state__in=[State.QUEUED, State.RUNNING]
    ).visible_to(request.member)
    job = waiting.order_by("-pk").first()
    if job is not None:
        return redirect("jobs:show", request.workspace.slug, job.public_id)
    return redirect("roadmap:backlog", request.workspace.slug, request.product.key)


def _seen(request: HttpRequest) -> Any:
    return Product.objects.visible_to(request.member).values("pk")


def _card(request: HttpRequest, public_id: str) -> Scorecard:
    rows = Scorecard.objects.visible_to(request.member).select_related("workspace")
    return get_object_or_404(rows, public_id=public_id)
