"""Titles and descriptions of many items: none gets the title of another one, but something is put before or behind what each has, or found in it
and replaced by something else. A description may also become the same for all."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from accounts.refusals import Refused
from listing.filters import decoded

#: After the name of the field; what is found comes as JSON: `title~:["old", "new"]`.
BEFORE, BEHIND, FOUND = "^", "+", "~"
#: What lies between that and the text that is there.
GAPS = {"title": " ", "description": "\n\n"}
LONGEST = {"title": 240, "description": 100_000}
TEXTS = tuple(GAPS)


def read_text(name: str, told: str, how: str) -> Any:
    """What is put, or the pair of what is found and what is put for it. Raises Refused with a sentence."""
    if how == FOUND:
        return _pair(told, LONGEST[name])
    _refuse_unkeepable(told)
    if name == "title" and not how:
        raise Refused(
            _(
                "Many items do not get the same title. Put something before or behind each, or replace what is found in it."
            )
        )
    text = told.strip()
    if how and not text:
        raise Refused(_("Say first what is put there."))
    if len(text) > LONGEST[name]:
        raise Refused(_("This text is too long. Shorten it."))
    return text


def _pair(told: str, longest: int) -> tuple[str, str]:
    try:
        pair = decoded(told)
    except ValueError:
        pair = None
    match pair:
        case [str() as found, str() as put] if found:
            pass
        case _:
            raise Refused(_("Say first what is to be found."))
    _refuse_unkeepable(found + put)
    if len(found) > longest or len(put) > longest:
        raise Refused(_("This text is too long. Shorten it."))
    return found, put


def _refuse_unkeepable(text: str) -> None:
    if "\0" in text:
        raise Refused(_("This text contains a character that cannot be stored. Type it again."))


def rewritten(name: str, there: str, value: Any, how: str) -> str:
    """The text of one item then."""
    if how == FOUND:
        found, put = value
        return _replaced(there, found, put, LONGEST[name]) if found in there else there
    if not how:
        return str(value)
    parts = (value, there) if how == BEFORE else (there, value)
    return GAPS[name].join(part for part in parts if part)


def _replaced(there: str, found: str, put: str, longest: int) -> str:
    """No further than is too long anyway: what replaces a letter may be a page, and a page has thousands of them."""
    longer = len(put) - len(found)
    most = (longest - len(there)) // longer + 1 if longer > 0 else -1
    text = there.replace(found, put, most)
    return text if len(text) > longest else text.strip()


def refuse_unfit_text(name: str, text: str) -> None:
    """Of one item, what its text would be."""
    if name == "title" and not text:
        raise Refused(_("Nothing would be left of the title."))
    if len(text) > LONGEST[name]:
        raise Refused(_("It would have more than %(n)d characters.") % {"n": LONGEST[name]})
