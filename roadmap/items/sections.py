"""What stands below an item's own fields, on its page and in its drawer: one statement for each section that is drawn."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, Window

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Asked, Together
from products.models import Initiative
from roadmap.items import values
from roadmap.models import Category, CustomField, Item, ItemLink, ItemTemplate, LinkKind, Requirement, RequirementKind
from roadmap.models.custom_values import people_in
from roadmap.models.item_columns import DONE
from roadmap.models.item_links import WORDS
from roadmap.models.known_types import told_type
from roadmap.models.template import template_rows
from roadmap.plans.progress import Counted

CHILDREN_SHOWN = 50


@dataclass(frozen=True)
class Children:
    """The items under an epic. Dropped ones are listed, but count neither as done nor as to do."""

    items: list[Item]
    count: int
    shipped: int
    counted: int

    @property
    def percent(self) -> int | None:
        return round(self.shipped / self.counted * 100) if self.counted else None

    @property
    def more(self) -> int:
        return self.count - len(self.items)


@dataclass(frozen=True)
class End:
    """An item at an end of a link."""

    pk: int
    number: int
    title: str
    starts_on: date | None
    ends_on: date | None
    status: str
    category: str
    product: str

    @property
    def key(self) -> str:
        return f"{self.product}-{self.number}"


@dataclass(frozen=True)
class Linked:
    """A link as it reads from one of its ends: `item` is the other one."""

    public_id: str
    word: Any
    order: int
    item: End
    is_late: bool


@dataclass(frozen=True)
class Value:
    """What an item has in one of the workspace's own fields. `people` are (public id, name), where it takes a person."""

    field: CustomField
    kept: Any
    shown: str
    is_missing: bool
    people: list[tuple[str, str]]

    @property
    def day(self) -> date:
        """Of a field that takes a day."""
        return date.fromisoformat(self.kept)


@dataclass(frozen=True)
class Trouble:
    """What a section refused: in which part of it, why, and what was typed."""

    section: str
    sentence: str
    part: str = ""
    typed: Any = None


class Sections:
    """Given to templates; nothing is asked of the database before a section is drawn."""

    def __init__(self, item: Item, member: Member, trouble: Trouble | None = None) -> None:
        self.item, self.member, self.trouble = item, member, trouble
        self._asked: dict[Prepared, Asked] = {}

    def ask(self, together: Together, may_edit: bool) -> None:
        """Have what the whole item shows read together with the rest of the page."""
        chosen = [LINKS, REQUIREMENTS, FIELDS]
        if self.item.is_epic:
            chosen += [CHILDREN, INITIATIVES]
        if may_edit and not self.item.description:
            chosen.append(TEMPLATES)
        self._asked = {one: together.ask(one, self.member, self.item, variant=self._variant(one)) for one in chosen}

    def _rows(self, prepared: Prepared) -> list[Any]:
        later = self._asked.get(prepared)
        return later() if later else prepared.rows(self.member, self.item, variant=self._variant(prepared))

    def _variant(self, prepared: Prepared) -> tuple[str, ...]:
        return (self.item.type,) if prepared is TEMPLATES else ()

    @property
    def drawn_anew(self) -> bool:
        """Whether nothing is kept of what is drawn: what was typed and refused, and a section that comes by itself."""
        return self.trouble is not None or not self._asked

    @cached_property
    def fields_made_of(self) -> tuple[Hashable, ...]:
        """Of the item's own properties, how far it has come, and its scores."""
        self.item.counts_later = self._counts  # type: ignore[attr-defined]
        counted = (self._asked[one].text for one in (CHILDREN, REQUIREMENTS) if one in self._asked)
        return *values.made_of(self.item, self.item.workspace.today()), *counted

    def _counts(self) -> tuple[Counted, Counted]:
        """For `how_far.counts_of`: made only where the properties are drawn."""
        below = (self.children.counted, self.children.shipped) if self.item.is_epic else (0, 0)
        return below, (len(self.requirements.requirements), self.requirements.done)

    @property
    def links_made_of(self) -> tuple[Hashable, ...]:
        return self._asked[LINKS].text, self.item.workspace.today()

    @property
    def parts_made_of(self) -> tuple[Hashable, ...]:
        """Of what stands above and under the item, its checklist, and the template that its description may begin with."""
        item, above = self.item, self.parent
        epic = (above.number, above.title, above.status.name, above.status.category) if above is not None else None
        asked = (later.text for prepared, later in self._asked.items() if prepared in PARTS)
        return (
            *asked,
            epic,
            item.change_id,
            item.is_epic,
            item.own_type.name,
            item.initiative_id,
            bool(item.description),
        )

    @cached_property
    def parent(self) -> Item | None:
        """The epic above; None while that one is in the bin."""
        parent = self.item.parent
        if parent is None or parent.deleted_at is not None:
            return None
        parent.product = self.item.product
        return parent

    @cached_property
    def template(self) -> ItemTemplate | None:
        """What its description may begin with."""
        return next(iter(self._rows(TEMPLATES)), None)

    @cached_property
    def initiatives(self) -> list[Initiative]:
        """What an epic may stand under."""
        return self._rows(INITIATIVES)

    @cached_property
    def children(self) -> Children:
        items = self._rows(CHILDREN)
        for child in items:
            child.product = self.item.product
        if not items:
            return Children([], 0, 0, 0)
        first = items[0]
        return Children(items, first.siblings, first.shipped_siblings, first.counted_siblings)

    @cached_property
    def links(self) -> list[Linked]:
        """Needs first, then what it blocks, relations and duplicates."""
        return sorted((_linked(row, self.item) for row in self._rows(LINKS)), key=_reading_order)

    link_words = [(word, label) for word, (_kind, _turned, label) in WORDS.items()]

    @cached_property
    def values(self) -> list[Value]:
        """The workspace's own fields and what this item has in them."""
        fields = self._rows(FIELDS)
        names = people_in(fields, self.item.workspace_id)
        return [self._value(field, names) for field in fields]

    def value_of(self, field: CustomField) -> Value:
        return self._value(field, people_in([field], self.item.workspace_id))

    def _value(self, field: CustomField, names: dict[str, str]) -> Value:
        kept = self.item.custom.get(field.key)
        missing = kept is None and field.is_required_in(self.item.status.category)
        people = sorted(names.items(), key=lambda one: one[1].casefold()) if field.kind == "person" else []
        return Value(field, kept, field.shown(kept, names), missing, people)

    @cached_property
    def requirements(self) -> Checklist:
        return Checklist(self._rows(REQUIREMENTS))


def _children(member: Member, item: Item) -> Any:
    """Those that are shown; each knows how many there are, how many count and how many of these are shipped."""
    counted, shipped = ~Q(status__category=Category.DROPPED), Q(status__category=Category.SHIPPED)
    rows = (
        Item.objects.filter(parent=item)
        .select_related("status")
        .annotate(told_type=told_type())
        .defer("search", "description", "source_data")
    )
    rows = rows.annotate(
        siblings=Window(Count("*")),
        counted_siblings=Window(Count("pk", filter=counted)),
        shipped_siblings=Window(Count("pk", filter=shipped)),
    )
    return rows.order_by("rank")[:CHILDREN_SHOWN]


OF_AN_END = ("pk", "number", "title", "starts_on", "ends_on", "status__name", "status__category", "product__key")


def _links(member: Member, item: Item) -> Any:
    rows = ItemLink.objects.between_visible(member).filter(Q(item=item) | Q(other=item))
    return rows.values_list("public_id", "kind", *(f"{end}__{name}" for end in ("item", "other") for name in OF_AN_END))


def _initiatives(member: Member, item: Item) -> Any:
    """The product's own, and those of no product."""
    own = Item.objects.with_deleted().filter(pk=item.pk).values("product")
    return Initiative.objects.visible_to(member).filter(Q(product__in=own) | Q(product=None)).order_by("name")


CHILDREN = Prepared(_children)
LINKS = Prepared(_links)
REQUIREMENTS = Prepared(lambda member, item: Requirement.objects.filter(item=item).order_by("rank"))
FIELDS = Prepared(lambda member, item: CustomField.objects.visible_to(member))
INITIATIVES = Prepared(_initiatives)
TEMPLATES = Prepared(lambda member, item, type: template_rows(item, type)[:1])
PARTS = (REQUIREMENTS, CHILDREN, INITIATIVES, TEMPLATES)


@dataclass(frozen=True)
class Checklist:
    requirements: list[Requirement]
    kinds = RequirementKind.choices

    @property
    def criteria(self) -> int:
        return sum(len(one.criteria) for one in self.requirements)

    @property
    def met(self) -> int:
        return sum(one.met_count for one in self.requirements)

    @property
    def done(self) -> int:
        return sum(one.is_done for one in self.requirements)


def _linked(row: tuple[Any, ...], item: Item) -> Linked:
    public_id, kind, *ends = row
    near, far = End(*ends[: len(OF_AN_END)]), End(*ends[len(OF_AN_END) :])
    turned = far.pk == item.pk
    if turned:
        near, far = far, near
    words = list(WORDS.values())
    mutual = kind == LinkKind.RELATES
    order = next(place for place, one in enumerate(words) if one[0] == kind and (one[1] == turned or mutual))
    waits, holds = (far, near) if turned else (near, far)
    late = kind == LinkKind.NEEDS and not {waits.category, holds.category} & {*DONE}
    late = late and bool(waits.starts_on and holds.ends_on and waits.starts_on <= holds.ends_on)
    return Linked(public_id, words[order][2], order, far, late)


def _reading_order(linked: Linked) -> tuple[int, str, int]:
    return linked.order, linked.item.product, linked.item.number
