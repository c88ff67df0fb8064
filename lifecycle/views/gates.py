"""A gate review: the evidence, who signs, the decision, and what was decided before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from lifecycle.course import QUESTIONS
from lifecycle.criteria import Drawing, choice_rows, condition_rows
from lifecycle.forms import AskForm, DecisionForm, NewCriterionForm, PlanForm, SignForm
from lifecycle.models import Criterion, Decision, Gate, Weight
from lifecycle.rails import rail_of
from lifecycle.reviewing import GATE, Reviewed, gate_with_review, reviewed
from lifecycle.sign_offs import SignOffs
from lifecycle.standing import standings
from listing.panels import panels_for
from ui import pieces
from ui.pages import is_htmx, render_page, toast


@member_required()
def show(request: HttpRequest, number: int) -> HttpResponse:
    by_chair = request.member.may(Role.MANAGER, at=request.product)
    found = (
        gate_with_review(request.member, request.product, number, by_chair=by_chair) if number in QUESTIONS else None
    )
    if found is None:
        raise Http404
    gate, seen, talk = found
    return page(request, _at_home(request, gate), found=seen, talk=talk)


@require_POST
@member_required(Role.MANAGER)
def plan(request: HttpRequest, number: int) -> HttpResponse:
    """Set or take away the day of the review."""
    gate = gate_of(request, number)
    form = PlanForm(request.POST, instance=gate, whole=True)
    if not form.is_valid():
        return page(request, gate, 422, plan_form=form)
    try:
        gate.plan(form.cleaned_data["review_on"], by=request.actor, seen=form.seen_version)
    except Conflict as conflict:
        form.add_error("review_on", str(conflict))
        form.catch_up(gate)
        return page(request, gate, 409, plan_form=form)
    return done(request, gate, _("Planned"), undo=gate.change_id)


@require_POST
@member_required(Role.MANAGER)
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """Name an approver."""
    gate = gate_of(request, number)
    form = AskForm(request.POST, gate=gate, product=request.product)
    if not form.is_valid():
        return page(request, gate, 422, ask_form=form)
    member = form.cleaned_data["member"]
    gate.ask(member, by=request.actor)
    return done(request, gate, _("%(name)s is asked to sign") % {"name": member.name})


@require_POST
@member_required(Role.MANAGER)
def withdraw(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    """Ask an approver no longer."""
    gate = gate_of(request, number)
    signature = get_object_or_404(gate.sign_offs.select_related("member__user"), public_id=public_id)
    name = signature.member.name
    try:
        signature.withdraw(by=request.actor)
    except Refused as refusal:
        return page(request, gate, 422, refusal=str(refusal))
    return done(request, gate, _("%(name)s is not asked any longer") % {"name": name})


@require_POST
@member_required()
def sign(request: HttpRequest, number: int) -> HttpResponse:
    """One's own opinion, for whoever was asked; nobody else has anything to sign here."""
    gate = gate_of(request, number)
    signature = get_object_or_404(gate.sign_offs.pending(), member=request.member)
    form = SignForm(request.POST)
    if not form.is_valid():
        return page(request, gate, 422, sign_form=form, answered="sign")
    try:
        signature.sign(form.cleaned_data["verdict"], form.cleaned_data["comment"], by=request.actor)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page(request, gate, 422, sign_form=form, answered="sign")
    return done(request, gate, _("Signed"))


@require_POST
@member_required(Role.MANAGER)
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Record the decision. What stands in its way is named, and what was typed stays."""
    gate = gate_of(request, number)
    form = DecisionForm(request.POST, product=request.product)
    if form.is_valid():
        said = form.cleaned_data
        try:
            Decision.record(
                gate, said["kind"], said["reason"], by=request.actor, conditions=said["conditions"], seen=said["seen"]
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return done(request, gate, _("The decision is recorded"))
    return page(request, gate, 422, decision_form=form, answered="decide")


def gate_of(request: HttpRequest, number: int) -> Gate:
    gate = GATE.first(request.member, request.product, variant=(number,)) if number in QUESTIONS else None
    if gate is None:
        raise Http404
    return _at_home(request, gate)


def _at_home(request: HttpRequest, gate: Gate) -> Gate:
    gate.product, gate.workspace = request.product, request.workspace
    return gate


def page(request: HttpRequest, gate: Gate, status: int = 200, **forms: Any) -> HttpResponse:
    """The whole review; htmx gets its inside, also when something was wrong.

    Forms keep what is being typed while others work on the same review (data-kept); `answered` names the one that this
    answers.
    """
    return render_page(request, "lifecycle/gates/show.html", review(request, gate, **forms), status)


def done(request: HttpRequest, gate: Gate, text: str, undo: int | None = None) -> HttpResponse:
    """After a change: the review anew for htmx, a way back to it for a browser."""
    address = reverse("changes:undo", args=[request.workspace.slug, undo]) if undo else ""
    if is_htmx(request):
        return toast(page(request, gate_of(request, gate.number)), text, undo=address)
    messages.success(request, text, extra_tags=address)
    return redirect("lifecycle:gate", request.workspace.slug, request.product.key, gate.number)


def review(request: HttpRequest, gate: Gate, found: Reviewed | None = None, **forms: Any) -> dict[str, Any]:
    """What the page needs; `found` is the review where it was read with the gate."""
    product = request.product
    standing = standings(request.member, [product])[product.pk]
    may_chair = request.member.may(Role.MANAGER, at=product)
    found = found or reviewed(gate, product, by_chair=may_chair)
    latest = found.decisions[0].public_id if found.decisions else ""
    own = next((one for one in found.signatures if one.member_id == request.member.pk), None)
    place = (request.workspace.slug, product.key, gate.number)
    token = get_token(request) if may_chair else ""
    drawing = Drawing(place, token, forms.pop("wrong", None))
    groups = [(weight, [one for one in found.asked if one.weight == weight]) for weight in Weight]
    context = {
        "product": product,
        "gate": gate,
        "standing": standing,
        "rail": rail_of(standing, request.member, request.workspace.today()),
        "groups": [(weight, len(criteria), drawing.rows(criteria)) for weight, criteria in groups],
        "must_met": sum(one.is_settled for one in found.asked if one.weight == Weight.MUST),
        "signatures": SignOffs(place, token, request.member.pk).rows(found.signatures),
        "to_sign": len(found.signatures),
        "signed": sum(one.signed_at is not None for one in found.signatures),
        "own_signature": own,
        "decisions": found.decisions,
        "latest": latest,
        "may_chair": may_chair,
        "panels": panels_for("gate", gate.pk, request.member),
        "groups_size": len(found.asked),
        "answered": "",
        "refusal": "",
        **forms,
    }
    if own:
        context.setdefault("sign_form", SignForm(initial={"verdict": own.verdict, "comment": own.comment}))
    if may_chair:
        context |= _chairing(context, found)
    return context


def _chairing(context: dict[str, Any], found: Reviewed) -> dict[str, Any]:
    """What only the chair's cards need. Forms that this answers stay as they were typed."""
    gate, product, people = context["gate"], context["product"], found.people
    asked = {one.member_id for one in found.signatures}
    form = context.get("decision_form") or DecisionForm(product=product, initial={"seen": context["latest"]})
    return {
        "choices": choice_rows(str(form["kind"].value() or ""), condition_rows(form.rows, people)),
        "askable": pieces.options([(one.public_id, one.name) for one in people if one.pk not in asked]),
        "decision_form": form,
        "plan_form": context.get("plan_form") or PlanForm(instance=gate),
        "criterion_form": context.get("criterion_form") or NewCriterionForm(instance=Criterion(gate=gate)),
    }
