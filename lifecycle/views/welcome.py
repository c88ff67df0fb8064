"""The first run: a short list of steps, a first product by hand, from a template or a file, and samples to look at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from accounts.models import Member
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.answers import undo_address
from changes.models import Change
from lifecycle import starting
from lifecycle.first_steps import steps_for, steps_later
from lifecycle.models import Visit
from lifecycle.starters import SAMPLES, STARTERS, Starter
from products import introducing
from products.forms import NewProductForm
from products.models import Product, Stage
from ui.pages import render_page


@require_safe
@member_required(Role.MANAGER)
def welcome(request: HttpRequest) -> HttpResponse:
    return _page(request, _form(request))


def instead_of_portfolio(request: HttpRequest) -> HttpResponse | None:
    """While no product stands there, whoever may make one is shown how to, until they put the steps away."""
    member = request.member
    if not member.may(Role.MANAGER) or Visit.objects.filter(member=member).exclude(hid_steps_at=None).exists():
        return None
    return _page(request, _form(request))


def strip(ids: list[int], member: Member) -> dict[int, dict[str, Any]]:
    """A panel of the portfolio: how far the first steps are, and that samples are shown."""
    context = strip_of_one(Together(), ids[0], member)()
    return dict.fromkeys(ids, context) if context else {}


def strip_of_one(together: Together, id: int, member: Member) -> Callable[[], dict[str, Any] | None]:
    """The same for one workspace, asked together with the rest of its portfolio."""
    if not member.may(Role.MANAGER):
        return lambda: None
    found = steps_later(member, together)

    def context() -> dict[str, Any] | None:
        steps = found()
        shown = steps.current is not None and not steps.hidden
        return {"steps": steps, "unfinished": shown} if shown or steps.samples else None

    return context


@require_POST
@member_required(Role.MANAGER)
def begin(request: HttpRequest) -> HttpResponse:
    """A first product: from the template `starter`, to import into (`then=import`), or plain."""
    starter = next((one for one in STARTERS if one.slug == request.POST.get("starter")), None)
    form = _form(request, _filled_in(request, starter))
    if form.is_valid():
        try:
            product = _begin(request, form.values, starter)
        except Refused as refusal:
            form.add_error("key", str(refusal))
        else:
            if request.POST.get("then") == "import":
                return redirect("roadmap:import", request.workspace.slug, product.key)
            messages.success(request, _("%(name)s is there") % {"name": product.name})
            return redirect("lifecycle:welcome", request.workspace.slug)
    return _page(request, form, 422)


@require_POST
@member_required(Role.MANAGER)
def load_samples(request: HttpRequest) -> HttpResponse:
    made = starting.load_samples(request.workspace, SAMPLES, by=request.actor)
    if made:
        text = ngettext("%(n)d sample product is there", "%(n)d sample products are there", len(made))
        messages.success(request, text % {"n": len(made)})
    return redirect("products:portfolio", request.workspace.slug)


@require_POST
@member_required(Role.MANAGER)
def remove_samples(request: HttpRequest) -> HttpResponse:
    """All samples in one go; the toast's button brings them back."""
    try:
        change = starting.remove_samples(request.member, by=request.actor)
    except Refused as refusal:
        messages.error(request, str(refusal))
        change = None
    if change is not None:
        messages.success(request, _("The samples are gone"), extra_tags=undo_address(request, change.pk or 0))
    return redirect("products:portfolio", request.workspace.slug)


@require_POST
@member_required(Role.MANAGER)
def hide(request: HttpRequest) -> HttpResponse:
    Visit.of(request.member).hide_steps()
    return redirect("products:portfolio", request.workspace.slug)


@require_POST
@member_required(Role.MANAGER)
def show(request: HttpRequest) -> HttpResponse:
    Visit.of(request.member).show_steps()
    return redirect("lifecycle:welcome", request.workspace.slug)


def _page(request: HttpRequest, form: NewProductForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "steps": steps_for(request.member),
        "starters": STARTERS,
        "samples": SAMPLES,
        "first_name": request.member.name.split()[0],
    }
    return render_page(request, "lifecycle/welcome/welcome.html", context, status)


def _form(request: HttpRequest, data: QueryDict | None = None) -> NewProductForm:
    form = NewProductForm(data, instance=Product(workspace=request.workspace), whole=True, auto_id="first_%s")
    form.limit_choices(request.member)
    return form


def _filled_in(request: HttpRequest, starter: Starter | None) -> QueryDict:
    """What was sent; where a template is chosen, its name, key and kind for what was left empty."""
    sent = request.POST.copy()
    if starter is not None:
        sent["name"] = sent.get("name", "").strip() or str(starter.name)
        sent["key"] = sent.get("key", "").strip() or starting.free_key(request.workspace, starter.key)
        sent["kind"] = starter.kind
    return sent


def _begin(request: HttpRequest, values: dict[str, Any], starter: Starter | None) -> Product:
    stage = values.pop("stage")
    values["lead"] = values.get("lead") or request.member
    with Change.open("product.introduced", by=request.actor, workspace=request.workspace) as change:
        if starter is not None:
            return starting.begin(request.workspace, starter, by=change, stage=stage, **values)
        product = Product.introduce(request.workspace, by=change, **values)
        if stage != Stage.INNOVATION:
            introducing.adopt(product, stage, _("It was here when it was entered into Cradle."), by=change)
    return product
