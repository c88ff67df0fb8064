"""The rows of the list of customers, and of the lists on a customer's page, drawn in Python from lean rows.

Every text is escaped here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.utils.safestring import SafeString

from accounts.models import Workspace
from feedback.inbox_rows import ICONS
from feedback.models import CustomerKind, Importance
from ui import formats, pieces


def as_rows(customers: QuerySet[Any]) -> QuerySet[Any]:
    """With what a row shows; `customers` are counted already."""
    return customers.values_list(
        "pk", "public_id", "name", "kind", "segment", "plan", "contact_count", "conversation_count", "annual_revenue",
        named=True,
    )  # fmt: skip


def draw(rows: Iterable[Any], workspace: Workspace) -> SafeString:
    """The rows of the table, from `<tr` to `</tr>`."""
    place = pieces.address("feedback:customer", workspace.slug)
    kinds = {str(value): escape(label) for value, label in CustomerKind.choices}
    return pieces.joined(_row(row, place % row.public_id, kinds[row.kind], workspace.currency) for row in rows)


def _row(row: Any, url: str, kind: str, currency: str) -> str:
    face = pieces.face(row.name, "", org=True, label=False)
    worth = pieces.money(row.annual_revenue, currency) if row.annual_revenue is not None else formats.NOT_SET
    return (
        f'<tr data-row><td><a class="t-title" href="{escape(url)}">{face}<span>{escape(row.name)}</span></a></td>'
        f'<td class="lo muted">{kind}</td><td class="lo muted">{escape(row.segment)}</td>'
        f'<td class="lo muted">{escape(row.plan)}</td><td class="num lo">{pieces.number(row.contact_count)}</td>'
        f'<td class="num">{pieces.number(row.conversation_count)}</td><td class="num">{worth}</td></tr>'
    )


def said_rows(conversations: QuerySet[Any]) -> QuerySet[Any]:
    """`all`: how many there are, of which these may be the first."""
    return conversations.annotate(all=Window(Count("*"))).values_list(
        "public_id", "source", "subject", "received_at", "contact__name", "contact__email", "all", named=True
    )


def draw_said(rows: Iterable[Any], workspace: str, today: date) -> SafeString:
    """A list of conversations: whence, what, who, when."""
    place = pieces.address("feedback:conversation", workspace)
    return pieces.joined(
        f"<li>{pieces.icon(ICONS.get(row.source, 'message-square'), 'icon--14')}"
        f'<a class="quiet grow truncate" href="{escape(place % row.public_id)}">{escape(row.subject)}</a>'
        f'<span class="faint fs-12 truncate only-wide">{escape(row.contact__name or row.contact__email or "")}</span>'
        f'<span class="faint fs-12 nowrap"><time datetime="{row.received_at.isoformat()}">'
        f"{escape(formats.near(row.received_at, today))}</time></span></li>"
        for row in rows
    )


def asked_rows(insights: QuerySet[Any]) -> QuerySet[Any]:
    return insights.annotate(all=Window(Count("*"))).values_list(
        "passage", "importance", "item__title", "item__number", "item__product__key", "item__status__name",
        "item__status__category", "problem__statement", "all", named=True,
    )  # fmt: skip


def draw_asked(rows: Iterable[Any], workspace: str) -> SafeString:
    """A list of passages, each with what it is evidence for."""
    return pieces.joined(_asked(row, workspace) for row in rows)


def _asked(row: Any, workspace: str) -> str:
    if row.item__number is not None:
        url = pieces.address("roadmap:item", workspace, row.item__product__key) % row.item__number
        glyph = pieces.status(row.item__status__name, row.item__status__category, text=False)
        target = f'{glyph}<a class="quiet medium truncate" href="{escape(url)}">{escape(row.item__title)}</a>'
    else:
        picture = pieces.icon("circle-alert", "icon--14")
        target = f'{picture}<span class="medium truncate">{escape(row.problem__statement)}</span>'
    return (
        f'<li><div class="grow"><p class="quote fs-13">“{escape(row.passage)}”</p>'
        f'<p class="row gap-2 fs-12 mt-1">{target}</p></div>{importance(row.importance)}</li>'
    )


LOOKS = {Importance.CRITICAL: ("bad", "flame"), Importance.IMPORTANT: ("warn", "arrow-up")}


def importance(value: int) -> str:
    """How much something matters to them, as templates/feedback/_importance.html has it."""
    tone, picture = LOOKS.get(Importance(value), ("neutral", ""))
    return pieces.pill(str(Importance(value).label), tone, picture)
