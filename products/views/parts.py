"""The parts of a product's strategy, which people add, read, edit and delete alike: goals, key results, initiatives,
problems. `part` comes from the URLconf."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from changes.editable import Editable
from changes.history import history_of
from listing.panels import panels_for
from products.cells import CELLS, editor
from products.forms import InitiativeForm, KeyResultForm, ObjectiveForm, PartForm, ProblemForm
from products.models import Initiative, KeyResult, Objective, Problem
from products.trouble import Trouble, faster, wrong
from products.views import strategy
from ui.pages import is_htmx, render_page


@dataclass(frozen=True)
class Part:
    """How one kind of part differs: its words, its form, the section of the strategy page it stands in."""

    name: str
    path: str
    model: type[Editable]
    form: type[PartForm]
    title: Any
    new: Any
    section: str
    anchor: str

    @property
    def edit_url(self) -> str:
        return f"products:{self.name}_edit"

    @property
    def delete_url(self) -> str:
        return f"products:{self.name}_delete"


GOALS, PROBLEMS = "products/strategy/_goals.html", "products/strategy/_problems.html"
PARTS = {
    part.name: part
    for part in (
        Part(
            "objective", "goals", Objective, ObjectiveForm, gettext_lazy("Goal"), gettext_lazy("New goal"), GOALS, "goals"
        ),
        Part(
            "key_result", "results", KeyResult, KeyResultForm, gettext_lazy("Key result"), gettext_lazy("New key result"),
            GOALS, "goals",
        ),
        Part(
            "initiative", "initiatives", Initiative, InitiativeForm, gettext_lazy("Initiative"),
            gettext_lazy("New initiative"), GOALS, "goals",
        ),
        Part(
            "problem", "problems", Problem, ProblemForm, gettext_lazy("Problem"), gettext_lazy("New problem"), PROBLEMS,
            "problems",
        ),
    )
}  # fmt: skip


@member_required(Role.MANAGER)
def add(request: HttpRequest, part: str, objective: str = "") -> HttpResponse:
    """A new part of the product; a key result of the objective that the address names."""
    kind = PARTS[part]
    parent = _objective(request, objective) if part == "key_result" else None
    form = _form(request, kind, kind.model(workspace=request.workspace, product=request.product), whole=True)
    if request.method == "POST" and form.is_valid():
        try:
            row = _add(request, kind, parent, form.values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Added %(name)s") % {"name": row}, extra_tags=_undo(request, row))
            return redirect(_section(request, kind))
    status = 422 if request.method == "POST" else 200
    context = {"part": kind, "form": form, "parent": parent, "product": request.product}
    return render_page(request, "products/parts/add.html", context, status)


@member_required()
def show(request: HttpRequest, part: str, public_id: str) -> HttpResponse:
    """All of a part: its fields, what apps to the right know of it, and its history."""
    kind = PARTS[part]
    row = _row(request, kind, public_id)
    return _page(request, kind, row, _form(request, kind, row))


@require_safe
@member_required(Role.MANAGER)
def field(request: HttpRequest, part: str, public_id: str, name: str) -> HttpResponse:
    """The editor of a cell of the strategy page, for htmx; else the page of the part, which has all its fields."""
    row = _row(request, PARTS[part], public_id)
    if name not in CELLS[part]:
        raise Http404
    if not is_htmx(request):
        return redirect(f"products:{part}", request.workspace.slug, request.product.key, public_id)
    return render_page(request, "products/_cell.html", editor(request, row, name))


@require_POST
@member_required(Role.MANAGER)
def edit(request: HttpRequest, part: str, public_id: str) -> HttpResponse:
    """Set the fields that were sent. A cell of the strategy page (`as=cell`) is answered with its section."""
    kind = PARTS[part]
    row = _row(request, kind, public_id)
    form = _form(request, kind, row)
    url = reverse(f"products:{part}_edit", args=[request.workspace.slug, request.product.key, public_id])
    trouble, change = None, 0
    if form.is_valid():
        try:
            change = row.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as conflict:
            trouble = faster(row, public_id, conflict, request.POST, url)
            form.catch_up(row)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    if form.errors:
        trouble = wrong(row, public_id, form, url)
    if request.POST.get("as") == "cell":
        fill = strategy.problems if kind.section == PROBLEMS else strategy.goals
        return strategy.answer(request, kind.section, fill(request, trouble), change, trouble)
    if trouble is not None:
        return _page(request, kind, row, form, trouble)
    messages.success(request, _("Saved"), extra_tags=undo_address(request, change))
    return redirect(f"products:{part}", request.workspace.slug, request.product.key, public_id)


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, part: str, public_id: str) -> HttpResponse:
    kind = PARTS[part]
    row = _row(request, kind, public_id)
    row.delete_softly(by=request.actor)
    messages.success(request, _("Deleted %(name)s") % {"name": row}, extra_tags=_undo(request, row))
    return redirect(_section(request, kind))


def _row(request: HttpRequest, kind: Part, public_id: str) -> Any:
    """The part, of this product alone: what belongs to the workspace is not changed from within a product."""
    rows = kind.model.objects.visible_to(request.member).of(request.product)  # type: ignore[attr-defined]
    return get_object_or_404(rows, public_id=public_id)


def _objective(request: HttpRequest, public_id: str) -> Objective:
    return get_object_or_404(Objective.objects.visible_to(request.member).of(request.product), public_id=public_id)


def _form(request: HttpRequest, kind: Part, row: Any, *, whole: bool = False) -> PartForm:
    form = kind.form(request.POST if request.method == "POST" else None, instance=row, whole=whole)
    form.limit_choices(request.member, request.product)
    if whole:
        form.leave_out("health", "health_reason")
    return form


def _add(request: HttpRequest, kind: Part, parent: Objective | None, values: dict[str, Any]) -> Any:
    if parent is not None:
        return KeyResult.add_to(parent, by=request.actor, **values)
    return kind.model.add(request.workspace, by=request.actor, product=request.product, **values)


def _page(request: HttpRequest, kind: Part, row: Any, form: PartForm, trouble: Trouble | None = None) -> HttpResponse:
    context = {
        "part": kind,
        "row": row,
        "form": form,
        "trouble": trouble,
        "product": request.product,
        "may_edit": request.member.may(Role.MANAGER, at=request.product),
        "panels": panels_for(kind.name, row.pk, request.member),
        "entries": history_of(row, limit=20),
    }
    return render_page(request, "products/parts/show.html", context, trouble.status if trouble else 200)


def _section(request: HttpRequest, kind: Part) -> str:
    return reverse("products:strategy", args=[request.workspace.slug, request.product.key]) + f"#{kind.anchor}"


def _undo(request: HttpRequest, row: Any) -> str:
    return undo_address(request, row.change_id)
