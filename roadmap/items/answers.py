"""What people and programs type for yes and no, and for a number."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

#: What `Item.is_internal` is called: what may be shown to people outside, and what may not.
AUDIENCES = [("0", _("May be shared")), ("1", _("Internal only"))]

WORDS = {
    "true": True, "1": True, "on": True, "yes": True,
    "false": False, "0": False, "off": False, "no": False,
}  # fmt: skip


#: A number as pages show it: 1,234,567.8. One of fewer digits before the comma, or with a nought first, has decimals behind it.
GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]*)?")


def number_in(raw: Any) -> Decimal | None:
    """With a point or a comma before its decimals, its thousands apart by spaces or as pages show them; None for what is no number."""
    text = "".join(str(raw).split()).replace("−", "-")
    try:
        number = Decimal(text.replace(",", "" if GROUPED.fullmatch(text) else "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def yes_or_no(raw: Any) -> bool | None:
    """None for anything else."""
    return WORDS.get(str(raw).lower())
