"""The columns of a board, drawn in Python: with a template for each card, 130 cards cost 35 ms; like this, 2. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.backlog.kept_rows import kept
from roadmap.boards.columns import Column
from roadmap.boards.head_drawing import Look, Told, around, heads, more, without_cards
from roadmap.plans.designs import Shown
from roadmap.plans.rows import Row
from roadmap.plans.shown import Facts
from ui import pieces

#: What stands in the first line of a card, what below its title as a line of its own; all else is its last line.
ABOVE, BELOW = {Shown.KEY.value, Shown.LEAD.value}, {Shown.PROBLEM.value, Shown.RESULT.value}
#: What stands together at the end of that line.
NUMBERS = (Shown.SCORE.value, Shown.EFFORT.value)
#: Facts that a row holds whole, so that a card of nothing else is kept as drawn under its row: others ask other apps, or own fields.
KEPT = {
    one.value
    for one in (
        Shown.KEY, Shown.STATUS, Shown.PROBLEM, Shown.OBJECTIVE, Shown.RELEASE, Shown.DATES, Shown.LEAD, Shown.SCORE, Shown.EFFORT
    )
}  # fmt: skip


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

    @cached_property
    def look(self) -> Look:
        return Look.of(self.layout, self.here, self.limits, self.facts.today)

    def columns(self, columns: list[Column]) -> SafeString:
        return pieces.joined(map(self._column, columns))

    def heads(self, columns: list[Column]) -> SafeString:
        """The heads anew, for where they stand."""
        return heads(self.look, columns)

    def cards(self, column: Column) -> SafeString:
        """The inside of a column's list."""
        return pieces.joined([*map(self._card, column.cards), self._rest(column)])

    def _column(self, column: Column) -> str:
        told = Told.of(column)
        return around(self.look, told, self.cards(column)) if column.is_loaded else without_cards(self.look, told)

    def _rest(self, column: Column) -> str:
        if column.left_out <= 0:
            return ""
        words = ngettext("%(n)d more", "%(n)d more", column.left_out) % {"n": column.left_out}
        return more(self.look, column.head, words, "click")

    @cached_property
    def cards_look(self) -> Hashable:
        """What all cards are drawn by, None where the rows do not hold all that cards say."""
        facts, look = self.facts, self.look
        if not set(facts.names) <= KEPT:
            return None
        return "card", look.layout, look.today, look.language, facts.names, facts.precision, bool(self.may_move)

    def _card(self, card: Row) -> str:
        if self.cards_look is None:
            return self._drawn(card)
        address, colour = self.addresses[card.product], self.colours.get(card.colour or "", "")
        return kept((self.cards_look, address, colour, card.product in self.may_move, card), self._drawn, card)

    def _drawn(self, card: Row) -> str:
        facts = dict(self.facts.of(card))
        address = self.addresses[card.product] % card.number
        colour = self.colours.get(card.colour or "", "")
        attributes = (
            f'data-id="{escape(card.product)}-{card.number}" data-kin="{escape(card.product)}"{colour and " " + colour}'
        )
        below = "".join(facts.pop(name) for name in list(facts) if name in BELOW)
        if self.look.is_horizons:
            return self._plain(card, attributes, address, facts, below)
        key, face = facts.pop(Shown.KEY.value, ""), facts.pop(Shown.LEAD.value, "")
        above = (
            f'<div class="row"><span class="grow">{key}</span>{face}{self._grab(card)}</div>'
            if key or face or self.may_move
            else ""
        )
        numbers = "".join(facts.pop(name, "") for name in NUMBERS)
        last = "".join(facts.values()) + (numbers and f'<span class="bcard__n">{numbers}</span>')
        return (
            f'<li class="bcard" {attributes}>{above}<a class="bcard__t" href="{address}">{escape(card.title)}</a>{below}'
            f"{last and self._foot(last)}</li>"
        )

    def _foot(self, last: str) -> str:
        return f'<div class="fs-12 faint bcard__f">{last}</div>'

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
