"""The bubbles of the matrix and their table as HTML, and what its custom element needs to know of the axes."""

from __future__ import annotations

import json
from collections.abc import Hashable
from html import escape
from operator import attrgetter
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap.scores.factor_fields import editable
from roadmap.scores.factors import plain
from roadmap.scores.matrix import Axis
from roadmap.scores.plane import NAMED, Bubble, Plane
from roadmap.scores.scorebox import inputs_of
from ui import pieces

_drawn_of = attrgetter("number", "title", "change_id", "status__name", "status__category", "score")
_waiting_of = attrgetter("number", "title", "change_id")
_place_of = attrgetter("x", "y", "raw_x", "raw_y", "size", "side", "asking", "is_light", "shift")


class MatrixDrawing:
    """One drawing, for one member. `selected` is the number of the item that the side is about."""

    def __init__(self, plane: Plane, workspace: str, *, may_edit: bool, selected: int | None, query: str) -> None:
        self.plane, self.may_edit, self.selected, self.query = plane, may_edit, selected, query
        self.move = pieces.address("roadmap:matrix_move", workspace, plane.product.key)
        self.item = pieces.address("roadmap:item", workspace, plane.product.key)
        self._said: dict[tuple[str, Any], str] = {}

    @property
    def is_small(self) -> bool:
        """Whether what was drawn is kept."""
        return len(self.plane.bubbles) <= NAMED

    @property
    def made_of(self) -> tuple[Hashable, ...]:
        """All that decides about bubbles, axes and rows, for `{% kept %}`; columns as they are drawn, not as they are stored."""
        plane = self.plane
        around = (
            self.item,
            self.may_edit,
            self.selected,
            self.query,
            plane.formula,
            plane.up,
            plane.across,
            plane.placed,
        )
        return *around, *[(*_drawn_of(one.row), *_place_of(one)) for one in plane.bubbles]

    @property
    def bubbles(self) -> SafeString:
        """Light ones lie below the others."""
        return pieces.joined(map(self._bubble, sorted(self.plane.bubbles, key=lambda one: not one.is_light)))

    @property
    def named(self) -> int:
        return len(self.plane.bubbles) - self.plane.light

    @property
    def rows(self) -> SafeString:
        return pieces.joined(map(self._row, self.plane.bubbles))

    @property
    def waiting(self) -> SafeString:
        """Those that lack a value, to be dragged in by who may edit."""
        return pieces.joined(map(self._waiting, self.plane.waiting))

    @property
    def waiting_of(self) -> tuple[Hashable, ...]:
        """All that decides about those, beside who may edit and which item is open."""
        return tuple([_waiting_of(row) for row in self.plane.waiting])

    def _waiting(self, row: Any) -> str:
        drag, grip = "", ""
        if self.may_edit:
            drag = f' data-tray data-seen="{row.change_id}" data-url="{self.move % row.number}"'
            grip = pieces.icon("grip-vertical", "icon--14")
        return (
            f'<li><a class="plain unplaced__a" id="tray-{row.number}" href="?{escape(self.query)}&amp;open={row.number}"{drag}'
            f' data-number="{row.number}">{grip}<span class="t-id">{self.plane.product.key}-{row.number}</span>'
            f'<span class="truncate">{escape(row.title)}</span></a></li>'
        )

    def _bubble(self, bubble: Bubble) -> str:
        row, plane = bubble.row, self.plane
        key = f"{plane.product.key}-{row.number}"
        said = _("%(key)s %(title)s. %(up)s %(y)s, %(across)s %(x)s.") % {
            "key": key, "title": row.title, "up": plane.up.factor.name, "y": self._shown(bubble, plane.up),
            "across": plane.across.factor.name, "x": self._shown(bubble, plane.across),
        }  # fmt: skip
        if self.may_edit:
            said = f"{said} {_('Arrow keys move it.')}"
        is_selected = row.number == self.selected
        css = "bub is-selected" if is_selected else "bub bub--light" if bubble.is_light else "bub"
        # With the Tab key one goes through those that are named; the table below has all of them.
        beside = ' tabindex="-1"' if bubble.is_light and not is_selected else ""
        side = {"left": " is-flip", "above": " is-above", "below": " is-below", "right": "", "": " is-mute"}[
            bubble.side
        ]
        right, down = bubble.shift
        shift = f"; --right: {right}px; --down: {down}px" if right or down else ""
        return (
            f'<a class="{css}{side}"{beside} id="bub-{row.number}" href="?{escape(self._opened(row.number))}" data-number="{row.number}"'
            f' data-url="{self.move % row.number}" data-x="{escape(bubble.raw_x)}" data-y="{escape(bubble.raw_y)}"'
            f' data-seen="{row.change_id}" style="--x: {bubble.x:.2f}; --y: {bubble.y:.2f}; --z: {bubble.size}px{shift}"'
            f' aria-label="{escape(said)}"><i>{pieces.status(row.status__name, row.status__category, text=False)}</i>'
            f"<span>{escape(row.title)}</span></a>"
        )

    def _shown(self, bubble: Bubble, axis: Axis) -> str:
        """Kept, since many have the same value, and each is drawn twice."""
        raw = inputs_of(bubble.row).get(axis.factor.key)
        known = (axis.factor.key, raw)
        if known not in self._said:
            self._said[known] = axis.factor.shown(raw)
        return self._said[known]

    def _opened(self, number: int) -> str:
        return f"{self.query}&open={number}".lstrip("&")

    def _row(self, bubble: Bubble) -> str:
        row, plane = bubble.row, self.plane
        key = f"{plane.product.key}-{row.number}"
        return (
            f'<tr><td class="title"><a class="t-title" href="{self.item % row.number}"><span class="t-id">{key}</span>'
            f"<span>{escape(row.title)}</span></a></td><td>{pieces.status(row.status__name, row.status__category)}</td>"
            f'<td class="num">{escape(self._shown(bubble, plane.up))}</td><td class="num">{escape(self._shown(bubble, plane.across))}</td>'
            f'<td class="num">{escape(plane.formula.shown(row.score))}</td><td class="num">{pieces.number(bubble.asking)}</td></tr>'
        )

    @property
    def across(self) -> str:
        return self._told(self.plane.across)

    @property
    def up(self) -> str:
        return self._told(self.plane.up)

    def _told(self, axis: Axis) -> str:
        """As JSON, for `<c-matrix>`."""
        return json.dumps(
            {
                "field": axis.factor.field, "name": str(axis.factor.name), "low": plain(axis.low), "high": plain(axis.high),
                "lowest": plain(axis.lowest), "step": plain(axis.step), "fixed": axis.is_fixed,
                "values": [editable(one) for one in axis.values], "labels": [axis.factor.shown(one) for one in axis.values],
            }
        )  # fmt: skip
