"""The comments of a thread, drawn in Python; every text is escaped here, their Markdown is cleaned (discussion/mentions.py)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.models import Member
from discussion.models import Comment, Thread
from ui import pieces
from ui.drawn.times import ago
from ui.words import gettext as _


class Feed:
    """For one reader; without `may_comment` there is nothing to do about them. Of the `opened` one its `edits` are told."""

    def __init__(
        self, thread: Thread, member: Member, today: date, *, may_comment: bool, token: str,
        opened: Comment | None = None, edits: SafeString | None = None,
    ) -> None:  # fmt: skip
        slug = member.workspace.slug
        self.edit = pieces.address("discussion:comment_edit", slug, thread.public_id)
        self.delete = pieces.address("discussion:comment_delete", slug, thread.public_id)
        self.all = pieces.address("discussion:thread", slug) % thread.public_id
        self.edits = pieces.address("discussion:comment_edits", slug, thread.public_id)
        self.opened, self.told = opened, edits
        self.member, self.today, self.may_comment, self.token = member, today, may_comment, token

    def draw(self, comments: Iterable[Comment]) -> SafeString:
        return pieces.joined(map(self._comment, comments))

    def _comment(self, comment: Comment) -> str:
        who = comment.author.name if comment.author is not None else comment.author_label or "Cradle"
        return (
            f'<article class="feed__item" id="comment-{escape(comment.public_id)}">{pieces.face(who, label=False)}'
            f'<div class="grow"><div class="feed__who"><b>{escape(who)}</b> · {self._when(comment)}</div>'
            f'<div class="md">{comment.html}</div>{self._told(comment)}'
            f'<div class="feed__acts">{self._acts(comment)}</div></div></article>'
        )

    def _when(self, comment: Comment) -> str:
        if comment.imported_from:
            source = escape(_("imported from %(source)s") % {"source": comment.imported_from})
            when = f'{pieces.day(comment.created_at, self.today)} · <span class="tag">{source}</span>'
        else:
            when = ago(comment.created_at)
        if comment.edited_at:
            when += f" · {self._edited(comment)}"
        return when

    def _edited(self, comment: Comment) -> str:
        """Opens what it said before, and closes it again."""
        is_open = comment == self.opened
        at, pid = timezone.localtime(comment.edited_at).isoformat(), escape(comment.public_id)
        url = self.all if is_open else self.edits % pid
        return (
            f'<a class="feed__edited" id="edited-{pid}" href="{url}" hx-get="{url}" hx-target="#discussion" hx-swap="outerHTML"'
            f' title="{at}" aria-expanded="{str(is_open).lower()}">{escape(_("edited"))}</a>'
        )

    def _told(self, comment: Comment) -> str:
        if comment != self.opened:
            return ""
        return f'<ul class="hist feed__edits" aria-label="{escape(_("What it said before"))}">{self.told}</ul>'

    def _acts(self, comment: Comment) -> str:
        acts = ""
        if not self.may_comment:
            return acts
        if comment.may_be_edited_by(self.member):
            url = self.edit % comment.public_id
            acts += (
                f'<a class="btn btn--ghost btn--sm" href="{url}" hx-get="{url}" hx-target="#discussion" hx-swap="outerHTML">'
                f"{escape(_('Edit'))}</a>"
            )
        if comment.may_be_deleted_by(self.member):
            url = self.delete % comment.public_id
            acts += (
                f'<form method="post" action="{url}" hx-post="{url}" hx-target="#discussion" hx-swap="outerHTML">'
                f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(self.token)}">'
                f'<button class="btn btn--ghost btn--sm">{escape(_("Delete"))}</button></form>'
            )
        return acts
