"""Opening the portal: for whom, with which words, for which products."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.access import member_required
from accounts.roles import Role
from feedback.forms.settings import PortalForm
from feedback.models import Portal
from products.models import Product
from products.models.product import Access
from ui.pages import render_page


@member_required(Role.ADMIN)
def settings(request: HttpRequest) -> HttpResponse:
    """An installation starts with the portal closed; products limited to teams are never ticked beforehand."""
    portal = Portal.of(request.workspace)
    products = Product.objects.visible_to(request.member)
    open_to_all = [product.key for product in products if product.access == Access.WORKSPACE]
    initial = {} if portal.pk else {"products": open_to_all}
    form = PortalForm(request.POST or None, instance=portal, products=products, initial=initial)
    if request.method == "POST" and form.is_valid():
        portal.set_up(**form.cleaned_data, by=request.actor)
        messages.success(request, _("Saved"))
        return redirect("feedback:portal_settings", request.workspace.slug)
    status = 422 if request.method == "POST" else 200
    return render_page(
        request,
        "feedback/ideas/settings.html",
        {"form": form, "portal": portal, "products": products, "keeps_mail": not django_settings.EMAIL_URL},
        status=status,
    )
