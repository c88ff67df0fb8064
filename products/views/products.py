"""One product: its overview, how it stands, its master data, the way in and the way out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, require
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes import feed
from changes.answers import undo_address
from changes.concurrency import Conflict
from changes.models import Change
from listing.panels import panels_later
from products import introducing
from products.forms import HealthForm, NewProductForm, ProductForm
from products.models import Product, Stage
from products.summary import Drawing, summary_later
from products.trouble import faster
from ui.pages import in_dialog, lead_to, render_page

MOST_CHANGES = 8


@member_required()
def overview(request: HttpRequest) -> HttpResponse:
    """What the product is for, where it stands, what comes next and what happened last."""
    product, member, together = request.product, request.member, Together.of_page(request)
    head, panels = (panels_later(slot, product.pk, member, together) for slot in ("product.head", "product"))
    activity = feed.recent_later(member, {product.pk: product.key}, together, limit=MOST_CHANGES)
    summary, drawing = summary_later(member, product, together)(), Drawing(request.workspace, product)
    return render_page(
        request,
        "products/products/overview.html",
        {
            "product": product,
            "lead_name": summary.lead_name,
            "line_name": summary.line_name,
            "goals": drawing.goals(summary.goals),
            "problems": drawing.problems(summary.problems),
            "head_panels": head(),
            "panels": panels(),
            "activity": activity(),
            "may_edit": request.member.may(Role.MANAGER, at=product),
            "may_judge": product.may_be_judged_by(request.member, product),
        },
    )


@member_required()
def latest(request: HttpRequest) -> HttpResponse:
    """The newest change of the product in one line: pages that somebody else changed fetch it to say who and when. Nobody is told
    what they did themselves."""
    activity = feed.recent(request.member, {request.product.pk: request.product.key}, limit=1)
    told = [one for one in activity if one.who != request.member.name]
    return render_page(request, "products/products/latest.html", {"latest": told[0] if told else None})


@member_required(Role.MANAGER)
def add(request: HttpRequest) -> HttpResponse:
    """A new product; one that is further than Innovation enters its stage at once."""
    blank = Product(workspace=request.workspace)
    form = NewProductForm(request.POST or None, instance=blank, whole=True)
    form.limit_choices(request.member)
    if request.method == "POST" and form.is_valid():
        try:
            product = _introduce(request, form)
        except Refused as refusal:
            form.add_error("key", str(refusal))
        else:
            return redirect("products:overview", request.workspace.slug, product.key)
    status = 422 if request.method == "POST" else 200
    return render_page(request, "products/products/add.html", {"form": form}, status=status)


def _introduce(request: HttpRequest, form: NewProductForm) -> Product:
    values = form.values
    stage = values.pop("stage")
    with Change.open("product.introduced", by=request.actor, workspace=request.workspace) as change:
        product = Product.introduce(request.workspace, by=change, **values)
        if stage != Stage.INNOVATION:
            introducing.adopt(product, stage, _("It was here when it was entered into Cradle."), by=change)
    return product


@member_required(Role.MANAGER)
def edit(request: HttpRequest) -> HttpResponse:
    """The product's master data, or one of its strategy texts. Answers 409 with both values when somebody was faster."""
    form = ProductForm(request.POST or None, instance=request.product)
    form.limit_choices(request.member)
    trouble = None
    if request.method == "POST" and form.is_valid():
        try:
            change = request.product.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as conflict:
            trouble = faster(request.product, request.product.key, conflict, request.POST, request.path)
            form.catch_up(request.product)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved"), extra_tags=undo_address(request, change))
            return redirect("products:overview", request.workspace.slug, request.product.key)
    status = 409 if trouble else 422 if request.method == "POST" else 200
    context = {
        "form": form,
        "trouble": trouble,
        "product": request.product,
        "may_limit": request.member.may(Role.ADMIN),
    }
    return render_page(request, "products/products/edit.html", context, status)


@member_required()
def health(request: HttpRequest) -> HttpResponse:
    """How it stands and why, said by its lead or a manager."""
    product = request.product
    if not product.may_be_judged_by(request.member, product):
        require(request.member, Role.MANAGER, at=product)
    form = HealthForm(request.POST or None, instance=product, whole=True)
    trouble = None
    if request.method == "POST" and form.is_valid():
        said = form.values
        try:
            product.set_health(said["health"], said["health_reason"], by=request.actor, seen=form.seen_version)
        except Conflict as conflict:
            trouble = faster(product, product.key, conflict, request.POST, request.path)
            form.catch_up(product)
        except Refused as refusal:
            form.add_error("health_reason", str(refusal))
        else:
            messages.success(request, _("Noted how it stands"), extra_tags=_undo(request, product))
            return lead_to(request, "products:overview", request.workspace.slug, product.key)
    status = 409 if trouble else 422 if request.method == "POST" else 200
    context = {"form": form, "trouble": trouble, "product": product}
    return in_dialog(request, "products/products/health.html", context, status)


@require_POST
@member_required(Role.MANAGER)
def archive(request: HttpRequest) -> HttpResponse:
    """Out of sight for everybody, until somebody undoes it."""
    request.product.delete_softly(by=request.actor)
    text = _("%(name)s is archived") % {"name": request.product.name}
    messages.success(request, text, extra_tags=_undo(request, request.product))
    return redirect("products:portfolio", request.workspace.slug)


#: The name of the lead and of the line of a product: one statement, for `request.product` was read already.
def _undo(request: HttpRequest, product: Product) -> str:
    return undo_address(request, product.change_id)
