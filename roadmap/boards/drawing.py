"""The columns of a board, drawn in Python: with a template for each card, 130 cards cost 35 ms; like this, 2. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.boards.columns import Column
from roadmap.plans.designs import Layout, Shown
from roadmap.plans.planning import Row
from roadmap.plans.shown import Facts
from ui import pieces

#: What stands in the first line of a card, what below its title as a line of its own; all else is its last line.
ABOVE, BELOW = {Shown.KEY.value, Shown.LEAD.value}, {Shown.PROBLEM.value, Shown.RESULT.value}


class Addresses(dict[str, str]):
    """Product key → the pattern of its items' addresses."""

    def __init__(self, workspace: str) -> None:
        super().__init__()
        self.workspace = workspace

    def __missing__(self, key: str) -> str:
        self[key] = pieces.address("roadmap:item", self.workspace, key)
        return self[key]


@dataclass
class BoardDrawing:
    """`here` is the address of the board with its query, "?" and all; `may_move`: keys of products at which this person moves cards; `limits`
    the pattern of the addresses where limits are set, "" where none can be."""

    layout: str
    workspace: str
    facts: Facts
    colours: Mapping[str, str]
    may_move: frozenset[str] = frozenset()
    here: str = "?"
    limits: str = ""

    @cached_property
    def words(self) -> dict[str, str]:
        """What each card says alike, looked up once."""
        return {"grab": escape(_("Move %(key)s")), "grip": pieces.icon("grip-vertical", "icon--14")}

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self.workspace)

    @property
    def is_horizons(self) -> bool:
        return self.layout == Layout.HORIZONS

    def columns(self, columns: list[Column]) -> SafeString:
        return pieces.joined(self._column(n, column) for n, column in enumerate(columns, start=1))

    def heads(self, columns: list[Column]) -> SafeString:
        """The heads anew, for where they stand: after a move, or with cards that come later."""
        return pieces.joined(self._head(column, ' hx-swap-oob="true"') for column in columns)

    def cards(self, column: Column) -> SafeString:
        """The inside of a column's list."""
        return pieces.joined([*map(self._card, column.cards), self._rest(column)])

    def _column(self, n: int, column: Column) -> str:
        css = "nnl__col" if self.is_horizons else "bcol"
        list_css, key, name = (
            "nnl__list" if self.is_horizons else "bcol__list",
            escape(column.head.key),
            self._name(column),
        )
        inside = self.cards(column) if column.is_loaded else self._later(column)
        none = f'<p class="faint fs-13 nnl__none">{escape(_("Nothing here yet."))}</p>' if not column.count else ""
        return (
            f'<section class="{css}" aria-labelledby="{_id(column)}-name">{self._head(column)}'
            f'<ul class="{list_css}" data-list="{key}" aria-label="{name}">{inside}</ul>{none}</section>\n'
        )

    def _head(self, column: Column, more: str = "") -> str:
        css = "" if self.is_horizons else ' class="bcol__head"'
        inside = self._horizon(column) if self.is_horizons else self._usual(column)
        return f'<header id="{_id(column)}"{css}{more}>{inside}{self._over(column)}</header>'

    def _name(self, column: Column) -> str:
        head = column.head
        return escape(f"{head.product} {head.name}" if head.product else head.name)

    def _horizon(self, column: Column) -> str:
        head = column.head
        dots = "".join(f"<i{' class=on' if n < head.confidence else ''}></i>" for n in range(3))
        return (
            f'<h2 id="{_id(column)}-name">{self._name(column)}</h2>{self._count(column)}<span class="grow">{escape(head.claim)}</span>'
            f'<span class="conf">{dots}{escape(head.word)}</span><span class="row row--wrap fs-12 bcol__sums">{self._summed(column)}</span>'
        )

    def _usual(self, column: Column) -> str:
        head = column.head
        glyph = pieces.status(head.name, head.category, text=False) if head.category else ""
        under = pieces.day(head.ends_on, self.facts.today) if head.ends_on else ""
        if not head.category and not head.ends_on:
            under = escape(_("No day set") if head.key else _("In order of rank"))
        return (
            f'<div class="row">{glyph}<h2 id="{_id(column)}-name">{self._name(column)}</h2><span class="grow">{self._count(column)}'
            f'</span></div><div class="row row--wrap fs-12 faint bcol__sums"><span class="nowrap">{under}</span>{self._summed(column)}</div>'
        )

    def _count(self, column: Column) -> str:
        count = pieces.number(column.count)
        if column.limit is not None:
            count = f"{count} / {column.limit}"
        css = "num over" if column.too_many else "num faint"
        if not self.limits:
            return f'<span class="{css}">{count}</span>'
        address, label = (
            self.limits % (escape(column.head.key) or "none"),
            escape(_("Limit of %(name)s") % {"name": column.head.name}),
        )
        return (
            f'<a class="{css} bcol__limit" href="{address}" data-dialog="limit" data-dialog-url="{address}" title="{label}">{count}'
            f'<span class="sr"> {label}</span></a>'
        )

    def _over(self, column: Column) -> str:
        if not column.too_many:
            return ""
        words = ngettext("%(n)d more than the limit", "%(n)d more than the limit", column.too_many) % {
            "n": column.too_many
        }
        return f'<p class="bcol__over">{pieces.icon("triangle-alert", "icon--12")}{escape(words)}</p>'

    def _summed(self, column: Column) -> str:
        said = [(_("Effort"), f"{pieces.rounded(column.effort, -1)} pw")] if column.effort else []
        said += [(str(label), text) for label, text in column.sums or []]
        return "".join(
            f'<span class="num nowrap" title="{escape(label)}"><span class="sr">{escape(label)} </span>{escape(text)}</span>'
            for label, text in said
        )

    def _later(self, column: Column) -> str:
        """Cards that come when the column is scrolled to, or asked for."""
        if not column.count:
            return ""
        return self._more(
            column,
            ngettext("Show %(n)d card", "Show %(n)d cards", column.count) % {"n": column.count},
            "intersect once",
        )

    def _rest(self, column: Column) -> str:
        if column.left_out <= 0:
            return ""
        return self._more(
            column, ngettext("%(n)d more", "%(n)d more", column.left_out) % {"n": column.left_out}, "click"
        )

    def _more(self, column: Column, words: str, trigger: str) -> str:
        address = escape(f"{self.here}&column={column.head.key or 'none'}")
        return (
            f'<li class="bcol__more"><a class="btn btn--ghost btn--sm" href="{address}" hx-get="{address}" hx-trigger="{trigger}"'
            f' hx-target="closest [data-list]" hx-swap="innerHTML" hx-push-url="false">{escape(words)}</a></li>'
        )

    def _card(self, card: Row) -> str:
        facts = dict(self.facts.of(card))
        address = self.addresses[card.product] % card.number
        colour = self.colours.get(card.colour or "", "")
        attributes = (
            f'data-id="{escape(card.product)}-{card.number}" data-kin="{escape(card.product)}"{colour and " " + colour}'
        )
        below = "".join(facts.pop(name) for name in list(facts) if name in BELOW)
        if self.is_horizons:
            return self._plain(card, attributes, address, facts, below)
        key, face = facts.pop(Shown.KEY.value, ""), facts.pop(Shown.LEAD.value, "")
        above = (
            f'<div class="row"><span class="grow">{key}</span>{face}{self._grab(card)}</div>'
            if key or face or self.may_move
            else ""
        )
        last = "".join(facts.values())
        return (
            f'<li class="bcard" {attributes}>{above}<a class="bcard__t" href="{address}">{escape(card.title)}</a>{below}'
            f"{last and self._foot(last)}</li>"
        )

    def _foot(self, last: str) -> str:
        return f'<div class="row fs-12 faint gap-3 bcard__f">{last}</div>'

    def _plain(self, card: Row, attributes: str, address: str, facts: dict[str, str], below: str) -> str:
        face = facts.pop(Shown.LEAD.value, "")
        return (
            f'<li class="ncard" {attributes}><div class="row"><h3 class="grow"><a href="{address}">{escape(card.title)}</a></h3>'
            f'{self._grab(card)}</div>{below}<footer>{"".join(facts.values())}<span class="end">{face}</span></footer></li>'
        )

    def _grab(self, card: Row) -> str:
        if card.product not in self.may_move:
            return ""
        label = self.words["grab"] % {"key": f"{card.product}-{card.number}"}
        return f'<button type="button" class="grab" data-grab aria-label="{label}">{self.words["grip"]}</button>'


def _id(column: Column) -> str:
    return f"col-{escape(column.head.key) or 'none'}"
