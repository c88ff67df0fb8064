"""Who sees a product, and who has another role in it than in the workspace."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import member_required
from accounts.models import Member, Team
from accounts.prepared import Prepared
from accounts.roles import Role
from accounts.together import Together
from products.access_forms import AccessForm, ProductRoleForm
from products.models import Product, ProductRole
from products.models.product import Access
from ui.pages import render_page


@require_http_methods(["GET", "HEAD", "POST"])
@member_required(Role.ADMIN)
def access(request: HttpRequest) -> HttpResponse:
    """Open to the workspace, or limited to teams; and the members with a role of their own here."""
    product = request.product
    form = AccessForm(request.POST or None, initial=_known(request), by=request.member)
    if request.method == "POST" and form.is_valid():
        product.limit_to(form.teams, by=request.actor)
        limited = _("From now on only its teams, and admins, see %(name)s.")
        opened = _("Everybody in the workspace sees %(name)s now.")
        messages.success(request, (limited if form.teams else opened) % {"name": product.name})
        return _back(request)
    return _page(request, form, ProductRoleForm(by=request.member, product=product), 422 if form.is_bound else 200)


@require_POST
@member_required(Role.ADMIN)
def role(request: HttpRequest) -> HttpResponse:
    """Give a member another role for this product; without one the workspace's role holds again."""
    form = ProductRoleForm(request.POST, by=request.member, product=request.product)
    if not form.is_valid():
        return _page(request, AccessForm(initial=_known(request), by=request.member), form, 422)
    member, given = form.cleaned_data["member"], form.cleaned_data["role"]
    request.product.give_role(member, given, by=request.actor)
    here = given.label if given else member.get_role_display()
    messages.success(
        request,
        _("%(member)s is %(role)s in %(name)s.") % {"member": member, "role": here, "name": request.product.name},
    )
    return _back(request)


def _page(request: HttpRequest, form: AccessForm, role_form: ProductRoleForm, status: int) -> HttpResponse:
    together, variant = Together(), (request.product.access,)
    roles = together.ask(ROLES, request.product)
    role_form.offer(together.ask(PEOPLE, request.product, request.member, variant=variant)())
    context = {
        "product": request.product,
        "form": form,
        "role_form": role_form,
        "roles": roles(),
        "has_teams": bool(form.known["all"]),
    }
    return render_page(request, "products/access/access.html", context, status)


def _known(request: HttpRequest) -> dict[str, object]:
    together = Together.of_page(request)
    linked, teams = together.ask(LINKED, request.member, request.product), together.ask(TEAMS, request.member)
    return {"access": Access(request.product.access), "teams": [row[0] for row in linked()], "all": teams()}


def _people(product: Product, member: Member, access: str) -> Any:
    product.access = access
    rows = product.seen_by().filter(role__lt=Role.ADMIN).visible_to(member).by_name()
    return rows.values_list("public_id", "user__name", "user__email")


TEAMS = Prepared(lambda member: Team.objects.visible_to(member))
LINKED = Prepared(
    lambda member, product: (
        Team.objects.visible_to(member).filter(product_links__product=product).values_list("public_id")
    )
)
PEOPLE = Prepared(_people)
ROLES = Prepared(
    lambda product: (
        ProductRole.objects.filter(product=product, member__removed_at=None)
        .select_related("member__user")
        .order_by("member__user__name", "pk")
    )
)


def _back(request: HttpRequest) -> HttpResponse:
    return redirect("products:access", request.workspace.slug, request.product.key)
