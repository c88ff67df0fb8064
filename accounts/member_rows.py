"""Rows of the table of members, drawn in Python: fifty of them stand on a page. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui import pieces
from ui.drawn.times import ago


def draw(rows: Iterable[dict[str, Any]], csrf: str, *, may_manage: bool) -> SafeString:
    """`rows` as accounts.views.members.rows_for gives them."""
    return pieces.joined(_row(row, csrf, may_manage) for row in rows)


def role(row: dict[str, Any], csrf: str, refused: str = "") -> SafeString:
    """The role with its editor, where it may be changed; `refused` says why it stayed."""
    if not row["may_look_after"]:
        return pieces.joined([escape(row["role"])])
    member, token, url = row["member"], escape(csrf), escape(row["url"])
    said = f"{escape(_('Role of'))} {escape(member.name)}"
    opened, invalid, why = "", "", ""
    if refused:
        name = f"refused-{escape(member.public_id)}"
        opened, invalid = " open", f' aria-invalid="true" aria-describedby="{name}"'
        icon = pieces.icon("circle-alert", "icon--14")
        why = f'<span class="field__error" id="{name}">{icon}<span>{escape(refused)}</span></span>'
    return pieces.joined([
        f'<c-edit class="role" id="role-{escape(member.public_id)}"{opened}><form method="post" action="{url}role/"'
        f' hx-post="{url}role/" hx-target="closest c-edit" hx-swap="outerHTML">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">',
        f'<button class="btn btn--ghost btn--sm role__show" type="button" data-show aria-label="{said}: {escape(row["role"])}">'
        f"{escape(row['role'])}{pieces.icon('chevron-down', 'icon--12')}</button>",
        f'<select class="select fit" name="role" data-input aria-label="{said}"{invalid}>{row["options"]}</select>{why}</form></c-edit>',
    ])  # fmt: skip


def _row(row: dict[str, Any], csrf: str, may_manage: bool) -> str:
    member = row["member"]
    you = f' <span class="faint">{escape(_("you"))}</span>' if row["is_you"] else ""
    teams = "".join(f'<span class="tag">{escape(name)}</span>' for name in row["teams"])
    more = f'<span class="faint fs-12">+{row["more_teams"]}</span>' if row["more_teams"] else ""
    methods, edit = "", ""
    if may_manage:
        methods = f'<td class="muted lo">{escape(row["methods"])}</td>'
        edit = (
            f'<td class="num"><a class="btn btn--ghost btn--icon btn--sm" href="{escape(row["url"])}"'
            f' aria-label="{escape(_("Edit"))} {escape(member.name)}">{pieces.icon("ellipsis", "icon--14")}</a></td>'
        )
    return (
        f'<tr><td><span class="person">{pieces.face(member.name, "md", label=False)}<span class="truncate">'
        f'<b class="medium">{escape(member.name)}</b>{you}<br><span class="fs-12 faint">{escape(member.user.email)}</span>'
        f"</span></span></td><td>{role(row, csrf)}</td>"
        f'<td class="lo"><span class="row gap-1">{teams}{more}</span></td>{methods}'
        f'<td class="num muted lo">{ago(row["seen"])}</td>{edit}</tr>\n'
    )
