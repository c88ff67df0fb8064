"""One item: its page and drawer, and every change that a person makes to it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.db.models import OuterRef
from django.forms import BoundField
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import member_required, remember, require
from accounts.models import Member
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from accounts.together import Together
from changes.answers import naming, undo_address
from changes.concurrency import Conflict
from changes.history import history_later, history_of
from discussion.reading import Talk
from listing.panels import panels_later
from products.models import Product
from roadmap.backlog.sheet import sheet_of_row
from roadmap.forms import ItemForm, RankForm
from roadmap.items import values
from roadmap.items.picking import item_once, numbered
from roadmap.items.red_thread import place_of, thread_of
from roadmap.items.sections import Sections, Trouble
from roadmap.items.unread import edit_unread, title_alone
from roadmap.models import Item, scoring_of
from roadmap.models.item_rules import PROPOSED
from roadmap.models.product_scoring import adopt_scoring, told_scoring
from roadmap.plans.slips import ReasonWanted, asking
from ui import formats
from ui.pages import is_htmx, render_page, toast, wants_fragment
from ui.templatetags.addresses import address_of

#: How a page may dress a field; the editor comes back in the same dress.
FIELD_CSS = {"drawer__title", "ip__name", "prose"}


@member_required()
def show(request: HttpRequest, number: int) -> HttpResponse:
    """The item's page; its drawer for htmx, unless the page fetches itself anew (`as=page`)."""
    item = item_of(request.member, request.product, number)
    if item is None:
        return _where_it_went(request, number)
    template = "page" if request.GET.get("as") == "page" else "show"
    return render_page(request, f"roadmap/items/{template}.html", whole_item(request, item))


def _where_it_went(request: HttpRequest, number: int) -> HttpResponse:
    """The address that an item has since it was moved to another product; not for ever, for a move may be undone."""
    gone_to = item_once(request.member, request.product.key, number)
    if gone_to is None:
        raise Http404
    address = reverse("roadmap:item", args=[request.workspace.slug, gone_to.product.key, gone_to.number])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


@require_POST
@member_required(Role.CONTRIBUTOR)
def add(request: HttpRequest) -> HttpResponse:
    """A new item from the quick-add line; contributors propose (PROPOSED), managers may also set all else.

    The line itself (htmx) is told by a toast and stays where it is, ready for the next title; a plain form goes to
    the backlog with the new item open.
    """
    remember(request.member)
    values = title_alone(request.POST)
    form = _form_of_new(request) if values is None else None
    if form is not None:
        if not form.is_valid():
            return _not_added(request, form)
        values = form.values
        if values.keys() - PROPOSED:
            require(request.member, Role.MANAGER, at=request.product)
    try:
        item = Item.add(request.product, by=request.actor, **values)
    except Refused as refusal:
        form = form or _form_of_new(request)
        form.add_error(None, str(refusal))
        return _not_added(request, form)
    undo = reverse("changes:undo", args=[request.workspace.slug, item.change_id])
    said = _("%(key)s is in the backlog") % {"key": item.key}
    if is_htmx(request):
        return toast(HttpResponse(status=204), said, undo=undo)
    messages.success(request, said, extra_tags=undo)
    if request.POST.get("next") == "roadmap":
        return _as_it_was(request, reverse("roadmap:roadmap", args=[request.workspace.slug, request.product.key]))
    return _as_it_was(request, backlog_of(request), item.number)


def _as_it_was(request: HttpRequest, address: str, opened: int | None = None) -> HttpResponse:
    """To the list from which a form was sent: with its filters, layout and order, and the drawer of the item `opened`."""
    came = urlsplit(request.headers.get("Referer", ""))
    query = QueryDict(came.query if came.path == address else "", mutable=True)
    for name in ("open", "after", "in"):
        query.pop(name, None)
    if opened:
        query["open"] = str(opened)
    return redirect(f"{address}?{query.urlencode()}" if query else address)


def _form_of_new(request: HttpRequest) -> ItemForm:
    """What was sent of a new item, parsed."""
    form = ItemForm(request.POST, instance=Item(product=request.product, workspace=request.workspace))
    form.limit_choices(request.member, request.product)
    form.require("title")
    form.full_clean()
    return form


def _not_added(request: HttpRequest, form: ItemForm) -> HttpResponse:
    """The form again with what is wrong; the quick-add line keeps its text and hears why."""
    if is_htmx(request):
        why = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return toast(HttpResponse(status=422), why, tone="bad")
    return render_page(request, "roadmap/items/add.html", {"form": form}, status=422)


@require_POST
@member_required(Role.MANAGER)
def edit(request: HttpRequest, number: int) -> HttpResponse:
    """Set the fields that were sent. Answers with the part that asked (`as`), or goes to the item's page."""
    remember(request.member)
    if request.POST.get("as") == "row":
        written = edit_unread(request.product, number, request.POST, by=request.actor)
        if written is not None:
            return _saved(request, written, written.change_id)
    item = _item(request, number, EDITED_WITH_STATUS if "status" in request.POST else EDITED)
    form = ItemForm(request.POST, instance=item)
    form.limit_choices(request.member, request.product)
    if not form.is_valid():
        return _answer(request, item, status=422, form=form)
    try:
        change = item.edit(by=request.actor, seen=form.seen_version, reason=form.why, **form.values)
    except Conflict as conflict:
        return _answer(request, item, status=409, form=form, conflict=conflict)
    except ReasonWanted as wanted:
        form.ask(str(wanted))
        return asking(_answer(request, item, status=422, form=form), wanted)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _answer(request, item, status=422, form=form)
    return _saved(request, item, change)


@require_safe
@member_required(Role.MANAGER)
def field(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """The editor of one field: in its place for htmx, else a page with its form."""
    item = _item(request, number)
    if not values.is_editable(item, name):
        raise Http404
    if is_htmx(request):
        context = _field_context(request, item, name, request.GET.get("css", ""))
        seen = request.GET.get("seen", "")
        context["seen"] = seen if seen.isascii() and seen.isdigit() and len(seen) < 19 else ""
        return render_page(request, "roadmap/items/_field.html", context)
    context = {"item": item, "fields": [_bound(request, item, name)]}
    return render_page(request, "roadmap/items/field_page.html", context)


@require_POST
@member_required(Role.MANAGER)
def rank(request: HttpRequest, number: int) -> HttpResponse:
    """Put the item beside another one. Answers 422 with a sentence when that one is gone."""
    remember(request.member)
    beside = (request.POST.get("after"), request.POST.get("before"))
    items = numbered(request.member, request.product, number, *beside, moved=number)
    item = items.get(number)
    if item is None:
        raise Http404
    form = RankForm(request.POST, items=items)
    if not form.is_valid():
        return HttpResponse(" ".join(form.errors.as_text().split("* ")[1:]), status=422, content_type="text/plain")
    try:
        change = item.rank_between(form.cleaned_data["after"], form.cleaned_data["before"], by=request.actor)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain")
    return _moved(request, item, change)


@require_POST
@member_required(Role.MANAGER)
def delete(request: HttpRequest, number: int) -> HttpResponse:
    item = _item(request, number)
    item.delete_softly(by=request.actor)
    undo = reverse("changes:undo", args=[request.workspace.slug, item.change_id])
    messages.success(request, _("%(key)s is deleted") % {"key": item.key}, extra_tags=undo)
    return redirect(backlog_of(request))


@member_required()
def history(request: HttpRequest, number: int) -> HttpResponse:
    item = _item(request, number)
    return render_page(request, "roadmap/items/history.html", {"item": item, "entries": history_of(item)})


def backlog_of(request: HttpRequest) -> str:
    return reverse("roadmap:backlog", args=[request.workspace.slug, request.product.key])


def _item(request: HttpRequest, number: int, rows: Prepared | None = None) -> Item:
    item = item_of(request.member, request.product, number, rows or WHOLE)
    if item is None:
        raise Http404
    return item


WHOLE = Prepared(
    lambda member, product, number: Item.objects.visible_to(member).of(product).filter(number=number).whole()
)


def _edited(member: Member, product: Product, number: int) -> Any:
    rows = Item.objects.visible_to(member).of(product).filter(number=number).defer("search")
    return rows.annotate(told_scoring=told_scoring(OuterRef("product")))


#: Without the rows beside it: most edits are of a field that is no row.
EDITED = Prepared(_edited)
EDITED_WITH_STATUS = Prepared(lambda member, product, number: _edited(member, product, number).select_related("status"))


def item_of(member: Member, product: Product, number: int, rows: Prepared = WHOLE) -> Item | None:
    """The item with this number that `member` sees at `product`, as its page shows it."""
    item: Item | None = rows.first(member, product, number) if number < 2**31 else None
    if item is not None:
        item.product, item.workspace = product, member.workspace
        adopt_scoring(product, item.told_scoring)  # type: ignore[attr-defined]
    return item


def whole_item(request: HttpRequest, item: Item, trouble: Trouble | None = None) -> dict[str, Any]:
    """What the drawer and the page show of an item, read in one statement."""
    member, together = request.member, Together.of_page(request)
    may_edit = member.may(Role.MANAGER, at=request.product)
    sections = Sections(item, member, trouble)
    sections.ask(together, may_edit)
    talk = Talk.of(item.thread, member, together) if item.thread else None
    entries = history_later(item, 8, together)
    counted = place_of(item, None if _is_drawer(request) else together)
    panels = panels_later("item", item.pk, member, together)()
    return {
        "item": item,
        "item_url": _url_of(request, item) if may_edit else "",
        "entries": entries(),
        "panels": panels,
        "steps": partial(thread_of, item, panels, [request.workspace.slug, request.product.key], counted),
        "may_edit": may_edit,
        "may_add": member.may(Role.CONTRIBUTOR, at=request.product),
        "sections": sections,
        "talk": talk,
        "scoring_words": scoring_of(item.product).words,
    }


def _is_drawer(request: HttpRequest) -> bool:
    """The drawer has no red thread."""
    return wants_fragment(request) and request.GET.get("as") != "page"


def _url_of(request: HttpRequest, item: Item) -> str:
    return address_of("roadmap:item", request.workspace.slug, request.product.key, item.number)


def _field_context(
    request: HttpRequest, item: Item, name: str, css: str, problem: dict[str, Any] | None = None
) -> dict[str, Any]:
    """One field and, unless it was saved (`problem` is empty), its form. `css` is what the page had given it."""
    context = {"item": item, "item_url": _url_of(request, item), "name": name, "problem": problem}
    context["css"] = css if css in FIELD_CSS else ""
    return context if problem == {} else {**context, "bound": _bound(request, item, name)}


def _bound(request: HttpRequest, item: Item, name: str) -> BoundField:
    form = ItemForm(instance=item, only=[name])
    form.limit_choices(request.member, request.product)
    return form[name]


def _answer(request: HttpRequest, item: Item, *, status: int, **more: Any) -> HttpResponse:
    """The part that asked: a row of the table, one field, the drawer or the page, with what is wrong and what was typed."""
    part = request.POST.get("as", "")
    if status != 200 and item.pk:
        item = _item(request, item.number)  # what the verb refused must not be drawn as if it held
    if part == "row":
        columns = request.POST.get("columns", "")
        by_rank = request.POST.get("order") == "rank"
        sheet = sheet_of_row(request.member, request.product, columns, _problem(**more), by_rank=by_rank)
        return HttpResponse(sheet.draw_one(item.number, item.pk), status=status)
    name = request.POST.get("field", "")
    if part == "field" and (name in ItemForm.base_fields or values.is_editable(item, name)):
        context = _field_context(request, item, name, request.POST.get("css", ""), _problem(**more))
        return render_page(request, "roadmap/items/_field_answer.html", context, status=status)
    if "form" in more:
        return _form_again(request, item, status, **more)
    return render_page(request, "roadmap/items/show.html", whole_item(request, item), status=status)


def _form_again(
    request: HttpRequest, item: Item, status: int, form: ItemForm, conflict: Conflict | None = None
) -> HttpResponse:
    """The fields that were sent, as they were typed, with what is wrong; sent once more it is a choice."""
    if conflict is not None:
        form.add_error(form.name_of(conflict.field), _problem(form, conflict)["sentence"])
    context = {"item": item, "fields": [form[name] for name in form.fields if name != "seen"], "form": form}
    return render_page(request, "roadmap/items/field_page.html", context, status=status)


def _problem(form: ItemForm | None = None, conflict: Conflict | None = None) -> dict[str, Any]:
    """What is wrong with the one field that was sent: its name, what was typed, the sentence, and whose value stands."""
    if form is None:
        return {}
    name = form.name_of(conflict.field) if conflict else next(iter(form.errors), "")
    if name in ("__all__", "reason"):
        name = next((one for one in form.fields if one not in ("seen", "reason")), "")
    sentence = str(conflict) if conflict else " ".join(error for errors in form.errors.values() for error in errors)
    if conflict is not None:
        who = conflict.change.member.name if conflict.change.member else conflict.change.actor_label
        theirs = "–" if conflict.theirs in (None, "") else conflict.theirs
        if isinstance(theirs, Decimal | int) and not isinstance(theirs, bool):
            theirs = formats.number(theirs)
        elif isinstance(theirs, date):
            theirs = formats.day(theirs, conflict.change.workspace.today())
        sentence = _("%(who)s set this to “%(theirs)s” meanwhile. Save again to use yours, or press Escape.") % {
            "who": who or "Cradle",
            "theirs": theirs,
        }
    return {"field": name, "typed": form.data.get(name, ""), "sentence": sentence}


def _saved(request: HttpRequest, item: Item, change: int) -> HttpResponse:
    if not is_htmx(request):
        return redirect("roadmap:item", request.workspace.slug, request.product.key, item.number)
    if request.POST.get("as") != "row":  # whose row is read anew in any case
        item = _item(request, item.number)
    return naming(_answer(request, item, status=200), change)


def _moved(request: HttpRequest, item: Item, change: int) -> HttpResponse:
    if not is_htmx(request):
        return redirect(backlog_of(request))
    response = naming(HttpResponse(status=204), change)
    return (
        toast(response, _("Moved %(key)s") % {"key": item.key}, undo=undo_address(request, change))
        if change
        else response
    )
