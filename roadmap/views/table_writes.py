"""What is done to many rows of the table at once: moved in the order, written line by line, filled from a spreadsheet."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from accounts.access import member_required, require
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import undo_address
from jobs.models import Job
from roadmap.backlog import bulk, outlines, pasting, ranking
from roadmap.forms import RankForm
from roadmap.items.picking import numbered
from roadmap.models import Item, types_of
from roadmap.models.known_types import offered
from roadmap.plans.slips import ReasonWanted, asking
from roadmap.views.items import backlog_of
from ui import formats
from ui.pages import is_htmx, render_page, toast


@require_POST
@member_required(Role.MANAGER)
def rank(request: HttpRequest) -> HttpResponse:
    """The chosen items to the top, the bottom, a position, or beside another item."""
    beside = numbered(request.member, request.product, request.POST.get("after"), request.POST.get("before"))
    form = RankForm(request.POST, items=beside)
    place = request.POST.get("place", "") or request.POST.get("position", "")
    try:
        if not form.is_valid():
            raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
        matching = request.POST.get("matching")
        rows = bulk.chosen(request.member, request.product, request.POST.getlist("numbers"), matching)
        after, before = form.cleaned_data["after"], form.cleaned_data["before"]
        found = rows.count()
        if found > ranking.AT_ONCE:
            ranking.refuse_impossible(place, after or before)
            return _by_job(request, found, matching, place, after, before)
        change, items = ranking.put(rows, request.product, by=request.actor, place=place, after=after, before=before)
    except Refused as refusal:
        return _refused(request, str(refusal))
    said = ngettext("%(n)d item moved", "%(n)d items moved", len(items)) % {"n": len(items)}
    return _done(request, change, said)


def _by_job(
    request: HttpRequest, found: int, matching: str | None, place: str, after: Item | None, before: Item | None
) -> HttpResponse:
    title = ngettext("%(n)s item", "%(n)s items", found) % {"n": formats.number(found)}
    job = Job.enqueue(
        "move_items", by=request.actor, workspace=request.workspace, product=request.product, title=title,
        numbers=request.POST.getlist("numbers"), matching=matching, place=place,
        after=after.number if after else None, before=before.number if before else None,
    )  # fmt: skip
    address = reverse("jobs:show", args=[request.workspace.slug, job.public_id])
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if is_htmx(request) else redirect(address)


@member_required(Role.CONTRIBUTOR)
def add_lines(request: HttpRequest) -> HttpResponse:
    """Many items from pasted lines: first what they would become, then all of them as one change."""
    text = request.POST.get("lines", "")[:200_000]
    types = offered(types_of(request.workspace.pk))
    chosen = request.POST.get("type", "")
    chosen = chosen if chosen in {key for key, _name, _usual in types} else ""
    context = {"lines": text, "action": request.path, "problem": "", "outline": None, "types": types, "type": chosen}
    if request.method != "POST":
        return render_page(request, "roadmap/backlog/lines.html", context)
    try:
        context["outline"] = outline = outlines.read(text)
        if request.POST.get("do") == "add":
            if outline.requirements:
                require(request.member, Role.MANAGER, at=request.product)
            change, items = outlines.add(request.product, outline, by=request.actor, type=chosen)
            said = ngettext("%(n)d item is in the backlog", "%(n)d items are in the backlog", len(items)) % {
                "n": len(items)
            }
            return _done(request, change, said)
    except Refused as refusal:
        context["problem"] = str(refusal)
    return render_page(request, "roadmap/backlog/lines.html", context, status=422 if context["problem"] else 200)


@require_POST
@member_required(Role.MANAGER)
def paste(request: HttpRequest) -> HttpResponse:
    """Pasted values into a column of these items. What does not fit is named, beside all that was pasted."""
    numbers, name = request.POST.getlist("numbers"), request.POST.get("column", "")
    text = request.POST.get("values", "")[:200_000]
    context = {
        "numbers": numbers,
        "seen": request.POST.getlist("seen"),
        "column": name,
        "values": text,
        "action": request.path,
    }
    try:
        items, seen = _items(request, numbers)
        values = pasting.lines_of(text)
        reason = request.POST.get("reason", "").replace("\0", "")[:1000]
        outcome = pasting.pasted_or_problems(items, name, values, seen, request.member, by=request.actor, reason=reason)
    except ReasonWanted as wanted:
        return asking(HttpResponse(str(wanted), status=422, content_type="text/plain; charset=utf-8"), wanted)
    except Refused as refusal:
        return render_page(request, "roadmap/backlog/paste.html", {**context, "problem": str(refusal)}, status=422)
    if outcome.problems:
        return render_page(request, "roadmap/backlog/paste.html", {**context, "problems": outcome.problems}, status=422)
    return _done(
        request,
        outcome.change,
        ngettext("%(n)d item changed.", "%(n)d items changed.", outcome.changed) % {"n": outcome.changed},
    )


def _items(request: HttpRequest, numbers: list[str]) -> tuple[list[Item], list[int | None]]:
    """The items of these numbers in this order, and the version of each that was seen."""
    sent = [int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 10]
    versions = [
        int(one) if one.isascii() and one.isdigit() and len(one) < 19 else None for one in request.POST.getlist("seen")
    ]
    seen = dict(zip(sent, versions, strict=False))
    rows = Item.objects.visible_to(request.member).of(request.product).filter(number__in=sent[: pasting.MOST + 1])
    found = {item.number: item for item in rows.select_related("product__workspace", "workspace", "status")}
    if set(found) != set(sent):
        raise Refused(_("Some of these items are gone. Reload the backlog and choose again."))
    order = list(dict.fromkeys(sent))
    return [found[number] for number in order], [seen.get(number) for number in order]


def _done(request: HttpRequest, change: int, said: str) -> HttpResponse:
    undo = undo_address(request, change)
    if not is_htmx(request):
        messages.success(request, said, extra_tags=undo)
        return redirect(backlog_of(request))
    response = toast(HttpResponse(status=204), said, undo=undo)
    # The table of this very browser fetches itself anew, as if another person had done it.
    return trigger_client_event(response, "live:change", {"noun": "item", "id": "*", "change": ""})


def _refused(request: HttpRequest, text: str) -> HttpResponse:
    if is_htmx(request):
        return toast(HttpResponse(status=422), text, tone="bad")
    messages.error(request, text)
    return redirect(backlog_of(request))
