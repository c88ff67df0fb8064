"""What people and programs type for yes and no."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

#: What `Item.is_internal` is called: what may be shown to people outside, and what may not.
AUDIENCES = [("0", _("May be shared")), ("1", _("Internal only"))]

WORDS = {
    "true": True, "1": True, "on": True, "yes": True,
    "false": False, "0": False, "off": False, "no": False,
}  # fmt: skip


def yes_or_no(raw: Any) -> bool | None:
    """None for anything else."""
    return WORDS.get(str(raw).lower())
