"""What descriptions begin with: written once for each type by admins, put into items by whoever edits them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from changes.concurrency import Conflict
from roadmap.forms import TemplatesForm
from roadmap.models import ItemTemplate, ItemType
from roadmap.models.template import MERGED, template_for
from roadmap.views.sections import address, item_at
from ui.pages import is_htmx, render_page


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
    item = item_at(request, number)
    template = template_for(item)
    if template is None:
        raise Http404
    try:
        template.fill_in(item, by=request.actor)
    except (Refused, Conflict) as no:
        if is_htmx(request):
            return HttpResponse(str(no), status=422, content_type="text/plain")
        messages.error(request, str(no))
        return redirect(address(request, item))
    undo = reverse("changes:undo", args=[request.workspace.slug, item.change_id])
    messages.success(request, _("The template is in. Write over it."), extra_tags=undo)
    return redirect(address(request, item))
