"""Days of a roadmap with a name: kept, renamed, removed. Of a product's roadmap, of a kept one, and of the portfolio's."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.models import Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from products.models import Product
from roadmap.forms.baselines import BaselineForm
from roadmap.models import Baseline, Roadmap
from roadmap.models.baseline import may_keep
from roadmap.views.roadmaps import roadmap_of
from ui.pages import render_page


@dataclass(frozen=True)
class Shelf:
    """The baselines of one roadmap: whose it is, the address of their list, and that of the roadmap. Below their list is all that is done
    to them."""

    request: HttpRequest
    place: Product | Roadmap | Workspace
    here: str
    roadmap: str

    @classmethod
    def of_product(cls, request: HttpRequest) -> Shelf:
        address = [request.workspace.slug, request.product.key]
        return cls(
            request,
            request.product,
            reverse("roadmap:baselines", args=address),
            reverse("roadmap:roadmap", args=address),
        )

    @classmethod
    def of_kept(cls, request: HttpRequest, public_id: str) -> Shelf:
        """Http404 where this member does not see the roadmap."""
        address = [request.workspace.slug, public_id]
        here, page = (reverse(f"roadmap:{name}", args=address) for name in ("kept_baselines", "roadmap_kept"))
        return cls(request, roadmap_of(request, public_id), here, page)

    @classmethod
    def of_portfolio(cls, request: HttpRequest) -> Shelf:
        address = [request.workspace.slug]
        here, page = (reverse(f"roadmap:{name}", args=address) for name in ("portfolio_baselines", "portfolio"))
        return cls(request, request.workspace, here, page)

    @property
    def may_edit(self) -> bool:
        return may_keep(self.request.member, self.place)

    def require(self) -> None:
        if not self.may_edit:
            raise PermissionDenied

    def rows(self) -> list[Baseline]:
        """The newest first."""
        rows = Baseline.objects.visible_to(self.request.member).at(self.place).select_related("made_by__user")
        found = list(rows.order_by("-moment", "-pk"))
        for one in found:
            one.workspace = self.request.workspace
        return found

    def row(self, public_id: str) -> Baseline:
        rows = (
            Baseline.objects.visible_to(self.request.member)
            .at(self.place)
            .select_related("workspace", "product", "roadmap")
        )
        return get_object_or_404(rows, public_id=public_id)

    def blank(self) -> Baseline:
        return Baseline.blank(self.place)

    def context(self) -> dict[str, object]:
        """What its pages say of it."""
        product = self.place if isinstance(self.place, Product) else None
        kept = self.place if isinstance(self.place, Roadmap) else None
        name = _("Roadmap") if product else kept.name if kept else _("Portfolio roadmap")
        return {
            "here": self.here, "roadmap_address": self.roadmap, "roadmap_name": name, "product": product,
            "roadmap_looks_back": not isinstance(self.place, Workspace),
        }  # fmt: skip


@member_required()
def index(request: HttpRequest) -> HttpResponse:
    """All of a product's roadmap, with what they can be compared with."""
    return _index(Shelf.of_product(request))


@member_required()
def kept_index(request: HttpRequest, public_id: str) -> HttpResponse:
    return _index(Shelf.of_kept(request, public_id))


@member_required()
def portfolio_index(request: HttpRequest) -> HttpResponse:
    return _index(Shelf.of_portfolio(request))


@require_POST
@member_required(Role.MANAGER)
def add(request: HttpRequest) -> HttpResponse:
    return _add(Shelf.of_product(request))


@require_POST
@member_required()
def kept_add(request: HttpRequest, public_id: str) -> HttpResponse:
    return _add(Shelf.of_kept(request, public_id))


@require_POST
@member_required(Role.MANAGER)
def portfolio_add(request: HttpRequest) -> HttpResponse:
    return _add(Shelf.of_portfolio(request))


@member_required(Role.MANAGER)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Another name, or another day."""
    return _edit(Shelf.of_product(request), public_id)


@member_required()
def kept_edit(request: HttpRequest, public_id: str, baseline: str) -> HttpResponse:
    return _edit(Shelf.of_kept(request, public_id), baseline)


@member_required(Role.MANAGER)
def portfolio_edit(request: HttpRequest, public_id: str) -> HttpResponse:
    return _edit(Shelf.of_portfolio(request), public_id)


@require_POST
@member_required(Role.MANAGER)
def remove(request: HttpRequest, public_id: str) -> HttpResponse:
    """The name goes; what was on that day can still be looked at."""
    return _remove(Shelf.of_product(request), public_id)


@require_POST
@member_required()
def kept_remove(request: HttpRequest, public_id: str, baseline: str) -> HttpResponse:
    return _remove(Shelf.of_kept(request, public_id), baseline)


@require_POST
@member_required(Role.MANAGER)
def portfolio_remove(request: HttpRequest, public_id: str) -> HttpResponse:
    return _remove(Shelf.of_portfolio(request), public_id)


def _index(shelf: Shelf) -> HttpResponse:
    return _page(shelf, BaselineForm(instance=shelf.blank()))


def _add(shelf: Shelf) -> HttpResponse:
    shelf.require()
    form = BaselineForm(shelf.request.POST, instance=shelf.blank(), whole=True)
    form.require("name")
    if form.is_valid():
        try:
            baseline = Baseline.keep(shelf.place, by=shelf.request.actor, **form.values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(shelf, baseline, _("%(name)s is kept"), baseline.change_id)
    return _page(shelf, form, status=422)


def _edit(shelf: Shelf, public_id: str) -> HttpResponse:
    shelf.require()
    request, baseline = shelf.request, shelf.row(public_id)
    form = BaselineForm(request.POST if request.method == "POST" else None, instance=baseline, whole=True)
    status, conflict = (422 if request.method == "POST" else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            change = baseline.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as met:
            status, conflict = 409, met
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _told(shelf, baseline, _("%(name)s is saved"), change)
    context = {"form": form, "baseline": baseline, "conflict": conflict, **shelf.context()}
    return render_page(request, "roadmap/baselines/edit.html", context, status=status)


def _remove(shelf: Shelf, public_id: str) -> HttpResponse:
    shelf.require()
    baseline = shelf.row(public_id)
    baseline.delete_softly(by=shelf.request.actor)
    return _told(shelf, baseline, _("%(name)s is removed"), baseline.change_id)


def _page(shelf: Shelf, form: BaselineForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form, "baselines": shelf.rows(), "may_edit": shelf.may_edit, "today": shelf.request.workspace.today(),
        **shelf.context(),
    }  # fmt: skip
    return render_page(shelf.request, "roadmap/baselines/index.html", context, status=status)


def _told(shelf: Shelf, baseline: Baseline, words: str, change: int) -> HttpResponse:
    messages.success(shelf.request, words % {"name": baseline.name}, extra_tags=undo_address(shelf.request, change))
    return redirect(shelf.here)
