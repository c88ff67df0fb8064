"""What a comment said before: each edit of its text with who and when, drawn in Python; every text is escaped here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from changes.models import Version
from discussion.models import Comment
from ui import differing, pieces
from ui.drawn.times import ago

#: More edits of one comment than these are not told.
MOST = 50


def edits_of(comment: Comment) -> SafeString:
    """The newest edit first, the words as they were posted last. One statement."""
    versions = Version.objects.of(comment).select_related("change__member__user").order_by("-pk")[: MOST + 1]
    return pieces.joined(_edit(comment, one, before) for one, before in _pairs(list(versions)))


@dataclass(frozen=True)
class Said:
    """What a comment said from `at` on, and who wrote it so."""

    at: datetime
    who: str
    member: str | None
    body: str


def texts_of(comment: Comment) -> list[Said]:
    """The newest first, as it was posted last. One statement."""
    versions = Version.objects.of(comment).select_related("change__member__user").order_by("-pk")[: MOST + 1]
    told = []
    for version, before in _pairs(list(versions)):
        author = comment.author if before is None else version.change.member
        label = comment.author_label if before is None else version.change.actor_label
        at = comment.created_at if before is None else version.change.at
        who, member = (author.name, author.public_id) if author is not None else (label, None)
        told.append(Said(at, who, member, str(version.state["body"])))
    return told


def _pairs(versions: list[Version]) -> list[tuple[Version, Version | None]]:
    """Each that has another text than the one before it."""
    pairs = list(zip(versions, [*versions[1:], None], strict=True))[:MOST]
    return [(one, before) for one, before in pairs if before is None or before.state["body"] != one.state["body"]]


def _edit(comment: Comment, version: Version, before: Version | None) -> str:
    body = str(version.state["body"])
    if before is None:
        who = comment.author.name if comment.author is not None else comment.author_label
        return _line(who, _("wrote"), escape(body), comment.created_at)
    change = version.change
    who = change.member.name if change.member is not None else change.actor_label
    return _line(who, _("edited"), differing.words(str(before.state["body"]), body), change.at)


def _line(who: str, done: str, text: str, at: datetime) -> str:
    who = who or "Cradle"
    return (
        f'<li>{pieces.face(who, label=False)}<div class="grow"><b>{escape(who)}</b> {escape(done)}'
        f'<div class="dff dff--text feed__text">{text}</div></div>'
        f'<span class="faint fs-12 nowrap">{ago(at)}</span></li>'
    )
