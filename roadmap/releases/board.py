"""The release board: its columns from lean rows, and their drawing.

Drawn in Python: with a template for each card, 130 cards cost 35 ms; like this, 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.prepared import Prepared
from products.models import Product
from roadmap.models import Item, Release
from ui import formats, pieces

LARGEST_COLUMN = 100


class Head(NamedTuple):
    pk: int
    public_id: str
    name: str
    ends_on: date | None
    is_released: bool
    health: str
    capacity: Decimal | None
    is_frozen: bool


class Card(NamedTuple):
    release: int | None
    number: int
    title: str
    status: str
    category: str
    lead: str | None
    score: Decimal | None
    effort: Decimal | None


CARD = (
    "release_id", "number", "title", "status__name", "status__category", "lead__user__name", "score", "effort",
)  # fmt: skip


HEAD = ("pk", "public_id", "name", "ends_on", "released_at", "health", "capacity", "frozen_at")


def _releases(member: Member, product: Product, with_past: bool) -> QuerySet[Release]:
    rows = Release.objects.visible_to(member).of(product)
    return (rows if with_past else rows.filter(released_at=None)).values_list(*HEAD)


def _head_of(row: tuple[Any, ...]) -> Head:
    pk, public_id, name, ends_on, released_at, health, capacity, frozen_at = row
    return Head(pk, public_id, name, ends_on, released_at is not None, health, capacity, frozen_at is not None)


def _planned(member: Member, product: Product, with_past: bool) -> QuerySet[Item]:
    rows = Item.objects.visible_to(member).of(product).exclude(release=None).filter(release__deleted_at=None)
    return (rows if with_past else rows.filter(release__released_at=None)).ranked().values_list(*CARD)


def _waiting(member: Member, product: Product) -> QuerySet[Item]:
    rows = Item.objects.visible_to(member).of(product).filter(release=None)
    return rows.open().ranked().values_list(*CARD)[:LARGEST_COLUMN]


RELEASES, PLANNED, WAITING = Prepared(_releases), Prepared(_planned), Prepared(_waiting)


@dataclass
class Column:
    """A release and its cards; without a release what waits for one, `cut` when there is more of it. `summed`: how many there are and
    their effort, where the cards themselves were not read."""

    release: Head | None
    cards: list[Card] = field(default_factory=list)
    cut: bool = False
    summed: tuple[int, Decimal] | None = None

    @property
    def count(self) -> int:
        return self.summed[0] if self.summed else len(self.cards)

    @property
    def effort(self) -> Decimal:
        if self.summed:
            return self.summed[1]
        return sum((card.effort for card in self.cards if card.effort), Decimal(0))


def columns_for(member: Member, product: Product, *, with_past: bool) -> list[Column]:
    """Releases by day, what is not planned last. Three statements however many releases there are."""
    columns: dict[int | None, Column] = {}
    for row in RELEASES.rows(member, product, variant=(with_past,)):
        columns[row[0]] = Column(_head_of(row))
    for row in PLANNED.rows(member, product, variant=(with_past,)):
        if row[0] in columns:
            columns[row[0]].cards.append(Card._make(row))
    waiting = [Card._make(row) for row in WAITING.rows(member, product)]
    return [*columns.values(), Column(None, waiting, cut=len(waiting) == LARGEST_COLUMN)]


def summed(member: Member, product: Product, releases: Iterable[int | None]) -> list[Column]:
    """The columns of these releases (None: what waits), for their heads alone: what a card that was dropped left and entered."""
    wanted = set(releases)
    rows = Release.objects.visible_to(member).of(product).filter(pk__in=wanted - {None})
    within = Item.objects.visible_to(member).of(product).filter(release=OuterRef("pk")).order_by().values("release")
    counted, effort = within.annotate(n=Count("pk")).values("n"), within.annotate(n=Sum("effort")).values("n")
    found = [
        Column(_head_of(row), summed=(count or 0, weeks or Decimal(0)))
        for *row, count, weeks in rows.values_list(*HEAD, Subquery(counted), Subquery(effort))
    ]
    if None in wanted:
        count = len(WAITING.rows(member, product))
        found.append(Column(None, cut=count == LARGEST_COLUMN, summed=(count, Decimal(0))))
    return found


class Drawing:
    """The columns of one product's board, for one person; `token` is for the forms in them."""

    def __init__(self, workspace: str, key: str, *, may_edit: bool, today: date, token: str) -> None:
        self.key, self.may_edit, self.today, self.token = escape(key), may_edit, today, token
        self.item = pieces.address("roadmap:item", workspace, key)
        self.move = pieces.address("roadmap:item_release", workspace, key)
        self.page = pieces.address("roadmap:release", workspace, key)
        self.ship = pieces.address("roadmap:release_ship", workspace, key)
        self.grab = escape(_("Move %(key)s"))

    def columns(self, columns: list[Column]) -> SafeString:
        return pieces.joined(map(self._column, columns))

    def heads(self, columns: list[Column]) -> SafeString:
        """For the page that is there: what its columns hold now."""
        return pieces.joined(self._header(column, ' hx-swap-oob="true"') for column in columns)

    def _header(self, column: Column, swap: str = "") -> str:
        return f'<header class="bcol__head" id="head-{_id(column)}"{swap}>{self._head(column)}</header>'

    def _column(self, column: Column) -> str:
        release = column.release
        public_id = escape(release.public_id) if release else ""
        cards = "".join(map(self._card, column.cards))
        return (
            f'<section class="bcol" aria-labelledby="release-{_id(column)}">{self._header(column)}\n<ul class="bcol__list" data-list="{public_id}">{cards}</ul>'
            f"{self._ship(release) if release and self.may_edit and not release.is_released else ''}</section>"
        )

    def _head(self, column: Column) -> str:
        n, release, count = _id(column), column.release, f"{column.count}{'+' if column.cut else ''}"
        if release is None:
            name, below = escape(_("Not planned")), f'<div class="fs-12 faint">{escape(_("In order of rank"))}</div>'
            return (
                f'<div class="row"><h2 id="release-{n}">{name}</h2><span class="grow faint">{count}</span></div>{below}'
            )
        name = f'<a href="{self.page % escape(release.public_id)}">{escape(release.name)}</a>'
        ends = pieces.day(release.ends_on, self.today) if release.ends_on else escape(_("No day set"))
        return (
            f'<div class="row"><h2 id="release-{n}">{name}</h2><span class="grow faint">{count}</span>'
            f'{self._state(release)}</div><div class="row fs-12"><span class="faint nowrap">{ends}</span>'
            f"{self._filled(release, column.effort)}</div>"
        )

    def _state(self, release: Head) -> str:
        """What is out needs no health; what is frozen says so."""
        if release.is_released:
            return pieces.pill(_("Released"), "ok", "check")
        frozen = ""
        if release.is_frozen:
            words = escape(_("Frozen"))
            frozen = f'<span class="faint" title="{words}">{pieces.icon("lock", "icon--14")}<span class="sr">{words}</span></span>'
        return frozen + (pieces.health(release.health) if release.health != "not_set" else "")

    def _filled(self, release: Head, effort: Decimal) -> str:
        """Effort against capacity; what is too much is red."""
        if release.capacity is None:
            return f'<span class="end num faint">{escape(formats.weeks(effort))}</span>'
        over = effort > release.capacity
        share = float(effort / release.capacity * 100) if release.capacity else 100 * over
        bar = pieces.progress(min(share, 100), "bad" if over else "", "grow", _("Capacity used"))
        return bar + pieces.weeks(effort, release.capacity, "over" if over else "faint")

    def _card(self, card: Card) -> str:
        key, number = f"{self.key}-{card.number}", card.number
        face = pieces.face(card.lead) if card.lead else ""
        grab = self._handle(key) if self.may_edit else ""
        shown = escape(_("Score %(n)s") % {"n": pieces.rounded(card.score)}) if card.score is not None else ""
        score = f'<span class="end num">{shown}</span>' if shown else ""
        effort = pieces.weeks(card.effort) if card.effort else ""
        return (
            f'<li class="bcard" data-id="{number}" data-url="{self.move % number}"><div class="row"><span class="t-id grow">'
            f'{key}</span>{face}{grab}</div><a class="bcard__t" href="{self.item % number}">{escape(card.title)}</a>'
            f'<div class="row fs-12 faint gap-3">{pieces.status(card.status, card.category)}{score}{effort}</div></li>'
        )

    def _handle(self, key: str) -> str:
        label = self.grab % {"key": key}
        grip = pieces.icon("grip-vertical", "icon--14")
        return f'<button type="button" class="grab" data-grab aria-label="{label}">{grip}</button>'

    def _ship(self, release: Head) -> str:
        words, picture = escape(_("Mark as released")), pieces.icon("package-check", "icon--14")
        return (
            f'<form method="post" action="{self.ship % escape(release.public_id)}"><input type="hidden"'
            f' name="csrfmiddlewaretoken" value="{escape(self.token)}"><button class="btn btn--ghost btn--sm">'
            f"{picture}{words}</button></form>"
        )


def _id(column: Column) -> str:
    return escape(column.release.public_id) if column.release else "none"
