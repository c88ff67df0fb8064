"""Rows of the activity feed, drawn in Python: sixty of them were a third of the page of what changed as a template."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from changes.feed import Activity
from ui import pieces
from ui.drawn.times import ago

MOST_FIELDS = 3


def rows(activity: Iterable[Activity]) -> SafeString:
    return mark_safe("".join(map(_row, activity)))  # noqa: S308 - every value is escaped below


def _row(one: Activity) -> str:
    who, name = one.who or "Cradle", escape(one.name)
    what = str(one.noun)
    if one.is_edit and 0 < len(one.fields) <= MOST_FIELDS:
        what = _("%(fields)s of %(noun)s") % {"fields": ", ".join(one.fields), "noun": what}
    thing = f'<a href="{escape(one.url)}">{name}</a>' if one.url else f"<b>{name}</b>"
    more = escape(ngettext("and %(n)s more", "and %(n)s more", one.more) % {"n": one.more}) if one.more else ""
    return (
        f'<div class="feed__item">{pieces.face(who, label=False)}<div>{escape(who)} {escape(str(one.deed))} {escape(what)}'
        f' {thing} {more} <span class="feed__who">· {ago(one.at)}</span></div></div>'
    )
