"""Which items the keys of the events measure."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import member_required, require
from accounts.prepared import Prepared
from accounts.roles import Role
from accounts.together import Together
from changes.concurrency import Conflict
from changes.models import Change
from roadmap.models import Item
from ui.pages import render_page
from usage.figures import known_features
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
    together = Together.of_page(request)
    named_later = together.ask(NAMED, request.member, request.product)
    known = together.ask(FEATURE_KEYS, request.product)
    measured: dict[int, list[MeasuredItem]] = {}
    for key_id, number, title in together.ask(MEASURED, request.member, request.product)():
        measured.setdefault(key_id, []).append(MeasuredItem(number, title, f"{request.product.key}-{number}"))
    named = {row.key: row for row in named_later()}
    changes = {one.pk: one for one in CHANGES.rows([row.change_id for row in named.values()])} if named else {}
    rows = []
    for key in sorted({*(key for _scope, key in known()), *named}):
        row = named.get(key)
        items = measured.get(row.pk, []) if row else []
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


class MeasuredItem(NamedTuple):
    number: int
    title: str
    key: str


NAMED = Prepared(lambda member, product: UsageKey.objects.visible_to(member).of(product))
FEATURE_KEYS = Prepared(known_features)
CHANGES = Prepared(lambda ids: Change.objects.filter(pk__among=ids).select_related("member__user"))
MEASURED = Prepared(
    lambda member, product: (
        Item.objects.filter(usage_keys__in=UsageKey.objects.visible_to(member).of(product))
        .order_by("usage_keys", "pk")
        .values_list("usage_keys", "number", "title")
    )
)
