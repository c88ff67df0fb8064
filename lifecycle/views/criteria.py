"""What a gate asks for: added, reworded, ticked with who and when, waived with a reason, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import Conflict
from lifecycle.criteria import Wrong
from lifecycle.forms import CriterionForm, NewCriterionForm
from lifecycle.models import Criterion, CriterionState, Gate, Weight
from lifecycle.views.gates import done, gate_of, page
from ui.pages import render_page


@require_POST
@member_required(Role.MANAGER)
def add(request: HttpRequest, number: int) -> HttpResponse:
    gate = gate_of(request, number)
    form = NewCriterionForm(request.POST, instance=Criterion(gate=gate), whole=True)
    if not form.is_valid():
        return page(request, gate, 422, criterion_form=form, answered="add")
    criterion = Criterion.add(request.workspace, by=request.actor, product=request.product, gate=gate, **form.values)
    return done(request, gate, _("Added %(name)s") % {"name": criterion}, undo=criterion.change_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.MANAGER)
def edit(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    """Its form, which the review fetches when it is opened (a page of its own without JavaScript).

    Posted, it sets what was sent: its state by a tick, or evidence, wording and weight. 409 when somebody was faster.
    """
    gate = gate_of(request, number)
    criterion = _criterion(gate, public_id)
    if request.method != "POST":
        return render_page(request, "lifecycle/gates/criterion_form.html", _form(request, gate, criterion))
    form = CriterionForm(request.POST, instance=criterion)
    if form.is_valid():
        try:
            change = criterion.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as conflict:
            return page(request, gate, 409, refusal=_told(criterion, conflict))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            text = _("%(name)s: %(state)s") % {"name": criterion, "state": criterion.get_state_display()}
            return done(request, gate, text, undo=change)
    sentence = " ".join(sentence for sentences in form.errors.values() for sentence in sentences)
    typed = _form(request, gate, criterion, form.data)
    drawn = render_to_string("lifecycle/gates/_criterion_form.html", typed, request)
    return page(request, gate, 422, wrong=Wrong(public_id, sentence, drawn))


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, number: int, public_id: str) -> HttpResponse:
    gate = gate_of(request, number)
    criterion = _criterion(gate, public_id)
    criterion.delete_softly(by=request.actor)
    return done(request, gate, _("Deleted %(name)s") % {"name": criterion}, undo=criterion.change_id)


def _criterion(gate: Gate, public_id: str) -> Criterion:
    return get_object_or_404(gate.criteria.all(), public_id=public_id)


def _form(
    request: HttpRequest, gate: Gate, criterion: Criterion, typed: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What its form needs: in the fields stands what a person sent of them, else the row."""
    names = CriterionForm.base_fields
    return {
        "gate": gate,
        "product": request.product,
        "one": criterion,
        "typed": {name: (typed or {}).get(name, getattr(criterion, name)) for name in names if name != "seen"},
        "states": CriterionState.choices,
        "weights": Weight.choices,
    }


def _told(criterion: Criterion, conflict: Conflict) -> str:
    who = conflict.change.member.name if conflict.change.member else conflict.change.actor_label
    return _("%(who)s changed “%(name)s” in the meantime. Theirs: %(theirs)s. Yours: %(yours)s.") % {
        "who": who,
        "name": criterion,
        "theirs": conflict.theirs or "–",
        "yours": conflict.yours or "–",
    }
