"""A roadmap as a list, drawn in Python from the rows of roadmap/plans/lists.py. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap.plans.designs import Lanes, Shown
from roadmap.plans.lists import Listed
from roadmap.plans.planning import PlanLane
from roadmap.plans.rows import Row
from roadmap.plans.shown import Facts
from ui import pieces


@dataclass
class ListDrawing:
    """`here`: the address of the list with its query, for the page that follows."""

    workspace: str
    facts: Facts
    colours: Mapping[str, str]
    lanes: str
    here: str = "?"

    def head(self) -> SafeString:
        cells = "".join(f"<th>{escape(label)}</th>" for label in self._labels())
        return pieces.joined([f"<tr><th>{escape(_('Title'))}</th>{cells}</tr>"])

    def rows(self, listed: Listed) -> SafeString:
        parts = [part for lane in listed.lanes for part in (self._lane(lane), *map(self._row, lane.rows))]
        return pieces.joined([*parts, self._more(listed)])

    def _labels(self) -> list[str]:
        own = self.facts.own
        return [
            str(Shown(name).label) if name in Shown.values else own[name].name if name in own else ""
            for name in self.facts.names
        ]

    def _lane(self, lane: PlanLane) -> str:
        if self.lanes == Lanes.NONE:
            return ""
        return (
            f'<tr class="rlist__lane"><th colspan="{len(self.facts.names) + 1}" scope="rowgroup">{escape(lane.name)}'
            f' <span class="num faint">{len(lane.rows)}</span></th></tr>'
        )

    def _row(self, row: Row) -> str:
        address = pieces.address("roadmap:item", self.workspace, row.product) % row.number
        colour = self.colours.get(row.colour or "", "")
        said = dict(self.facts.of(row))
        cells = "".join(f"<td>{said.get(name, '')}</td>" for name in self.facts.names)
        return (
            f'<tr><td class="rlist__t"><i class="rlist__dot is-{row.state}"{colour and " " + colour}></i>'
            f'<a href="{address}">{escape(row.title)}</a></td>{cells}</tr>\n'
        )

    def _more(self, listed: Listed) -> str:
        if listed.following is None:
            return ""
        address = escape(f"{self.here}&after={listed.following}")
        words = escape(_("Show more"))
        return (
            f'<tr><td colspan="{len(self.facts.names) + 1}"><a class="btn btn--ghost btn--sm" href="{address}" hx-get="{address}"'
            f' hx-trigger="intersect once, click" hx-target="closest tr" hx-swap="outerHTML" hx-push-url="false">{words}</a></td></tr>'
        )
