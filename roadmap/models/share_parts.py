"""Which products a share link of several shows now: those fixed in it that are there and, of a kept roadmap, were in that ever since somebody
looked at what the link shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import BooleanField, Case, Exists, F, Func, JSONField, Max, OuterRef, Q, QuerySet, Value, When

from listing.together import listed
from products.models import Product
from roadmap.models.roadmap import RoadmapProduct

if TYPE_CHECKING:
    from roadmap.models.share import ShareLink


class Part(NamedTuple):
    """A product, as the lanes of a shared roadmap know it."""

    pk: int
    key: str
    name: str
    stage: str
    health: str
    tagline: str


COLUMNS = Part._fields


class Parted(Func):
    """Whether an id is one of those in an array: `id = ANY (array)`."""

    arg_joiner, template = " = ANY (", "(%(expressions)s))"
    output_field = BooleanField()

    def __init__(self, one: Any, array: Any = None, **options: Any) -> None:
        one = Value(one) if isinstance(one, int) else one
        super().__init__(one, F("of_products") if array is None else array, **options)


def is_part() -> Parted:
    """Of a product, within a statement that reads links: that it is fixed in the link of the row."""
    return Parted(F("pk"), OuterRef("of_products"))


def parts_of() -> QuerySet[Product]:
    """The same, and shown now."""
    of_roadmap = RoadmapProduct.objects.filter(
        roadmap=OuterRef(OuterRef("roadmap")), product=OuterRef("pk"), pk__lte=OuterRef(OuterRef("parts_until"))
    )
    rows = Product.objects.filter(is_part(), workspace=OuterRef("workspace"))
    return rows.filter(Q(Exists(of_roadmap)) | Q(IsNull(OuterRef("roadmap"))))


class IsNull(Func):
    template = "(%(expressions)s IS NULL)"
    output_field = BooleanField()


def told_parts() -> Case:
    """What `ShareLink.parts` reads, as a column; null for a link of one product."""
    rows = listed(parts_of().order_by("name", "pk"), *COLUMNS)
    return Case(When(product=None, then=rows), default=Value(None, output_field=JSONField()), output_field=JSONField())


def parts_of_row(link: ShareLink) -> list[tuple[Any, ...]]:
    """The same of a link that was read without them, or is not saved yet."""
    return list(_of_link(link, Product.objects.all()).values_list(*COLUMNS))


def binned_parts(link: ShareLink) -> list[Product]:
    """Those that it does not show only because they lie in the bin."""
    return list(_of_link(link, Product.objects.with_deleted().exclude(deleted_at=None)))


def _of_link(link: ShareLink, products: QuerySet[Product]) -> QuerySet[Product]:
    rows = products.filter(workspace=link.workspace_id, pk__among=link.of_products)
    if link.roadmap_id is not None:
        of_roadmap = RoadmapProduct.objects.filter(roadmap=link.roadmap_id, pk__lte=link.parts_until)
        rows = rows.filter(pk__in=of_roadmap.values("product"))
    return rows.order_by("name", "pk")


def youngest_of(roadmap: int | None) -> int:
    """The youngest row of a kept roadmap's products."""
    rows = RoadmapProduct.objects.filter(roadmap=roadmap) if roadmap is not None else RoadmapProduct.objects.none()
    youngest: int = rows.aggregate(youngest=Max("pk"))["youngest"] or 0
    return youngest


def part_of(product: Product) -> Part:
    return Part(*(getattr(product, name) for name in COLUMNS))
