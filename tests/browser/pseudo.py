"""A language that is English, marked and 35 % longer: shows strings that are not translated and words that do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.utils import translation

FORMATS = ("date format", "money", "percentage")


def longer(text: str) -> str:
    if not text.strip():
        return text
    more = "~" * -(-len(text) * 35 // 100)
    return text + (more if len(text) <= 24 else " ~~~~~~" * (len(more) // 7 + 1))  # a sentence breaks between words


@contextmanager
def pseudo_locale() -> Iterator[None]:
    """Every gettext of this process answers longer; formats of dates and money stay. It is a language of its own, so that
    nothing is shown that was drawn and kept in English."""
    real = translation._trans
    plain = {name: getattr(real, name) for name in ("gettext", "ngettext", "pgettext", "npgettext")}

    def gettext(message: str) -> str:
        return longer(plain["gettext"](message))

    def ngettext(one: str, many: str, number: Any) -> str:
        return longer(plain["ngettext"](one, many, number))

    def pgettext(context: str, message: str) -> str:
        found = plain["pgettext"](context, message)
        return found if context.startswith(FORMATS) else longer(found)

    def npgettext(context: str, one: str, many: str, number: Any) -> str:
        return longer(plain["npgettext"](context, one, many, number))

    longer_ones = {"gettext": gettext, "ngettext": ngettext, "pgettext": pgettext, "npgettext": npgettext}
    with patch.multiple(real, get_language=lambda: "en-x-longer", **longer_ones):
        yield
