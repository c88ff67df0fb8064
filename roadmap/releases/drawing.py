"""What repeats on the page of a release: its items, what changed of its scope, what is parked. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap.releases.page import Line, Parked
from roadmap.releases.scope import ScopeChange
from ui import formats, pieces
from ui.drawn.times import ago

KINDS = {
    "added": ("plus", "warn"),
    "dropped": ("minus", "neutral"),
    "estimated": ("gauge", "accent"),
}


class ReleaseDrawing:
    """The rows of one release, for one person."""

    def __init__(self, workspace: str, key: str, public_id: str, *, may_edit: bool, today: date, token: str) -> None:
        self.key, self.may_edit, self.today, self.token = escape(key), may_edit, today, escape(token)
        self.place = (workspace, key, public_id)
        self.item = pieces.address("roadmap:item", workspace, key)
        self.take_in = pieces.address("roadmap:parked_take_in", workspace, key, public_id)
        self.let_go = pieces.address("roadmap:parked_let_go", workspace, key, public_id)
        self.explain = pieces.address("roadmap:scope_why", workspace, key, public_id)

    # --- items

    def items(self, lines: Iterable[Line]) -> SafeString:
        return pieces.joined(map(self._item, lines))

    def _item(self, line: Line) -> str:
        lead = pieces.face(line.lead) if line.lead else ""
        when = escape(formats.span(line.starts_on, line.ends_on, self.today)) if line.ends_on or line.starts_on else "—"
        aside = ""
        if self.may_edit:
            words = escape(_("Set %(key)s aside") % {"key": f"{self.key}-{line.number}"})
            aside = (
                f'<td class="num"><button class="btn btn--ghost btn--icon btn--sm" name="item" value="{line.number}"'
                f' aria-label="{words}" title="{words}">{pieces.icon("circle-pause", "icon--14")}</button></td>'
            )
        return (
            f"<tr>{self._named(line.number, line.title)}"
            f'<td class="lo muted">{escape(line.type)}</td>'
            f"<td>{pieces.status(line.status, line.category)}</td><td>{lead}</td>"
            f'<td class="num">{pieces.number(line.effort)}</td><td class="lo muted nowrap">{when}</td>{aside}</tr>\n'
        )

    def _named(self, number: int, title: str) -> str:
        url, name = self.item % number, escape(title)
        return f'<th scope="row"><span class="t-id">{self.key}-{number}</span> <a href="{url}" title="{name}">{name}</a></th>'

    # --- scope

    def changes(self, changes: Iterable[ScopeChange]) -> SafeString:
        return pieces.joined(map(self._change, changes))

    def _change(self, one: ScopeChange) -> str:
        picture, tone = KINDS[one.kind]
        told = {"added": _("added"), "dropped": _("dropped"), "estimated": _("estimated anew")}[one.kind]
        detail = one.detail
        if one.kind == "estimated":
            detail = f"{formats.number(one.before)} → {formats.weeks(one.effort)}"
        elif one.effort is not None:
            detail += f" · {formats.weeks(one.effort)}"
        title = escape(one.title)
        return (
            f"<li>{pieces.pill(told, tone, picture)}"
            f'<div class="grow"><a href="{self.item % one.number}">{self.key}-{one.number} {title}</a>'
            f'<span class="faint fs-12">{escape(detail)} · {escape(one.who)}, {ago(one.at)}</span>'
            f"{self._why(one)}</div></li>\n"
        )

    def _why(self, one: ScopeChange) -> str:
        url = self.explain % one.change
        if not self.may_edit:
            return f'<p class="fs-13">{escape(one.why)}</p>' if one.why else ""
        words = escape(one.why) if one.why else escape(_("Say why"))
        css = "plain fs-13" if one.why else "fs-13"
        return f'<p><a class="{css}" href="{url}" data-dialog="task" data-dialog-url="{url}">{words}</a></p>'

    # --- parking lot

    def parked(self, rows: Iterable[Parked]) -> SafeString:
        return pieces.joined(map(self._parked, rows))

    def _parked(self, one: Parked) -> str:
        key, url = f"{self.key}-{one.number}", self.item % one.number
        weeks = f" · {formats.weeks(one.effort)}" if one.effort else ""
        now = f" · {_('now in %(release)s') % {'release': one.release}}" if one.release else ""
        forms = ""
        if self.may_edit:
            forms = self._button(self.take_in % one.public_id, _("Take it in"), _("Take %(key)s in") % {"key": key})
            forms += self._button(self.let_go % one.public_id, _("Let go"), _("Let %(key)s go") % {"key": key})
        return (
            f'<li><div class="grow"><a href="{url}">{pieces.status(one.status, one.category, text=False)} {key}'
            f' {escape(one.title)}</a><span class="faint fs-12">{escape(one.reason or _("no reason given"))}'
            f"{escape(weeks + now)}</span></div>{forms}</li>\n"
        )

    def _button(self, url: str, words: str, label: str) -> str:
        return (
            f'<form method="post" action="{url}"><input type="hidden" name="csrfmiddlewaretoken" value="{self.token}">'
            f'<button class="btn btn--ghost btn--sm" aria-label="{escape(label)}">{escape(words)}</button></form>'
        )
