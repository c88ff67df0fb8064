"""Who asks for an item, below it: sums, customers' parts and passages, drawn in Python. Every text is escaped here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from feedback.customer_rows import importance
from feedback.demand import Demand
from feedback.evidence import Card, ItemEvidence
from ui import pieces
from ui.words import gettext as _


def sums(demand: Demand, evidence: ItemEvidence, product: str, currency: str) -> SafeString:
    """How many, what they are worth, and the largest one's share; below it each one's part. There is some demand."""
    parts = [
        f'<div class="dem"><div class="dem__head"><div><b>{pieces.number(demand.customers)}</b>'
        f"<span>{escape(ngettext('customer', 'customers', demand.customers))}</span></div>"
        f"<div><b>{pieces.money(demand.revenue, currency)}</b>"
        f"<span>{escape(_('a year in %(product)s') % {'product': product})}</span></div>"
    ]
    if demand.largest_share is not None:
        name = escape(_("largest share, %(name)s") % {"name": evidence.asking[0].name})
        parts.append(f"<div><b>{pieces.percent(demand.largest_share)}</b><span>{name}</span></div>")
    parts.append("</div>")
    if demand.revenue:
        told = ", ".join(f"{escape(one.name)} {pieces.percent(one.percent)}" for one in evidence.bars)
        label = f"{escape(_('Revenue by customer'))}: {told}"
        bars = "".join(
            f'<i style="--f: {one.weight}; --o: {one.shade}" title="{escape(one.name)} {pieces.money(one.revenue, currency)}"></i>'
            for one in evidence.bars
        )
        parts.append(f'<div class="dem__bar" role="img" aria-label="{label}">{bars}</div>')
    return pieces.joined([*parts, "</div>"])


def passages(insights: Iterable[Card], today: date) -> SafeString:
    """What they said, as cards."""
    return pieces.joined(_card(one, today) for one in insights)


def _card(insight: Card, today: date) -> str:
    link = f'<a class="fs-12" href="{escape(insight.url)}">{escape(_("Open conversation"))}</a>' if insight.url else ""
    return (
        f'<article class="insight"><header class="row">{pieces.face(insight.who, org=True, label=False)}'
        f'<b class="truncate">{escape(insight.who)}</b><span class="faint truncate grow">{escape(insight.contact_name)}</span>'
        f'<span class="faint">{pieces.day(insight.said_at, today)}</span></header><p>“{escape(insight.passage)}”</p>'
        f'<footer class="row">{importance(insight.importance)}{link}</footer></article>'
    )
