"""From an item's page to the next one."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import member_required
from accounts.refusals import Refused
from roadmap.backlog.asked import Asked
from roadmap.backlog.filters import item_language
from roadmap.backlog.stepping import item_beside
from roadmap.backlog.surroundings import around
from roadmap.models import Item


@require_safe
@member_required()
def following(request: HttpRequest, number: int) -> HttpResponse:
    """To the next item of the backlog that the query asks for (its filters, order and groups; without, all by rank)."""
    return _step(request, number)


@require_safe
@member_required()
def preceding(request: HttpRequest, number: int) -> HttpResponse:
    """To the item before."""
    return _step(request, number, before=True)


def _step(request: HttpRequest, number: int, *, before: bool = False) -> HttpResponse:
    if number >= 2**31:
        raise Http404
    language = item_language(request.workspace, request.product)
    order = Asked(request, around(request.member, request.product)).order
    try:
        condition = language.compile(language.from_query(request.GET))
    except Refused:
        condition = Q()  # a filter of what is gone: the list says so, here all items follow one another
    try:
        there = item_beside(request.member, request.product, number, condition, order, before=before)
    except Item.DoesNotExist as error:
        raise Http404 from error
    if there is None:
        words = _("%(key)s is the first of this list.") if before else _("%(key)s is the last of this list.")
        messages.info(request, words % {"key": f"{request.product.key}-{number}"})
    return redirect("roadmap:item", request.workspace.slug, request.product.key, there or number)
