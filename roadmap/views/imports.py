"""Import into a backlog: upload or paste, match columns with a preview, then a job with progress."""

from __future__ import annotations

import dataclasses
from itertools import islice
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from changes.models import Change
from changes.undo import require_undo_right
from products.models import Product
from roadmap.backlog.cells import plain
from roadmap.importing import LABELS, DateOrder, Field, ImportRefused, Mapping, ParsedItem, parse_rows
from roadmap.importing.limits import LIMITS
from roadmap.models import BacklogImport, Status, types_of
from roadmap.models.known_types import named
from ui.pages import render_page

PREVIEW = 20
COUNTED = 3000
INPUTS = (Field.REACH, Field.IMPACT, Field.CONFIDENCE, Field.EFFORT)


def _latest(member: Member, product: Product) -> QuerySet[BacklogImport]:
    imports = BacklogImport.objects.visible_to(member).of(product).defer("content", "rejects")
    return imports.select_related("job")[:20]


LATEST = Prepared(_latest)


@member_required(Role.MANAGER)
def start(request: HttpRequest) -> HttpResponse:
    """The first step: a file, or cells pasted from a spreadsheet."""
    problem = ""
    if request.method == "POST":
        upload = request.FILES.get("file")
        pasted = request.POST.get("cells", "")
        if upload is not None and (upload.size or 0) > LIMITS.file_bytes:
            problem = _("This file is larger than %(size)d MB. Split it.") % {"size": LIMITS.file_bytes // 2**20}
        elif upload is not None or pasted.strip():
            content = upload.read() if upload is not None else pasted.encode()
            try:
                batch = BacklogImport.prepare(
                    request.product, content, upload.name if upload else "", by=request.actor, pasted=upload is None
                )
                return _to(request, "import_map", batch)
            except ImportRefused as refusal:
                problem = str(refusal)
        else:
            problem = _("Choose a file, or paste the cells of a spreadsheet with their header row.")
    context = {
        "problem": problem,
        "pasted": request.POST.get("cells", ""),
        "imports": LATEST.rows(request.member, request.product),
    }
    return render_page(request, "roadmap/imports/start.html", context, status=422 if problem else 200)


@member_required(Role.MANAGER)
def match(request: HttpRequest, public_id: str) -> HttpResponse:
    """The second step: what each column and each status becomes, with a preview. POST changes it, or begins."""
    batch = _batch(request, public_id)
    if batch.has_begun:
        return redirect("jobs:show", request.workspace.slug, batch.job.public_id)
    problem = ""
    if request.method == "POST":
        try:
            batch.change_mapping(_changed(batch.columns_to_fields, request.POST, request))
            if "begin" in request.POST:
                job = batch.begin(by=request.actor)
                return redirect("jobs:show", request.workspace.slug, job.public_id)
        except Refused as refusal:
            problem = str(refusal)
    return render_page(
        request, "roadmap/imports/map.html", _preview(request, batch, problem), status=422 if problem else 200
    )


@member_required(Role.MANAGER)
def rejects(request: HttpRequest, public_id: str) -> HttpResponse:
    """The rejected rows as CSV, with line and reason, to mend and import again."""
    batch = _batch(request, public_id)
    response = HttpResponse("\ufeff" + batch.rejects, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rejected-rows.csv"'
    return response


@require_POST
@member_required(Role.MANAGER)
def undo_import(request: HttpRequest, public_id: str) -> HttpResponse:
    batch = _batch(request, public_id)
    try:
        for change in Change.objects.visible_to(request.member).filter(pk__in=batch.change_ids):
            require_undo_right(change, request.member)
        batch.undo(by=request.actor)
        messages.success(request, _("The import of %(name)s was undone") % {"name": batch.name})
    except (Http404, PermissionDenied):
        messages.error(request, _("This import cannot be undone: something of it is in another product now."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("roadmap:import", request.workspace.slug, request.product.key)


def _preview(request: HttpRequest, batch: BacklogImport, problem: str) -> dict[str, Any]:
    source, mapping = batch.source(), batch.columns_to_fields
    rows: list[Any] = [] if mapping.questions() else list(islice(parse_rows(source, mapping), COUNTED))
    good = [row for row in rows if isinstance(row, ParsedItem)]
    types = named(types_of(request.workspace.pk))
    known = set(
        batch.product.items.filter(source_id__in=[row.source_id for row in good]).values_list("source", "source_id")
    )
    return {
        "batch": batch,
        "source": source,
        "mapping": mapping,
        "problem": problem,
        "questions": mapping.questions(),
        "labels": _labels(mapping),
        "components": any(row.component for row in good),
        "scored": _scored(mapping),
        "status_values": _statuses_of(mapping).items(),
        "statuses": Status.objects.filter(workspace=request.workspace),
        "types": types,
        "preview": [
            (row, (row.source, row.source_id) in known, dict(types).get(row.type, row.type), _inputs(row, mapping))
            for row in good[:PREVIEW]
        ],
        "new": sum((row.source, row.source_id) not in known for row in good),
        "updates": sum((row.source, row.source_id) in known for row in good),
        "errors": [row for row in rows if not isinstance(row, ParsedItem)][:PREVIEW],
        "error_count": len(rows) - len(good),
        "good_count": len(good),
        "strangers": _strangers(good, mapping),
        "counted_all": len(rows) < COUNTED,
    }


def _labels(mapping: Mapping) -> list[tuple[str, Any]]:
    """What a column can become: the fields of items, after the effort the factors of the product's scorecards."""
    found: list[tuple[str, Any]] = []
    for field, label in LABELS.items():
        if field == Field.FACTOR:
            found += [(f"{field}:{one.key}", one.name) for one in mapping.factors]
        else:
            found.append((str(field), label))
    return found


def _scored(mapping: Mapping) -> list[Any]:
    """The inputs of scores that columns are matched to, each by its name."""
    columns = [LABELS[field] for field in INPUTS if field in mapping.by_field]
    return columns + [one.name for one in mapping.factors if one.key in _matched(mapping)]


def _inputs(row: ParsedItem, mapping: Mapping) -> list[str]:
    """What a row says of them, in the same order, in words."""
    columns = [plain(getattr(row, field)) for field in INPUTS if field in mapping.by_field]
    matched = _matched(mapping)
    return columns + [
        one.shown(row.factors[one.key]) if one.key in row.factors else ""
        for one in mapping.factors
        if one.key in matched
    ]


def _matched(mapping: Mapping) -> set[str]:
    return {column.factor for column in mapping.by_field.get(Field.FACTOR, ())}


def _statuses_of(mapping: Mapping) -> dict[str, str]:
    """Each status of the file with what it becomes; those that were not recognised come last."""
    return {
        **mapping.status_values,
        **{one: mapping.status_values.get(one, mapping.default_status) for one in mapping.uncertain},
    }


def _strangers(rows: list[ParsedItem], mapping: Mapping) -> list[str]:
    """Whom the file names as lead and nobody here is: their items come without one, and the words stay with the item."""
    headers = [column.header for column in mapping.by_field.get(Field.LEAD, ())]
    named = (row.source_data.get(header) for row in rows if row.lead is None for header in headers)
    return sorted({name for name in named if isinstance(name, str) and name})


def _changed(mapping: Mapping, sent: Any, request: HttpRequest) -> Mapping:
    """The mapping with what the form says. What it does not say, or says wrongly, stays."""
    for column in mapping.columns:
        wanted = sent.get(f"column-{column.position}", "")
        name, _colon, factor = wanted.partition(":")
        known = factor in mapping.factor_by_key if name == Field.FACTOR else not factor and name in set(Field)
        if known and wanted != column.choice:
            mapping = mapping.with_field(column.position, Field(name), factor)
    names = set(Status.objects.filter(workspace=request.workspace).values_list("name", flat=True))
    statuses = dict(mapping.status_values)
    for place, value in enumerate(_statuses_of(mapping)):
        chosen = sent.get(f"status-{place}", "")
        if chosen in names:
            statuses[value] = chosen
    keys, types = {one.key for one in types_of(request.workspace.pk)}, dict(mapping.type_values)
    for place, value in enumerate(mapping.type_values):
        chosen = sent.get(f"type-{place}", "")
        if chosen in keys:
            types[value] = chosen
    changes: dict[str, Any] = {"status_values": statuses, "type_values": types}
    if sent.get("date_order", "") in set(DateOrder):
        changes["date_order"] = DateOrder(sent["date_order"])
    return dataclasses.replace(mapping, **changes)


def _batch(request: HttpRequest, public_id: str) -> BacklogImport:
    rows = (
        BacklogImport.objects.visible_to(request.member)
        .of(request.product)
        .select_related("job", "workspace", "product")
    )
    return get_object_or_404(rows, public_id=public_id)


def _to(request: HttpRequest, name: str, batch: BacklogImport) -> HttpResponse:
    return redirect(f"roadmap:{name}", request.workspace.slug, request.product.key, batch.public_id)
