"""What a share link shows: only values that its audience may see ever reach a template, a file or a feed.

`shared_roadmap(link)` reads the allowed columns alone and caps days to the link's precision, so a disallowed value is in no variant
of the page and in no export: they are all made of these cards. A link that is not saved yet is read the same way, for the audience check.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.prepared import Prepared
from accounts.refusals import Refused
from products.models import Health
from roadmap.backlog.filters import item_language
from roadmap.models import Category, Horizon, Item, SharedField, SharedLanes, ShareLink
from roadmap.models.share_parts import Part
from roadmap.sharing import capping, facts
from roadmap.sharing.printing import Print, fit
from ui import formats
from ui.markdown import words_of

COLUMNS: dict[str, list[str]] = {
    SharedField.STATUS: ["status__public_name", "status__category"],
    SharedField.DESCRIPTION: ["description"],
    SharedField.DATES: ["starts_on", "ends_on"],
    SharedField.OBJECTIVE: ["objective__name"],
    SharedField.RELEASE: ["release__name"],
    SharedField.LEAD: ["lead__user__name"],
    SharedField.KEY: ["product__key", "number"],
    SharedField.SCORE: ["score"],
    SharedField.EFFORT: ["effort"],
    SharedField.PROBLEM: ["problem__statement"],
    SharedField.TAGS: ["tags"],
    SharedField.REASON: [],  # of a move, told where it is told
}
LANE = {
    SharedLanes.OBJECTIVE: "objective__name",
    SharedLanes.RELEASE: "release__name",
    SharedLanes.PRODUCT: "product_id",
}
#: A card's names for what it was read as.
CARD = {
    "status__public_name": "status", "status__category": "category", "description": "text", "objective__name": "goal",
    "release__name": "release", "lead__user__name": "lead", "score": "score", "effort": "effort",
    "problem__statement": "need",
}  # fmt: skip
MOST = 300
NOTHING = Q(pk__in=[])


@dataclass
class SharedRow:
    """A lane: its cards by column, and the product that it is of where lanes are products."""

    name: str
    cells: list[list[dict[str, Any]]]
    product: Part | None = None

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [card for cell in self.cells for card in cell]


@dataclass
class SharedRoadmap:
    """A grid of rows (lanes where they may be seen, else one row) by columns (horizons, with quarters where dates may).

    `items` are the ids of what is shown; they are for the audience check, and reach no template. `own` are the names of the workspace's own
    fields that cards may have, by key. `total`: of how many items these are the first.
    """

    layout: str
    columns: list[tuple[str, str]]
    rows: list[SharedRow] = field(default_factory=list)
    lanes: str = ""
    precision: str = capping.QUARTER
    items: list[int] = field(default_factory=list)
    own: dict[str, str] = field(default_factory=dict)
    currency: str = ""
    total: int = 0

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.items)

    @property
    def cut_said(self) -> str:
        """Of what it shows the first alone, as a sentence; "" where it shows all."""
        if not self.is_cut:
            return ""
        counts = {"n": formats.number(len(self.items)), "total": formats.number(self.total)}
        return _("Shown are the first %(n)s of %(total)s items.") % counts

    @cached_property
    def paper(self) -> Print:
        """How it is printed on one page."""
        return fit(len(self.columns), [row.cells for row in self.rows])

    @property
    def cards(self) -> list[tuple[str, str, dict[str, Any]]]:
        """Every card after its lane's and column's name, in order."""
        return [
            (row.name, column, card)
            for row in self.rows
            for (column, _hint), cell in zip(self.columns, row.cells, strict=True)
            for card in cell
        ]

    @property
    def lane_label(self) -> str:
        return str(SharedLanes(self.lanes).label) if self.lanes else _("Product")


def _shown(product_id: int, since: date, *asked: Any) -> QuerySet[Item]:
    return _rows(Item.objects.for_audiences().filter(product=product_id), since, *asked)


def _shown_of_many(products: list[int], since: date, *asked: Any) -> QuerySet[Item]:
    return _rows(Item.objects.for_audiences().filter(product__among=products), since, *asked)


def _rows(
    items: Any, since: date, names: tuple[str, ...], told: tuple[str, ...], with_dates: bool, condition: Q | None, most: int | None,
) -> QuerySet[Item]:  # fmt: skip
    """What has a place on the roadmap, by rank. With dates, what was over before `since` has none."""
    items = items.exclude(status__category=Category.DROPPED)
    if condition is not None:
        items = items.filter(condition)
    if with_dates:
        ends = Q(ends_on__gte=since) | Q(ends_on=None, starts_on__gte=since)
        items = items.filter(ends | Q(ends_on=None, starts_on=None) & ~Q(horizon=""))
    else:
        items = items.exclude(horizon="").exclude(status__category=Category.SHIPPED)
    return items.order_by("rank", "pk").values(*names, **facts.expressions(told))[:most]


SHOWN, SHOWN_OF_MANY = Prepared(_shown), Prepared(_shown_of_many)


def shared_roadmap(link: ShareLink) -> SharedRoadmap:
    """Items of the link's products that have a horizon or, where dates may be seen, dates. One statement, one for each figure, and one to
    count them where there are more than are shown."""
    names = ("pk", "title", "horizon", "rank", *(column for name in link.fields for column in COLUMNS.get(name, [])))
    names = names if link.product_id else (*names, "product_id")
    with_dates, lanes, today = link.allows(SharedField.DATES), link.grouped_by, link.workspace.today()
    quarters = _quarters(today) if with_dates else []
    roadmap = SharedRoadmap(link.layout, _columns(quarters), lanes=lanes, precision=link.precision)
    parts = {} if link.product_id else {part.pk: _told(part, link) for part in link.parts}
    rows: dict[Any, SharedRow] = {}
    told, cards = facts.Facts(link), {}
    roadmap.own, roadmap.currency = told.own, link.workspace.currency
    read = _Read(link, list(parts), quarters[0][0] if quarters else today, names, told.names)
    for values in read.first:
        column = _column(values, quarters)
        if column is None:
            continue
        key = (values[LANE[SharedLanes(lanes)]] if lanes else "") or ""
        row = rows.setdefault(key, SharedRow(key, [[] for _column_ in roadmap.columns]))
        card = cards[values["pk"]] = _card(values, link.precision, today)
        told.tell(card, values)
        if parts and lanes != SharedLanes.PRODUCT:
            card["product"] = parts[values["product_id"]].name
        row.cells[column].append(card)
        roadmap.items.append(values["pk"])
    told.ask(cards)
    roadmap.total = read.total
    if lanes == SharedLanes.PRODUCT and rows:
        roadmap.rows = [_row_of(part, rows.get(part.pk), roadmap) for part in parts.values()]
    else:
        roadmap.rows = sorted(rows.values(), key=lambda row: not row.name)
    return roadmap


class _Read:
    """The rows of a link's items: the `first` MOST, and how many there are."""

    def __init__(
        self, link: ShareLink, products: list[int], since: date, names: tuple[str, ...], told: tuple[str, ...]
    ) -> None:
        of_many = not link.product_id
        self.there = bool(products) if of_many else True
        self.prepared = SHOWN_OF_MANY if of_many else SHOWN
        self.given = (products if of_many else link.product_id, since)
        self.asked = (names, told, link.allows(SharedField.DATES), condition_of(link))

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One more than are shown tells that there are more."""
        return self.prepared.rows(*self.given, variant=(*self.asked, MOST + 1)) if self.there else []

    @property
    def first(self) -> list[dict[str, Any]]:
        return self.rows[:MOST]

    @property
    def total(self) -> int:
        if len(self.rows) <= MOST:
            return len(self.rows)
        return self.prepared.count(*self.given, variant=(("pk",), (), *self.asked[2:], None))


def _told(part: Part, link: ShareLink) -> Part:
    """What the audience may know of a product: its name and stage, and what the link allows."""
    return part._replace(
        tagline=part.tagline if link.allows(SharedField.DESCRIPTION) else "",
        health=part.health if link.allows(SharedField.HEALTH) and part.health != Health.NOT_SET else "",
    )


def _row_of(part: Part, row: SharedRow | None, roadmap: SharedRoadmap) -> SharedRow:
    """A product's own lane, also where nothing of it is planned."""
    return SharedRow(part.name, row.cells if row else [[] for _column_ in roadmap.columns], part)


def opaque(link: ShareLink, item: int) -> str:
    """What calendars and feeds know an item of this link by: always the same, and nothing else's."""
    return salted_hmac("roadmap.share.item", f"{link.public_id}:{item}", algorithm="sha256").hexdigest()[:32]


def condition_of(link: ShareLink) -> Q | None:
    """What the link filters by, None where nothing; a filter that cannot be read any more lets nothing through."""
    if not link.query:
        return None
    language = item_language(link.workspace, link.product)
    try:
        return language.compile(language.from_query(QueryDict(link.query)))
    except Refused:
        return NOTHING


def _columns(quarters: list[tuple[date, date]]) -> list[tuple[str, str]]:
    if not quarters:
        return [
            (_("Now"), _("we are building this")),
            (_("Next"), _("shaped, waiting for room")),
            (_("Later"), _("problems we want to solve")),
        ]
    named = [(capping.said(first, capping.QUARTER, first), "") for first, _last in quarters]
    return [(_("Now"), named[0][0]), *named[1:], (_("Later"), _("no dates"))]


def _column(values: dict[str, Any], quarters: list[tuple[date, date]]) -> int | None:
    if not quarters:
        return [Horizon.NOW, Horizon.NEXT, Horizon.LATER].index(Horizon(values["horizon"]))
    start, end = values["starts_on"], values["ends_on"]
    if end is None and start is None:  # a horizon is no date: what is built now stands in now, the rest has no quarter
        return {"": None, Horizon.NOW: 0}.get(values["horizon"], len(quarters))
    day = end or start
    if day < quarters[0][0]:
        return None
    return next((place for place, (_first, last) in enumerate(quarters) if day <= last), len(quarters))


def _quarters(today: date) -> list[tuple[date, date]]:
    """This quarter and the next two: first day of each and of the following one, less a day."""
    index = today.year * 4 + (today.month - 1) // 3
    first = [date(number // 4, number % 4 * 3 + 1, 1) for number in range(index, index + 4)]
    return [
        (one, date.fromordinal(following.toordinal() - 1)) for one, following in zip(first, first[1:], strict=False)
    ]


def _card(values: dict[str, Any], precision: str, today: date) -> dict[str, Any]:
    """Names as drawings and files know them, made of the allowed values alone; days are only what may be known of them.

    `item` is the row's id: it is for `opaque`, and written nowhere."""
    card = {"title": values["title"], "item": values["pk"]}
    if "number" in values:
        card["key"] = f"{values['product__key']}-{values['number']}"
    card.update({new: values[old] for old, new in CARD.items() if values.get(old) not in (None, "")})
    if "text" in card:
        card["text"] = words_of(card["text"])
    start, end = values.get("starts_on"), values.get("ends_on")
    if start or end:
        card["first"] = capping.first_of(start or end, precision)
        card["last"] = capping.last_of(end or start, precision)
        card["when"] = capping.said(end or start, precision, today)
        card["from"] = capping.said(start, precision, today) if start else ""
    return card
