"""When a planned end moves later by more than a product lets pass in silence: then somebody says why."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.refusals import Refused
from products.models import Product

#: Of an answer that was refused for want of a reason: the sentence that asks for one, percent-encoded. static/js/reason.js asks.
HEADER = "X-Reason-Wanted"


class ReasonWanted(Refused):
    """Nothing was written; with a `reason` it would be."""


def threshold_of(product: Product) -> int:
    """Days by which a planned end may move later without a word."""
    return product.workspace.slip_days if product.slip_days is None else product.slip_days


def refuse_unexplained_slip(
    product: Product, name: str, before: date | None, after: date | None, reason: str | None
) -> None:
    """Raise ReasonWanted when an end moves from `before` to `after`, farther than the product allows, and `reason` is empty.

    None is no reason but says that nobody can be asked: an import, a job, what follows from something else.
    """
    if reason is None or reason.strip() or before is None or after is None:
        return
    days, allowed = (after - before).days, threshold_of(product)
    if days <= allowed:
        return
    later = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    raise ReasonWanted(
        _(
            "“%(name)s” ends %(days)s later than planned. Say why: the reason stands in its history and where plans are compared."
        )
        % {"name": name, "days": later}
    )


def asking(response: HttpResponse, refusal: Any) -> HttpResponse:
    """The answer, which also asks for a reason where that was what the refusal was about."""
    if isinstance(refusal, ReasonWanted):
        response[HEADER] = quote(str(refusal))
    return response
