"""Two moments of a roadmap beside each other, as its pages compare them: of a product's roadmap, of a kept one, of the portfolio's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from listing.api import LARGEST_PAGE, NounViewSet
from listing.filters import Language
from listing.pages import opened, sealed
from products.models import Product
from roadmap.backlog.filters import item_language
from roadmap.models import Baseline, Horizon, Roadmap
from roadmap.plans.designs import Layout
from roadmap.time_machine.compare import Compare, known_at
from roadmap.time_machine.compared import Deed
from roadmap.time_machine.comparing import Difference, Kind, Noun, Planned
from roadmap.time_machine.differing import FIRST, Place
from roadmap.time_machine.states import Asked

KINDS = [kind.value for kind in Kind]
NOUNS = [noun.value for noun in Noun]


class PlannedSerializer(serializers.Serializer[Any]):
    """Something as it was planned at one of the two moments."""

    title = serializers.CharField()
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    horizon = serializers.ChoiceField(Horizon.choices, allow_blank=True)
    effort = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)
    is_shipped = serializers.BooleanField()


class DifferenceSerializer(serializers.Serializer[Any]):
    """What became of one thing. `key` is an item's key, or the id of a release or milestone; `kind` what it is told under, `kinds` all that
    happened to it. `end_moved` and `start_moved` are days, later above 0. `came_in` and `went_out` are items of an epic or a release."""

    key = serializers.CharField()
    noun = serializers.ChoiceField(NOUNS)
    kind = serializers.ChoiceField(KINDS)
    kinds = serializers.ListField(child=serializers.ChoiceField(KINDS))
    before = PlannedSerializer(allow_null=True)
    after = PlannedSerializer(allow_null=True)
    end_moved = serializers.IntegerField()
    start_moved = serializers.IntegerField()
    came_in = serializers.ListField(child=serializers.CharField())
    went_out = serializers.ListField(child=serializers.CharField())
    who = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    why = serializers.CharField()


class ComparisonSerializer(serializers.Serializer[Any]):
    """`until` is null for now. `counts` says how many are told under each kind, whatever kinds are asked for; `same` stayed as they were."""

    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    same = serializers.IntegerField()
    results = DifferenceSerializer(many=True)
    next = serializers.CharField(allow_null=True)


compares = extend_schema(
    responses=ComparisonSerializer,
    parameters=[
        OpenApiParameter(
            "compare",
            str,
            required=True,
            description="Two ends with a comma between: days (their end counts), moments, or ids of baselines; nothing for now, as in `2026-09-01,`.",
        ),
        OpenApiParameter("what", str, description=f"Only these kinds, with commas between: {', '.join(KINDS)}."),
        OpenApiParameter(
            "layout",
            str,
            description="`nnl` compares horizons, any other layout days. A kept roadmap has one of its own.",
        ),
        OpenApiParameter("size", {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": 50}),
        OpenApiParameter("after", str, description="Where the page starts: see `next`."),
    ],
)


class Compares(NounViewSet):
    """What the comparisons of all roadmaps have in common."""

    def compared(self, asked: Asked, place: Roadmap | Workspace | None = None) -> Response:
        """A page of what differs, as the address says; `place` as in known_at. The database compares for each page anew, so that a page tells
        what is so and may be seen when it is asked for, and hands out no more than the page. Raises Refused."""
        query, size = self.request.query_params, self._page_size()
        _refuse_other_kinds(query.get("what", ""))
        prepared, arguments = known_at(asked.member, asked.products, place)
        baselines = prepared.rows(*arguments)
        compare = Compare.of(query, asked, baselines, asked.member.workspace)
        found = compare.find(size + 1, after=_place(query.get("after", "")))
        since, until = compare.ends
        rows = [one for differences in found.comparison.by_kind.values() for one in differences]
        page, deeds = rows[:size], found.deeds_of(rows[:size])
        told = {
            "since": since.moment, "until": until.moment, "same": found.found.same,
            "counts": {kind.value: count for kind, count in found.found.counts.items()},
            "results": [_told(one, deeds.get(one.key)) for one in page],
            "next": _address(self.request, page[-1]) if len(rows) > size else None,
        }  # fmt: skip
        return Response(ComparisonSerializer(told).data)


LINE = OpenApiParameter("line", str, description="Only the products of this product line, by its id.")


class ComparisonViewSet(Compares):
    """What changed in the plans of a product, or of the whole portfolio, between two moments, such as
    `/api/v1/comparisons/DSP/?compare=2026-09-01,`.

    It takes the filters of items; with `layout=nnl` horizons are compared instead of dates."""

    model = Baseline
    serializer_class = ComparisonSerializer
    roles = {"retrieve": Role.VIEWER, "portfolio": Role.VIEWER}
    lookup_field = "key"

    @compares
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The gravest kinds first, of each what moved farthest."""
        product = Product.objects.visible_to(self.member).filter(key=kwargs["key"].upper()).first()
        if product is None:
            raise Http404
        return self.compared(self._asked(item_language(self.member.workspace, product), (product.pk,)))

    @extend_schema(operation_id="comparisons_portfolio_retrieve", parameters=[LINE])
    @compares
    def portfolio(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What changed in the plans of all products that one sees, such as `/api/v1/comparisons/?compare=2026-09-01,`."""
        products = Product.objects.visible_to(self.member).order_by("pk")
        line = request.query_params.get("line", "")
        if line:
            products = products.filter(line__public_id=line)
        seen = list(products)
        if line and not seen:
            raise Http404
        language = item_language(self.member.workspace, among=seen)
        return self.compared(self._asked(language, tuple(one.pk for one in seen)), self.member.workspace)

    def _asked(self, language: Language, products: tuple[int, ...]) -> Asked:
        """Filtered and laid out as the address says. Raises Refused."""
        query = self.request.query_params
        expression = language.from_query(query)
        condition = language.compile(expression) if expression["all"] else None
        return Asked(self.member, products, condition, by_horizon=query.get("layout") == Layout.HORIZONS)


def _refuse_other_kinds(what: str) -> None:
    """Raises Refused: of a kind that there is not, nothing is told, and all would be told in its place."""
    unknown = [kind for kind in what.split(",") if kind and kind not in KINDS]
    if unknown:
        told = {"kind": unknown[0][:20], "kinds": ", ".join(KINDS)}
        raise Refused(_("“%(kind)s” is no kind of change. Choose of %(kinds)s.") % told)


def _place(after: str) -> Place:
    """After which difference a page begins. Raises Refused on a broken cursor."""
    if not after:
        return FIRST
    try:
        kind, far, end, key = opened(after)
        return Place(int(kind), int(far), date.fromisoformat(end), str(key))
    except (TypeError, ValueError):
        raise Refused(_("This page is not of this comparison. Begin with the first one.")) from None


def _address(request: Request, last: Difference) -> str:
    """Of the page after the one that ends with `last`."""
    kind, far, end, key = Place.of(last)
    query = request.query_params.copy()
    query["after"] = sealed([kind, far, end.isoformat(), key])
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _told(one: Difference, deed: Deed | None) -> dict[str, Any]:
    return {
        "key": one.key, "noun": one.there.noun.value, "kind": one.kind.value, "kinds": _values(one.kinds),
        "before": one.before and _plan(one.before), "after": one.after and _plan(one.after),
        "end_moved": one.end_moved, "start_moved": one.start_moved, "came_in": sorted(one.came_in),
        "went_out": sorted(one.went_out), "who": deed.who if deed else "", "at": deed.at if deed else None,
        "why": deed.why if deed else "",
    }  # fmt: skip


def _values(kinds: Iterable[Kind]) -> list[str]:
    return [kind.value for kind in Kind if kind in kinds]


def _plan(plan: Planned) -> dict[str, Any]:
    return {
        "title": plan.title, "starts_on": plan.starts_on, "ends_on": plan.ends_on, "horizon": plan.horizon,
        "effort": plan.effort, "is_shipped": plan.is_shipped,
    }  # fmt: skip
