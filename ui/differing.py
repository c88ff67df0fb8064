"""Two texts as one: what went and what came, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import escape

from django.utils.safestring import SafeString, mark_safe

#: Comparing costs words before × words after: above this, all that lies between the first and the last difference counts as one.
MOST = 1_000_000
_words = re.compile(r"\s+|\w+|[^\w\s]")


def words(before: str, after: str, around: int | None = None) -> SafeString:
    """Safe HTML: words that went in <del>, new ones in <ins>. With `around`, so many words of what stayed stand beside each."""
    parts = list(_parts(_words.findall(before), _words.findall(after)))
    last = len(parts) - 1
    shown = (_shown(kind, text, around, at == 0, at == last) for at, (kind, text) in enumerate(parts))
    return mark_safe("".join(shown))  # noqa: S308  every part is escaped below


def _parts(before: list[str], after: list[str]) -> Iterator[tuple[str, list[str]]]:
    """("", words that stayed), ("del", …) and ("ins", …) in their order."""
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    middle = before[start : len(before) - end], after[start : len(after) - end]
    yield from _filled("", before[:start])
    if len(middle[0]) * len(middle[1]) > MOST:
        yield "del", middle[0]
        yield "ins", middle[1]
    else:
        for kind, a, b, c, d in SequenceMatcher(None, *middle, autojunk=False).get_opcodes():
            if kind == "equal":
                yield "", middle[0][a:b]
            else:
                yield from _filled("del", middle[0][a:b])
                yield from _filled("ins", middle[1][c:d])
    yield from _filled("", before[len(before) - end :])


def _filled(kind: str, part: list[str]) -> Iterator[tuple[str, list[str]]]:
    if part:
        yield kind, part


def _shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), min(len(one), len(other)))


def _shown(kind: str, part: list[str], around: int | None, first: bool, last: bool) -> str:
    if kind:
        return f"<{kind}>{escape(''.join(part))}</{kind}>"
    if around is not None and len(part) > 2 * around:
        head, tail = ([] if first else part[:around]), ([] if last else part[-around:])
        return f"{escape(''.join(head))}…{escape(''.join(tail))}"
    return escape("".join(part))
