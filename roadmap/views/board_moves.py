"""A card that was dropped into another column of a board, or elsewhere in its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import member_required, remember, require
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.roles import Role
from products.models import Product
from roadmap.boards.reading import COLUMN
from roadmap.forms.roadmaps import MoveForm
from roadmap.items.picking import numbered
from roadmap.models import Horizon, Item, Release, Status
from roadmap.plans.designs import Design, Layout
from roadmap.plans.planning import Question
from roadmap.views.layouts import Picture
from roadmap.views.plan import condition_of, refused, told
from roadmap.views.roadmaps import products_of, roadmap_of


@require_POST
@member_required(Role.MANAGER)
def move(request: HttpRequest) -> HttpResponse:
    """On the board of one product. What the board is of stands in the address, as it does in the page's."""
    remember(request.member)
    request.product.workspace = request.workspace
    design = Design.of(request.GET)
    condition = condition_of(request, request.GET, request.product)
    return _move(request, [request.product], design, condition, request.GET, {}, "")


@require_POST
@member_required()
def move_in(request: HttpRequest, public_id: str) -> HttpResponse:
    """On the board of a kept roadmap."""
    remember(request.member)
    roadmap = roadmap_of(request, public_id)
    asked = roadmap.asked(request.GET)
    products = products_of(request.member, roadmap)
    condition = condition_of(request, asked.query, products[0] if len(products) == 1 else None)
    return _move(request, products, asked.design, condition, asked.query, roadmap.limits, "")


def _move(
    request: HttpRequest, products: list[Product], design: Design, condition: Any, query: QueryDict,
    limits: dict[str, int], limit_address: str,
) -> HttpResponse:  # fmt: skip
    form = MoveForm(request.POST)
    if design.layout not in COLUMN or not form.is_valid():
        return refused(_("This move cannot be read. Reload the board and try again."))
    key, _dash, number = form.cleaned_data["moved"].rpartition("-")
    product = next((one for one in products if one.key == key), None)
    item = MOVED.first(request.member, product, int(number)) if product is not None and int(number) < 2**31 else None
    if product is None or item is None:
        raise Http404
    require(request.member, Role.MANAGER, at=product)
    item.product, item.workspace = product, request.workspace
    before = column_of(item, design.layout)
    try:
        value = _value(request, product, design.layout, form.cleaned_data["list"])
        beside = _beside(request, product, form)
        change = item.arrange(by=request.actor, after=beside[0], before=beside[1], **{COLUMN[design.layout]: value})
    except Refused as refusal:
        return refused(str(refusal))
    now = column_of(item, design.layout)
    answer = told(request, item, _said(item, design.layout), change)
    if answer.status_code == 204:
        question = Question.of(
            request.member, [one.pk for one in products], design, request.workspace.today(), condition
        )
        picture = Picture(
            request, question, query, movable=frozenset({key}), limits=limits, limit_address=limit_address
        )
        columns = picture.columns(list({before, now}), most=1)
        answer.status_code, answer.content = 200, picture.board_drawing(columns).heads(columns)
    return answer


#: A card with what it shows of its column.
MOVED = Prepared(
    lambda member, product, number: (
        Item.objects.visible_to(member)
        .of(product)
        .filter(number=number)
        .select_related("status", "release")
        .defer("search", "description")
    )
)
RELEASE = Prepared(lambda member, product, key: Release.objects.visible_to(member).of(product).filter(public_id=key))


def column_of(item: Item, layout: str) -> str:
    """The key of the column that an item stands in."""
    if layout == Layout.HORIZONS:
        return str(item.horizon)
    if layout == Layout.STATUSES:
        return item.status.public_id
    return item.release.public_id if item.release_id and item.release else ""


def _value(request: HttpRequest, product: Product, layout: str, key: str) -> Any:
    """What an item gets in the column. Raises Refused where there is no such column, or it is another product's."""
    if layout == Layout.HORIZONS:
        if key not in Horizon.values or not key:
            raise Refused(_("There is no such column. Reload the board."))
        return key
    if layout == Layout.STATUSES:
        found: Any = Status.objects.filter(workspace=request.workspace, public_id=key).first()
    elif not key:
        return None
    else:
        found = RELEASE.first(request.member, product, key)
        if found is None and Release.objects.visible_to(request.member).filter(public_id=key).exists():
            raise Refused(_("This release is of another product. Drop the card into one of its own."))
    if found is None:
        raise Refused(_("There is no such column. Reload the board."))
    return found


def _beside(request: HttpRequest, product: Product, form: MoveForm) -> tuple[Item | None, Item | None]:
    """The cards that it was dropped between, those of its own product. Raises Refused where one is gone."""
    numbers = [
        form.cleaned_data[name].rpartition("-")[2] if form.cleaned_data[name].startswith(f"{product.key}-") else ""
        for name in ("after", "before")
    ]
    found = numbered(request.member, product, *numbers)
    if any(number and int(number) not in found for number in numbers):
        raise Refused(_("The item beside that place is gone. Reload the board and try again."))
    after, before = (found.get(int(number)) if number else None for number in numbers)
    return after, before


def _said(item: Item, layout: str) -> str:
    if layout == Layout.HORIZONS:
        return _("%(key)s is now in %(horizon)s") % {"key": item.key, "horizon": item.get_horizon_display()}
    where = item.status.name if layout == Layout.STATUSES else item.release.name if item.release else _("not planned")
    return _("%(key)s: %(where)s") % {"key": item.key, "where": where}
