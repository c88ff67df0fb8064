"""Suggestions while a person types: items to name, and items that a new title may repeat."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.access import member_required
from roadmap.items.alike import alike
from roadmap.items.picking import found_in
from roadmap.models import Item, TypeKind
from ui.pages import render_page


@require_safe
@member_required()
def pick(request: HttpRequest) -> HttpResponse:
    """Items of the workspace that the member sees, as options of a list: by key or words (`q`), epics alone (`epics`)."""
    typed = next((request.GET[name] for name in ("q", "parent", "other") if request.GET.get(name)), "")
    rows = Item.objects.visible_to(request.member)
    if request.GET.get("epics"):
        rows = rows.of(request.product).filter(its_type__kind=TypeKind.EPIC)
    context = {"items": found_in(rows, typed, request.product, request.member)}
    return render_page(request, "roadmap/items/_options.html", context)


@require_safe
@member_required()
def like_this(request: HttpRequest) -> HttpResponse:
    """What a title that is being typed may repeat; empty where nothing is like it."""
    items = alike(request.member, request.product, request.GET.get("title", ""))
    return render_page(request, "roadmap/items/_alike.html", {"items": items})
