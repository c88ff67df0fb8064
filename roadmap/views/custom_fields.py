"""The workspace's own fields of items: defining them, and filling them in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from changes.answers import naming, undo_address
from changes.concurrency import Conflict
from roadmap.backlog.sheet import sheet_of_row
from roadmap.forms import CustomFieldForm, OptionForm
from roadmap.items.sections import Sections, Trouble
from roadmap.models import CustomField, FieldKind, Item
from roadmap.models.custom_values import count_of_options, drop_option, items_with, people_in, read_values
from roadmap.views.sections import item_at, refused, saved
from ui.pages import is_htmx, render_page

SECTION = "fields"


@require_POST
@member_required(Role.MANAGER)
def fill(request: HttpRequest, number: int, field: str) -> HttpResponse:
    """Set one own field of an item; nothing sent empties it. Answers with the field alone."""
    item = item_at(request, number)
    row = get_object_or_404(CustomField.objects.visible_to(request.member), key=field)
    raw: Any = _sent(request, row)
    seen = request.POST.get("seen", "")
    try:
        values = read_values(request.workspace, {field: raw})
        change = item.edit(
            by=request.actor, seen=int(seen[:19]) if seen.isascii() and seen.isdigit() else None, custom=values
        )
    except (Refused, Conflict) as no:
        sentence = _conflict(no, row) if isinstance(no, Conflict) else str(no)
        if request.POST.get("as") == "row":
            problem = {"field": field, "typed": request.POST.get("value", ""), "sentence": sentence}
            return _table_row(request, item, problem, 409 if isinstance(no, Conflict) else 422)
        trouble = Trouble(SECTION, sentence, field, raw)
        code = 409 if isinstance(no, Conflict) else 422
        if is_htmx(request):
            return _one(request, number, row, trouble, code)
        return refused(request, item_at(request, number), trouble, code)
    if not is_htmx(request):
        return saved(request, item, SECTION, change)
    response = _table_row(request, item) if request.POST.get("as") == "row" else _one(request, number, row)
    return naming(response, change)


def _sent(request: HttpRequest, row: CustomField) -> Any:
    """The value as it was sent: several of a list as so many values, or from a cell of the table as one, with commas."""
    if row.kind != FieldKind.MULTI:
        return request.POST.get("value", "")
    sent = request.POST.getlist("value")
    return [one for one in sent[0].split(",") if one] if request.POST.get("as") == "row" and sent else sent


def _table_row(
    request: HttpRequest, item: Item, problem: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """The item as a row of the table that asked."""
    sheet = sheet_of_row(request.member, request.product, request.POST.get("columns", ""), problem)
    return HttpResponse(sheet.draw_one(item.number, item.pk), status=status)


def _one(
    request: HttpRequest, number: int, row: CustomField, trouble: Trouble | None = None, status: int = 200
) -> HttpResponse:
    item = item_at(request, number)
    sections = Sections(item, request.member, trouble)
    context = {
        "item": item,
        "sections": sections,
        "value": sections.value_of(row),
        "may_edit": True,
        "trouble": trouble,
    }
    return render_page(request, "roadmap/items/_custom.html", context, status)


def _conflict(conflict: Conflict, row: CustomField) -> str:
    who = conflict.change.member.name if conflict.change.member else conflict.change.actor_label or "Cradle"
    theirs = row.shown(conflict.theirs, people_in([row], row.workspace_id)) or "–"
    return _("%(who)s set this to “%(theirs)s” meanwhile. Save again to use yours, or press Escape.") % {
        "who": who, "theirs": theirs,
    }  # fmt: skip


# --- Settings


@member_required(Role.ADMIN)
def index(request: HttpRequest) -> HttpResponse:
    return render_page(request, "roadmap/custom_fields/index.html", {"fields": FIELDS.rows(request.member)})


FIELDS = Prepared(lambda member: CustomField.objects.visible_to(member))


@member_required(Role.ADMIN)
def add(request: HttpRequest) -> HttpResponse:
    form = CustomFieldForm(request.POST or None, instance=CustomField(workspace=request.workspace), whole=True)
    if request.method == "POST" and form.is_valid():
        values = form.values
        try:
            row = CustomField.define(
                request.workspace, values.pop("name"), values.pop("kind"), by=request.actor, **values
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Added %(name)s") % {"name": row}, extra_tags=undo_address(request, row.change_id)
            )
            return redirect("roadmap:custom_fields", request.workspace.slug)
    return render_page(request, "roadmap/custom_fields/add.html", {"form": form}, 422 if form.is_bound else 200)


@member_required(Role.ADMIN)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _row(request, public_id)
    form = CustomFieldForm(request.POST or None, instance=row, whole=True)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            change = row.edit(by=request.actor, seen=form.seen_version, **form.values)
        except Conflict as conflict:
            form.add_error(None, f"{conflict} {_('Theirs')}: {conflict.theirs or '–'}")
            status = 409
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved"), extra_tags=undo_address(request, change))
            return redirect("roadmap:custom_fields", request.workspace.slug)
    if form.is_bound and status == 200:
        status = 422
    return _page(request, _row(request, public_id), form, status)


def _page(
    request: HttpRequest, row: CustomField, form: CustomFieldForm, status: int, refusal: str = ""
) -> HttpResponse:
    counts = count_of_options(row) if row.has_options else {}
    options = [{**one, "count": counts.get(one["key"], 0)} for one in row.options]
    context = {"field": row, "form": form, "options": options, "count": items_with(row).count(), "refusal": refusal}
    return render_page(request, "roadmap/custom_fields/edit.html", context, status)


@member_required(Role.ADMIN)
def delete(request: HttpRequest, public_id: str) -> HttpResponse:
    """GET says what it touches, POST does it. The values stay with the items, so that undo brings all back."""
    row = _row(request, public_id)
    if request.method != "POST":
        context = {"field": row, "count": items_with(row).count()}
        return render_page(request, "roadmap/custom_fields/delete.html", context)
    row.delete_softly(by=request.actor)
    messages.success(request, _("Deleted %(name)s") % {"name": row}, extra_tags=undo_address(request, row.change_id))
    return redirect("roadmap:custom_fields", request.workspace.slug)


@require_POST
@member_required(Role.ADMIN)
def add_option(request: HttpRequest, public_id: str) -> HttpResponse:
    row = _row(request, public_id)
    form = OptionForm(request.POST)
    refusal = "" if form.is_valid() else _("Type the name of the new option, up to 80 characters.")
    if not refusal:
        try:
            row.add_option(form.cleaned_data["name"], by=request.actor)
        except Refused as error:
            refusal = str(error)
    if refusal:
        row = _row(request, public_id)
        return _page(request, row, CustomFieldForm(None, instance=row, whole=True), 422, refusal)
    return redirect("roadmap:custom_field", request.workspace.slug, public_id)


@member_required(Role.ADMIN)
def option(request: HttpRequest, public_id: str, option: str) -> HttpResponse:
    """One option: how many items have it, and with that known renaming it or taking it out (`remove`)."""
    row = _row(request, public_id)
    name = row.option_name(option)
    if not name:
        return redirect("roadmap:custom_field", request.workspace.slug, public_id)
    form = OptionForm(request.POST if request.method == "POST" and not request.POST.get("remove") else None,
                      initial={"name": name})  # fmt: skip
    if request.method == "POST" and (request.POST.get("remove") or form.is_valid()):
        try:
            text = _change_option(request, row, option, name, form)
        except Refused as refusal:
            form.add_error(None, str(refusal)) if form.is_bound else messages.error(request, str(refusal))
        else:
            messages.success(request, text, extra_tags=undo_address(request, row.change_id))
            return redirect("roadmap:custom_field", request.workspace.slug, public_id)
    rows = items_with(row, option)
    shown = rows.visible_to(request.member).select_related("product").order_by("-pk")[:10]
    context = {"field": row, "form": form, "name": name, "count": rows.count(), "items": shown}
    return render_page(request, "roadmap/custom_fields/option.html", context, 200 if request.method == "GET" else 422)


def _change_option(request: HttpRequest, row: CustomField, option: str, name: str, form: OptionForm) -> str:
    if not request.POST.get("remove"):
        row.rename_option(option, form.cleaned_data["name"].strip(), by=request.actor)
        return _("Renamed %(name)s") % {"name": name}
    count = drop_option(row, option, by=request.actor)
    words = ngettext(
        "“%(name)s” is gone, from %(count)d item too", "“%(name)s” is gone, from %(count)d items too", count
    )
    return words % {"name": name, "count": count}


def _row(request: HttpRequest, public_id: str) -> CustomField:
    rows = CustomField.objects.visible_to(request.member).select_related("workspace")
    return get_object_or_404(rows, public_id=public_id)
