"""What one member has to do, across all products that they see."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required
from lifecycle import led_rows
from lifecycle.my_work import my_work
from ui.pages import render_page


@require_safe
@member_required()
def show(request: HttpRequest) -> HttpResponse:
    """Grouped by day, or with `?by=product` by product."""
    by = "product" if request.GET.get("by") == "product" else "day"
    work = my_work(request.member, by)
    groups = [(one.label, led_rows.rows(one.items, request.workspace.slug, work.today)) for one in work.groups]
    return render_page(request, "lifecycle/my_work/show.html", {"work": work, "groups": groups, "by": by})


@require_POST
@member_required()
def stop_watching(request: HttpRequest) -> HttpResponse:
    request.thread.unwatch(request.member)
    messages.success(request, _("You hear no more of it."))
    return redirect("lifecycle:my_work", request.workspace.slug)
