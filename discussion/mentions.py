"""@Name in a text: whom it means, and how it is shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.safestring import SafeString, mark_safe

from accounts.models import Member
from ui.markdown import html_of

MOST = 50
BEGIN, END = "\ue000", "\ue001"
_at = re.compile(r"(?:(?<=^)|(?<=[\s(\[{\"'“‘*_~,;:–—-]))@(?=\w)", re.MULTILINE)
_tag = re.compile(r"""(<(?:[^>"]|"[^"]*")*>)""")


def mentioned_in(text: str, members: Iterable[Member]) -> list[Member]:
    """The members whom `text` names: by full name, by a first name that is theirs alone, or by their address's
    first part."""
    names = _names(list(members))
    return list(dict.fromkeys(names[name] for _start, _end, name in _places(text, names)))


def html_with(text: str, members: Iterable[Member]) -> SafeString:
    """Safe HTML of a comment, in which the mentions of `members` stand out."""
    text, members = text.replace(BEGIN, "").replace(END, ""), list(members)
    if not members:
        return html_of(text)
    for start, end, _name in reversed(list(_places(text, _names(members)))):
        text = text[:start] + BEGIN + text[start:end] + END + text[end:]
    parts = _tag.split(html_of(text))
    return mark_safe("".join(_shown(part) for part in parts))  # noqa: S308  cleaned by html_of


def _shown(part: str) -> str:
    """Marks in text become elements; within a tag's attributes they go."""
    if part.startswith("<"):
        return part.replace(BEGIN, "").replace(END, "")
    return part.replace(BEGIN, '<span class="mention">').replace(END, "</span>")


def _names(members: list[Member]) -> dict[str, Member]:
    """Every name that means exactly one of the members, in small letters."""
    pairs = [(name, member) for member in members for name in _names_of(member)]
    count = Counter(name for name, _member in pairs)
    return {name: member for name, member in pairs if count[name] == 1}


def _names_of(member: Member) -> set[str]:
    full = member.user.name.strip().lower()
    return {name for name in (full, full.partition(" ")[0], member.user.email.partition("@")[0].lower()) if name}


def _places(text: str, names: dict[str, Member]) -> Iterator[tuple[int, int, str]]:
    """Where a name stands after an @: start and end in the text, and the name. The longest name wins."""
    lowered = text.lower()
    by_length = sorted(names, key=len, reverse=True)
    for found in list(_at.finditer(text))[:MOST]:
        rest = lowered[found.end() : found.end() + 130]
        name = next((name for name in by_length if rest.startswith(name) and not rest[len(name) :][:1].isalnum()), None)
        if name is not None:
            yield found.start(), found.end() + len(name), name
