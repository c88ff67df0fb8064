"""An item's score explained: what each factor does, what would pass the next item above, and where rank and score disagree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Member
from accounts.prepared import Prepared
from accounts.together import Together
from changes.models import Version
from listing import figures
from roadmap.models import Category, Item, scoring_of
from roadmap.scores.disagreeing import needed_by, why_by_columns
from roadmap.scores.explaining import Part, Way, parts, ways_to_pass
from roadmap.scores.factors import Kind, Role
from roadmap.scores.formulas import Formula, How
from roadmap.scores.scorebox import inputs_of
from roadmap.scores.set_by import set_last
from ui import formats

#: What is read of the items that one is compared with.
NEEDED = (
    "pk",
    "number",
    "title",
    "score",
    "rank",
    "release__name",
    "release__ends_on",
    "starts_on",
    "status__category",
)


@dataclass(frozen=True)
class Line:
    """What one factor does, in words."""

    part: Part
    words: str
    note: str = ""
    set_by: str = ""


@dataclass(frozen=True)
class Explained:
    """One scorecard of an item. `next` is the item with the next higher score, `ways` how this one would pass it."""

    formula: Formula
    score: Any
    lines: list[Line]
    missing: list[str]
    next: Any = None
    next_key: str = ""
    next_url: str = ""
    next_shown: str = ""
    ways: Sequence[Way] = ()

    @property
    def shown(self) -> str:
        return self.formula.shown(self.score)


@dataclass(frozen=True)
class Standing:
    """Places among the open items of the product, by score and by rank, and the nearest item with which they disagree."""

    by_score: int | None
    by_rank: int
    all: int
    sentence: str = ""


class Around:
    """An item among the open ones of its product: read in one statement, the first time one of these is wanted."""

    def __init__(self, item: Item, member: Member) -> None:
        self.item, self.member = item, member
        together, given = Together(), (member, item.product_id, item, item.rank)
        self._counted = together.ask(COUNTED, *given, variant=(item.score is None,))
        self._set_last = set_last(item, together)
        self._nearest = {name: together.ask(NEAREST, *given, variant=(name,)) for name in NEAREST_TO}

    @property
    def counted(self) -> tuple[int, int, int]:
        """All open items, those before it in rank, those before it in score."""
        return next(iter(self._counted()), (0, 0, 0))

    def set_by(self, part: Part) -> str:
        """Who gave the factor its value, and when; empty where it is measured or missing."""
        found = None if part.factor.live or part.is_missing else self._set_last().get(part.factor.key)
        if found is None:
            return ""
        day = formats.day(found.at.astimezone(self.item.workspace.zone).date(), self.item.workspace.today())
        return _("set by %(who)s, %(day)s") % {"who": found.who, "day": day}

    def nearest(self, name: str) -> Any:
        """The nearest of NEAREST_TO; None where there is none."""
        return next(iter(self._nearest[name]()), None)


def explain(around: Around) -> list[Explained]:
    """For each scorecard of the product."""
    item, member = around.item, around.member
    scoring = scoring_of(item.product)
    told = []
    for place, formula in enumerate(scoring.formulas):
        inputs, score = inputs_of(item), item.second_score if place else item.score
        lines = [
            Line(part, in_words(part, formula), _measured(part, item, member), around.set_by(part))
            for part in parts(formula, inputs)
        ]
        missing = [str(one.name) for one in formula.missing(inputs)]
        above = None if place or score is None else around.nearest("next higher")
        if above is None:
            told.append(Explained(formula, score, lines, missing))
            continue
        key, url = f"{item.product.key}-{above.number}", _url(item, above.number)
        ways = ways_to_pass(formula, inputs, above.score)
        told.append(Explained(formula, score, lines, missing, above, key, url, formula.shown(above.score), ways))
    return told


def _open(member: Member, product: int) -> Any:
    return Item.objects.visible_to(member).filter(product=product).open()


def _own_score(item: Item) -> Subquery:
    return Subquery(Item.objects.with_deleted().filter(pk=item.pk).values("score"))


def _counts(member: Member, product: int, item: Item, rank: str, unscored: bool) -> Any:
    higher = Q(score__isnull=False) if unscored else Q(score__gt=_own_score(item))
    return (
        _open(member, product)
        .order_by()
        .values("product")
        .annotate(all=Count("pk"), before=Count("pk", filter=Q(rank__lt=rank)), higher=Count("pk", filter=higher))
        .values_list("all", "before", "higher")
    )


#: The open item with the lowest score above one's own; the first below it that scores higher, the last above it that scores lower.
NEAREST_TO: dict[str, Callable[[Any, Subquery, str], Any]] = {
    "next higher": lambda rows, own, rank: rows.filter(score__gt=own).order_by("score", "rank"),
    "below": lambda rows, own, rank: rows.filter(rank__gt=rank, score__gt=own).order_by("rank"),
    "above": lambda rows, own, rank: rows.filter(rank__lt=rank, score__lt=own).order_by("-rank"),
}


def _nearest(member: Member, product: int, item: Item, rank: str, name: str) -> Any:
    found = NEAREST_TO[name](_open(member, product), _own_score(item), rank)
    return found.values_list(*NEEDED, named=True)[:1]


COUNTED, NEAREST = Prepared(_counts), Prepared(_nearest)


def _measured(part: Part, item: Item, member: Member) -> str:
    """Of whom and when a live factor is measured, and what it is at this moment where that is not in the score yet."""
    source = figures.sources.get(part.factor.live)
    figure = source.compute([item.pk], member).get(item.pk) if source else None
    if figure is None:
        return ""
    told = f"{figure.population}, {figure.period}"
    if figure.value is not None and part.factor.value(part.raw) != Decimal(str(figure.value)):
        now = _("%(value)s by now, which counts within a quarter of an hour") % {
            "value": part.factor.shown(figure.value)
        }
        return f"{told}; {now}"
    return told


def in_words(part: Part, formula: Formula) -> str:
    """`multiplies by 2`, `adds 26.3 points: 70 % of its range, weight 3 of 8`."""
    if part.is_missing:
        return _("missing")
    if formula.how == How.CLASS:
        return _("puts it into this class")
    if part.points is None and part.divisor is None:
        value = part.factor.value(part.raw)
        assert value is not None
        number = formats.number(value / 100 if part.factor.kind == Kind.PERCENT else value)
        return (_("multiplies by %(n)s") if part.sign else _("begins with %(n)s")) % {"n": number}
    if part.divisor is not None:
        return _("divides by %(n)s") % {"n": formats.number(part.divisor)}
    assert part.points is not None
    if formula.how == How.ADD:
        return _("adds %(n)s") % {"n": formats.number(part.points)}
    weights = sum(one.weight for one in formula.factors if one.role == Role.GAIN)
    words = _("takes %(points)s points off: %(share)s %% of its range, weight %(weight)s against %(all)s")
    if part.points >= 0 and part.factor.role == Role.GAIN:
        words = _("adds %(points)s points: %(share)s %% of its range, weight %(weight)s of %(all)s")
    return words % {
        "points": formats.number(abs(part.points), 1), "share": part.share, "weight": formats.number(part.factor.weight),
        "all": formats.number(weights),
    }  # fmt: skip


def standing(around: Around) -> Standing:
    item = around.item
    all_, before, higher = around.counted
    place = higher + 1 if item.score is not None else None
    standing = Standing(place, before + 1, max(all_, before + 1))
    if item.score is None or item.status.category in (Category.SHIPPED, Category.DROPPED):
        return standing
    below = around.nearest("below")
    if below is not None:
        sentence = _("Ranked above %(other)s, which scores higher (%(score)s): %(why)s.")
        return _disagreeing(standing, sentence, item, below, why_first(item, below))
    above = around.nearest("above")
    if above is not None:
        sentence = _("Ranked below %(other)s, which scores lower (%(score)s): %(why)s.")
        first = Item.objects.select_related("status", "release", "product", "workspace").get(pk=above.pk)
        return _disagreeing(standing, sentence, item, above, why_first(first, item))
    return standing


def _disagreeing(standing: Standing, sentence: str, item: Item, other: Any, why: str) -> Standing:
    key, shown = f"{item.product.key}-{other.number}", scoring_of(item.product).first.shown(other.score)
    words = sentence % {"other": key, "score": shown, "why": why}
    return Standing(standing.by_score, standing.by_rank, standing.all, words)


def why_first(first: Item, other: Any) -> str:
    """Why `first` stands before `other` although it scores lower: dependency, work, date, or who put it there."""
    needing = needed_by([first.pk]).get(first.pk)
    if needing is not None:
        return _("%(key)s needs it") % {"key": f"{first.product.key}-{needing}"}
    release = first.release
    known = why_by_columns(
        first.status.category, release.name if release else "", release.ends_on if release else None, first.starts_on,
        *_told(other),
    )  # fmt: skip
    return known or _placed_by(first)


def _told(other: Any) -> tuple[str, Any, Any]:
    if isinstance(other, Item):
        return other.status.category, other.release.ends_on if other.release else None, other.starts_on
    return other.status__category, other.release__ends_on, other.starts_on


def _placed_by(item: Item) -> str:
    """Who moved it last, and when."""
    moves = Version.objects.of(item).filter(columns__contains=["rank"]).select_related("change__member__user")
    move = moves.order_by("-pk").first()
    if move is None or move.change.member is None:
        return _("it was placed by hand")
    day = formats.day(move.change.at.astimezone(item.workspace.zone).date(), item.workspace.today())
    return _("%(who)s placed it there on %(day)s") % {"who": move.change.member.name, "day": day}


def _url(item: Item, number: int) -> str:
    return reverse("roadmap:item", args=[item.workspace.slug, item.product.key, number])
