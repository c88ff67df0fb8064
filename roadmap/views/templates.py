"""What descriptions begin with: written once for each type by admins, put into items by whoever edits them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reswap

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import naming, undo_address
from changes.concurrency import Conflict
from roadmap.forms import TemplatesForm
from roadmap.items.values import shown
from roadmap.models import Item, ItemTemplate, ItemType
from roadmap.models.template import MERGED, template_for
from roadmap.views.sections import address, item_at
from ui.pages import is_htmx, render_page, toast


@member_required(Role.ADMIN)
def index(request: HttpRequest) -> HttpResponse:
    there = {one.type: one.text for one in ItemTemplate.objects.visible_to(request.member)}
    form: forms.Form = TemplatesForm(
        request.POST or None, initial=there, types=ItemType.objects.visible_to(request.member)
    )
    if request.method == "POST" and form.is_valid():
        change = ItemTemplate.keep(request.workspace, form.cleaned_data, by=request.actor)
        messages.success(request, _("Saved"), extra_tags=undo_address(request, change))
        return redirect("roadmap:templates", request.workspace.slug)
    context = {"form": form, "merged": [f"{{{name}}}" for name in MERGED]}
    return render_page(request, "roadmap/templates/index.html", context, 422 if form.is_bound else 200)


@require_POST
@member_required(Role.MANAGER)
def fill_in(request: HttpRequest, number: int) -> HttpResponse:
    """The description begins with the template. htmx gets the description as it is now, in its place on the page or in the drawer."""
    item = item_at(request, number)
    template = template_for(item)
    if template is None:
        raise Http404
    try:
        template.fill_in(item, by=request.actor)
    except (Refused, Conflict) as no:
        if is_htmx(request):
            return reswap(toast(HttpResponse(status=422), str(no), tone="bad"), "none")
        messages.error(request, str(no))
        return redirect(address(request, item))
    text, undo = _("The template is in. Write over it."), undo_address(request, item.change_id)
    if not is_htmx(request):
        messages.success(request, text, extra_tags=undo)
        return redirect(address(request, item))
    response = HttpResponse(_described(request, item) + _offer_gone(item))
    return toast(naming(response, item.change_id), text, undo=undo)


def _described(request: HttpRequest, item: Item) -> str:
    """The description with the way to its editor, which has the focus."""
    drawn = shown(item, "description", request.workspace.today(), address=address(request, item), css="prose")
    return drawn.replace(" data-show", " data-show autofocus", 1)


def _offer_gone(item: Item) -> str:
    return f'<form id="template-{item.number}" hx-swap-oob="delete"></form>'
