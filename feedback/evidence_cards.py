"""What stands beside and inside an open conversation, drawn in Python: the text with its marks, a card for each target that it is
evidence for, and the suggested items. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback.customer_rows import importance
from feedback.demand import Demand
from feedback.models import Importance
from feedback.passages import Paragraph, Piece
from products.models.problem import ProblemState
from ui import pieces


def as_rows(insights: QuerySet[Any]) -> QuerySet[Any]:
    """With what a card shows of its passages and of its target, an item or a problem."""
    return insights.values_list(
        "pk", "public_id", "change_id", "passage", "starts", "ends", "importance", "item", "problem",
        "item__title", "item__number", "item__product__key", "item__product__name", "item__status__name",
        "item__status__category", "problem__statement", "problem__state", named=True,
    )  # fmt: skip


@dataclass(frozen=True)
class Evidence:
    """The insights (see as_rows) of a conversation for one target, under one number. Problems have no demand."""

    number: int
    insights: list[Any]
    demand: Demand | None

    @property
    def importance(self) -> int:
        """How much it matters to them, as judged last."""
        latest: int = max(self.insights, key=lambda one: one.change_id).importance
        return latest


@dataclass(frozen=True)
class EvidenceCards:
    """`token` answers for forms, where the member may weigh and unlink; "" draws none."""

    workspace: str
    currency: str
    token: str

    def draw(self, groups: Iterable[Evidence]) -> SafeString:
        return pieces.joined(map(self._card, groups))

    def _card(self, group: Evidence) -> str:
        one = group.insights[0]
        quotes = "".join(f"<p>“{escape(insight.passage)}”</p>" for insight in group.insights)
        title, state = self._item(one) if one.item is not None else _problem(one)
        return (
            f'<article class="insight"><header class="row"><span class="hlnum">{group.number}</span>{title}</header>'
            f'<div class="quote fs-12">{quotes}</div>'
            f'<footer class="row spread">{state}{importance(group.importance)}</footer>'
            f"{self._worth(one, group.demand) if group.demand else ''}{self._forms(group) if self.token else ''}</article>"
        )

    def _item(self, one: Any) -> tuple[str, str]:
        url = pieces.address("roadmap:item", self.workspace, one.item__product__key) % one.item__number
        title = f'<a class="strong grow quiet" href="{escape(url)}">{escape(one.item__title)}</a>'
        return title, pieces.status(one.item__status__name, one.item__status__category)

    def _worth(self, one: Any, demand: Demand) -> str:
        revenue = _("Revenue in %(product)s") % {"product": one.item__product__name}
        return (
            f'<div class="insight__fx"><span>{escape(_("Asked by"))}</span><b>{pieces.number(demand.customers)}</b>'
            f"<span>{escape(revenue)}</span><b>{pieces.money(demand.revenue, self.currency)}</b></div>"
        )

    def _forms(self, group: Evidence) -> str:
        weigh = pieces.address("feedback:insight_weigh", self.workspace)
        unlink = pieces.address("feedback:insight_unlink", self.workspace)
        token = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(self.token)}">'
        drawn = "".join(
            f'<p class="fs-12 muted truncate">“{escape(one.passage)}”</p><div class="row insight__act gap-2">'
            f"{_form(weigh % one.public_id)}{token}"
            f'<input type="hidden" name="seen" value="{one.change_id}">{_weights(one.importance)}</form>'
            f"{_form(unlink % one.public_id, 'end')}{token}"
            f'<button class="btn btn--ghost btn--icon btn--sm" aria-label="{escape(_("Unlink this passage"))}">'
            f"{pieces.icon('unlink', 'icon--14')}</button></form></div>"
            for one in group.insights
        )
        title = escape(_("Change importance or unlink"))
        return f'<details class="insight__more"><summary class="fs-12">{title}</summary>{drawn}</details>'


def as_targets(items: QuerySet[Any]) -> QuerySet[Any]:
    """With what is shown of an item to which a passage could be linked."""
    return items.values_list("pk", "number", "title", "product__key", "status__name", "status__category", named=True)


def draw_targets(items: Iterable[Any]) -> SafeString:
    """Items (see as_targets) to choose from, the first of them chosen."""
    return pieces.joined(
        f'<label class="menu__item"><input class="sr" type="radio" name="target" value="item:{escape(_key(item))}"'
        f"{'' if place else ' checked'}>{_glyph(item)}"
        f'<span class="truncate">{escape(item.title)}</span><span class="t-id end">{escape(_key(item))}</span></label>'
        for place, item in enumerate(items)
    )


def draw_suggestions(items: Iterable[Any], link: str) -> SafeString:
    """Items (see as_targets), each with the way to the page `link` that is filled in for it."""
    return pieces.joined(
        f'<li>{_glyph(item)}<span class="grow truncate" title="{escape(item.title)}">{escape(item.title)}</span>'
        f'<a class="btn btn--sm" href="{escape(link)}?q={escape(_key(item))}">{escape(_("Link"))}'
        f'<span class="sr"> {escape(item.title)}</span></a></li>'
        for item in items
    )


def _key(item: Any) -> str:
    return f"{item.product__key}-{item.number}"


def _glyph(item: Any) -> str:
    return pieces.status(item.status__name, item.status__category, text=False)


def draw_text(paragraphs: Iterable[Paragraph]) -> SafeString:
    """What was said, with the passages that are linked."""
    return pieces.joined(
        f"<p>{f'<b>{escape(one.speaker)}</b>' if one.speaker else ''}{''.join(map(_piece, one.pieces))}</p>\n"
        for one in paragraphs
    )


def _piece(piece: Piece) -> str:
    if not piece.marked:
        return escape(piece.text)
    numbers = "".join(f"<sup>{number}</sup>" for number in piece.numbers)
    return f'<mark class="hl">{escape(piece.text)}{numbers}</mark>'


def _problem(one: Any) -> tuple[str, str]:
    title = f'<span class="strong grow">{escape(one.problem__statement)}</span>'
    return title, pieces.pill(str(ProblemState(one.problem__state).label))


def _form(url: str, css: str = "") -> str:
    classes = f' class="{css}"' if css else ""
    return f'<form{classes} method="post" action="{escape(url)}" hx-post="{escape(url)}" hx-target="#conversation">'


def _weights(chosen: int) -> str:
    buttons = "".join(
        f'<button name="importance" value="{one.value}" aria-pressed="{"true" if one == chosen else "false"}">'
        f"{escape(str(one.label))}</button>"
        for one in WEIGHTS
    )
    return f'<div class="seg" role="group" aria-label="{escape(_("Importance"))}">{buttons}</div>'


#: Those that a person may choose.
WEIGHTS = tuple(one for one in Importance if one is not Importance.NONE)
