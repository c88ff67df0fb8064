"""Who votes for an idea, drawn in Python from lean rows. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from feedback.customer_rows import importance
from ui import pieces


def as_rows(votes: QuerySet[Any]) -> QuerySet[Any]:
    """With what a row shows: a contact and its customer, or a member."""
    return votes.values_list(
        "importance", "contact", "contact__name", "contact__email", "contact__customer__name", "member__user__name",
        "member__user__email", named=True,
    )  # fmt: skip


def draw_voters(rows: Iterable[Any], workspace: str) -> SafeString:
    """Members speak for the `workspace` of this name, contacts for their customer."""
    return pieces.joined(_row(row, workspace) for row in rows)


def _row(row: Any, workspace: str) -> str:
    if row.contact is not None:
        name, party = row.contact__name or row.contact__email, row.contact__customer__name
    else:
        name, party = row.member__user__name or row.member__user__email, workspace
    beside = f' <span class="faint">{escape(party)}</span>' if party else ""
    return (
        f'<li>{pieces.face(name, "", label=False)}<span class="grow truncate">{escape(name)}{beside}</span>'
        f"{importance(row.importance)}</li>"
    )
