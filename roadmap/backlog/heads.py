"""The heads of the table's columns: label, how the list is ordered by it, its width."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from roadmap.backlog.kept_rows import kept
from roadmap.backlog.looks import Look
from roadmap.backlog.sheet import Sheet
from roadmap.backlog.table import Column
from ui import pieces


def drawn(sheet: Sheet, look: Look, sort: str, rest: str) -> SafeString:
    """From `<th` to `</th>`. `sort` is the order as the address says it, `rest` what else it says."""

    def draw(sheet: Sheet) -> str:
        widths = dict(look.widths)
        return "".join([_head(column, look, widths, sort, rest) for column in sheet.columns])

    key = sheet.made_of and (sheet.made_of, look, sort, rest)
    return pieces.joined([draw(sheet) if key is None else kept(key, draw, sheet)])


def _head(column: Column, look: Look, widths: Mapping[str, int], sort: str, rest: str) -> str:
    label = escape(str(column.label))
    width = widths.get(column.name, column.width if look.is_chosen and column.name != "title" else 0)
    own = " col-own" if column.own is not None else ""
    lit = sort.removeprefix("-") == column.name
    downwards = sort.startswith("-") if lit else "num" in column.css
    state, arrow = "", ""
    if lit:
        state = f' aria-sort="{"descending" if downwards else "ascending"}"'
        arrow = f" {pieces.icon('arrow-down' if downwards else 'arrow-up', 'icon--12')}"
    words = label
    if column.sort:
        turned = "-" if downwards != lit else ""
        query = escape(f"{rest}&sort={turned}{column.name}".lstrip("&"))
        title = f' title="{escape(str(column.title))}"' if column.title else ""
        words = f'<a href="?{query}"{title}>{label}{arrow}</a>'
    style = f' style="--w: {width}px"' if width else ""
    said = escape(_("Width of %(label)s") % {"label": column.label})
    return (
        f'<th class="{column.css} col-{column.name}{own}" data-column="{column.name}"{style}{state}>{words}'
        f'<c-width role="separator" tabindex="0" aria-orientation="vertical" aria-valuenow="{width or column.width}" aria-label="{said}">'
        "</c-width></th>"
    )
