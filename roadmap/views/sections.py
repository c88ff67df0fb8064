"""How the sections of an item's page answer: each is a fragment of its own, and a whole page without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.roles import Role
from changes.answers import naming, undo_address
from roadmap.items.sections import Sections, Trouble
from roadmap.items.values import by_hand, progress_anew
from roadmap.models import Item
from roadmap.views.items import whole_item
from ui.pages import is_htmx, render_page, toast

#: The sections that an item's progress may be counted from.
COUNTED = ("requirements", "children")


def item_at(request: HttpRequest, number: int) -> Item:
    """The item of an address, within the member's reach."""
    rows = Item.objects.visible_to(request.member).of(request.product).for_rows()
    item = get_object_or_404(rows, number=number)
    item.product = request.product
    return item


def saved(request: HttpRequest, item: Item, section: str, change: int, text: str = "") -> HttpResponse:
    """The section as it is now; with `text` also a toast that undoes `change`."""
    undo = undo_address(request, change)
    if not is_htmx(request):
        if text:
            messages.success(request, text, extra_tags=undo)
        return redirect(address(request, item) + f"#item-{section}")
    response = naming(fragment(request, item, section), change)
    return toast(response, text, undo=undo) if text else response


def refused(request: HttpRequest, item: Item, trouble: Trouble, status: int = 422) -> HttpResponse:
    """What was wrong, beside what was typed."""
    if is_htmx(request):
        return fragment(request, item, trouble.section, trouble, status)
    context = whole_item(request, item, trouble)
    return render_page(request, "roadmap/items/show.html", context, status)


def fragment(
    request: HttpRequest, item: Item, section: str, trouble: Trouble | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "item": item,
        "sections": Sections(item, request.member, trouble),
        "may_edit": request.member.may(Role.MANAGER, at=request.product),
        "may_add": request.member.may(Role.CONTRIBUTOR, at=request.product),
    }
    response = render_page(request, f"roadmap/items/_{section}.html", context, status)
    if section in COUNTED and context["may_edit"] and trouble is None:
        today, place = request.workspace.today(), address(request, item)
        response.write(progress_anew(item, today, place) + by_hand(item, today, address=place, anew=True))
    return response


def address(request: HttpRequest, item: Item) -> str:
    return reverse("roadmap:item", args=[request.workspace.slug, request.product.key, item.number])


def sentences(form: Any) -> str:
    """All that is wrong with a small form, in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)
