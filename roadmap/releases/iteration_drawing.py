"""The iterations of a release on its page: goal, days, capacity, items, review. Every text is escaped here."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from roadmap.models import Category, Iteration
from roadmap.releases.drawing import ReleaseDrawing
from roadmap.releases.page import Line, ReleasePage
from ui import formats, markdown, pieces


class IterationDrawing:
    """The rows of one release's iterations, for one person."""

    def __init__(self, drawing: ReleaseDrawing, page: ReleasePage) -> None:
        self.drawing, self.page = drawing, page
        self.edit, self.review, self.fill = (
            pieces.address(f"roadmap:iteration_{name}", *drawing.place) for name in ("edit", "review", "fill")
        )

    def rows(self) -> SafeString:
        return pieces.joined(map(self._row, self.page.iterations))

    def _row(self, one: Iteration) -> str:
        lines = [line for line in self.page.items if line.iteration == one.public_id]
        goal = f'<p class="rls__goal">{escape(one.goal)}</p>' if one.goal else ""
        return (
            f"<li><details{'' if one.reviewed_at else ' open'}><summary>{self._head(one, lines)}</summary>{goal}"
            f"{self._items(lines)}{self._review(one)}{self._tools(one)}</details></li>\n"
        )

    def _head(self, one: Iteration, lines: list[Line]) -> str:
        done = sum(line.category == Category.SHIPPED for line in lines)
        effort = sum((line.effort for line in lines if line.effort), Decimal(0))
        over = one.capacity is not None and effort > one.capacity
        days = formats.span(one.starts_on, one.ends_on, self.drawing.today)
        count = ngettext("%(done)d of %(n)d item done", "%(done)d of %(n)d items done", len(lines))
        state = pieces.pill(_("Reviewed"), "ok", "check") if one.reviewed_at else ""
        return (
            f'<b>{escape(one.name)}</b><span class="faint">{escape(days)}</span>'
            f'<span class="faint num">{escape(count % {"done": done, "n": len(lines)})}</span>'
            f"{pieces.weeks(effort, one.capacity, 'rls__over' if over else 'faint')}{state}"
        )

    def _items(self, lines: list[Line]) -> str:
        if not lines:
            return f'<p class="muted fs-13">{escape(_("No items of this release are in it."))}</p>'
        key, item = self.drawing.key, self.drawing.item
        rows = "".join(
            f'<li>{pieces.status(line.status, line.category, text=False)} <a href="{item % line.number}">{key}-{line.number}'
            f" {escape(line.title)}</a></li>"
            for line in lines
        )
        return f'<ul class="rls__in">{rows}</ul>'

    def _review(self, one: Iteration) -> str:
        parts = [(_("What was learned"), one.learned), (_("What changes"), one.changing)]
        return "".join(
            f'<h3>{escape(label)}</h3><div class="prose fs-13">{markdown.html_of(text)}</div>'
            for label, text in parts
            if text
        )

    def _tools(self, one: Iteration) -> str:
        if not self.drawing.may_edit:
            return ""
        links = "".join(
            f'<a class="btn btn--ghost btn--sm" href="{url % one.public_id}" data-dialog="task"'
            f' data-dialog-url="{url % one.public_id}" aria-label="{escape(words)}: {escape(one.name)}">{escape(words)}</a>'
            for url, words in ((self.fill, _("Choose items")), (self.review, _("Review")), (self.edit, _("Edit")))
        )
        return f'<div class="row gap-1">{links}</div>'
