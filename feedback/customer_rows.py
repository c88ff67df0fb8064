"""The rows of the list of customers, drawn in Python from lean rows. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe

from accounts.models import Workspace
from feedback.models import CustomerKind
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
    drawn = "".join(_row(row, place % row.public_id, kinds[row.kind], workspace.currency) for row in rows)
    return mark_safe(drawn)  # noqa: S308 - escaped piece by piece


def _row(row: Any, url: str, kind: str, currency: str) -> str:
    face = pieces.face(row.name, "", org=True, label=False)
    worth = pieces.money(row.annual_revenue, currency) if row.annual_revenue is not None else formats.NOT_SET
    return (
        f'<tr data-row><td><a class="t-title" href="{escape(url)}">{face}<span>{escape(row.name)}</span></a></td>'
        f'<td class="lo muted">{kind}</td><td class="lo muted">{escape(row.segment)}</td>'
        f'<td class="lo muted">{escape(row.plan)}</td><td class="num lo">{pieces.number(row.contact_count)}</td>'
        f'<td class="num">{pieces.number(row.conversation_count)}</td><td class="num">{worth}</td></tr>'
    )
