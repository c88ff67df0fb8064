"""The rows of the inbox, drawn in Python from lean rows; 50 of them cost a template 25 ms. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from feedback.models import Source, State
from ui import formats, pieces

EXCERPT = 120
ICONS = {
    "mail": "mail", "call": "phone", "meeting": "users", "support": "headset", "sales": "handshake",
    "portal": "lightbulb", "survey": "smile",
}  # fmt: skip


def as_rows(conversations: QuerySet[Any]) -> QuerySet[Any]:
    """With what a row shows, in one statement; of a long text only its beginning."""
    return conversations.annotate(excerpt=Left("text", EXCERPT * 2)).values_list(
        "pk", "public_id", "state", "source", "subject", "excerpt", "received_at", "customer__name",
        "customer__annual_revenue", "contact__name", "contact__email", "contact__customer__name",
        "contact__customer__annual_revenue", named=True,
    )  # fmt: skip


class InboxRows:
    """`opened` is the conversation that is open beside the list; `keep` the query string that its links keep."""

    def __init__(self, workspace: str, *, currency: str, today: date, keep: str, opened: int | None) -> None:
        self.place = pieces.address("feedback:conversation", workspace) + (
            f"?{keep}".replace("%", "%%") if keep else ""
        )
        self.currency, self.today, self.opened = currency, today, opened

    def draw(self, rows: Iterable[Any]) -> SafeString:
        return pieces.joined(map(self._row, rows))

    def _row(self, row: Any) -> str:
        url = escape(self.place % row.public_id)
        open_class, current = (" is-open", ' aria-current="true"') if row.pk == self.opened else ("", "")
        fresh = " is-new" if row.state == State.NEW else ""
        voice, worth = row.customer__name, row.customer__annual_revenue
        if voice is None:
            voice, worth = row.contact__customer__name, row.contact__customer__annual_revenue
        contact = row.contact__name or row.contact__email or ""
        face = pieces.face(voice or row.contact__name or row.subject, "md", org=bool(voice), label=False)
        icon = pieces.icon(ICONS.get(row.source, "message-square"), "icon--12")
        money = f'<span class="end num">{pieces.money(worth, self.currency)}</span>' if worth else ""
        text = row.excerpt if len(row.excerpt) <= EXCERPT else f"{row.excerpt[: EXCERPT - 1]}…"
        return (
            f'<li><a class="imsg{open_class}{fresh}" data-row data-id="{escape(row.public_id)}" href="{url}" hx-get="{url}"'
            f' hx-target="#conversation" hx-push-url="true"{current}>{face}<span class="grow"><span class="row">'
            f'<b class="truncate grow">{escape(voice or contact or _("No customer"))}</b>'
            f'<span class="faint">{escape(short_time(row.received_at, self.today))}</span></span>'
            f'<span class="imsg__t truncate">{escape(row.subject)}</span><span class="imsg__x">{escape(text)}</span>'
            f'<span class="imsg__m">{icon}{escape(contact or str(Source(row.source).label))}{money}</span></span></a></li>'
        )


def short_time(instant: datetime, today: date) -> str:
    """`14:02` today, `Wed` within a week, else the day."""
    local = timezone.localtime(instant)
    if local.date() == today:
        return f"{local:%H:%M}"
    if timedelta(0) < today - local.date() < timedelta(days=7):
        return str(WEEKDAYS_ABBR[local.weekday()])
    return formats.day(local, today)
