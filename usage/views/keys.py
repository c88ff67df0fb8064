"""Which items the keys of the events measure."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import member_required, require
from accounts.roles import Role
from changes.concurrency import Conflict
from changes.models import Change
from ui.pages import render_page
from usage.figures import feature_keys
from usage.forms import UsageKeyForm
from usage.models import UsageKey


@require_http_methods(["GET", "HEAD", "POST"])
@member_required()
def keys(request: HttpRequest) -> HttpResponse:
    """Every key that came with an event or was named here, with its items; managers may change them."""
    refused, status, conflict = None, 200, None
    if request.method == "POST":
        require(request.member, Role.MANAGER, at=request.product)
        form = UsageKeyForm(request.POST, product=request.product, member=request.member)
        if not form.is_valid():
            refused, status = form, 422
        else:
            try:
                return _saved(request, form)
            except Conflict as caught:
                refused, status, conflict = form, 409, caught
    context = {
        "rows": _rows(request, refused, conflict),
        "may_edit": request.member.may(Role.MANAGER, at=request.product),
    }
    return render_page(request, "usage/keys/keys.html", context, status)


def _saved(request: HttpRequest, form: UsageKeyForm) -> HttpResponse:
    chosen = form.cleaned_data
    UsageKey.measure(
        request.product, chosen["key"], form.items_meant, name=chosen["name"], seen=chosen["seen"], by=request.actor
    )
    messages.success(request, _("Saved what %(key)s measures.") % {"key": chosen["key"]})
    return redirect("usage:keys", request.workspace.slug, request.product.key)


def _rows(request: HttpRequest, refused: UsageKeyForm | None, conflict: Conflict | None) -> list[dict[str, Any]]:
    """A row a key, with the form that was refused in its place, so that the typing is kept."""
    named = {
        row.key: row
        for row in UsageKey.objects.visible_to(request.member).of(request.product).prefetch_related("items__product")
    }
    changes = Change.objects.select_related("member__user").in_bulk([row.change_id for row in named.values()])
    rows = []
    for key in sorted({*feature_keys(request.product).values(), *named}):
        row = named.get(key)
        items = list(row.items.all()) if row else []
        initial = {
            "key": key,
            "name": row.name if row else "",
            "items": ", ".join(item.key for item in items),
            "seen": row.change_id if row else None,
        }
        is_refused = refused is not None and refused.data.get("key") == key
        typed = refused.data if refused is not None and is_refused else initial
        rows.append(
            {
                "key": key,
                "items": items,
                "change": row and changes.get(row.change_id),
                "typed": {name: typed.get(name, "") for name in ("name", "items")},
                "seen": initial["seen"],
                "items_seen": initial["items"],
                "errors": refused.errors if refused is not None and is_refused else {},
                "conflict": conflict if is_refused else None,
            }
        )
    return rows
