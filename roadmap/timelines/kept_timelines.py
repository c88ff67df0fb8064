"""Timelines as they were drawn, for as long as nothing of what they are made of is another.

Many look at a roadmap between two changes of it, and to draw a thousand bars takes as long as the rest of the page. A drawing is kept under
what the database answered, as it came (its digest), and all else that decides about it: so nothing has to be forgotten, and
whose answer differs by a word or by what they may see gets another drawing. While testing, each is drawn again and compared.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from hashlib import sha256
from threading import Lock

from django.conf import settings

from roadmap.timelines.drawing import Drawn

#: Characters of all that is kept: some fifteen timelines of a thousand bars, hundreds of usual ones.
MOST = 8_000_000
_kept: OrderedDict[Hashable, Drawn] = OrderedDict()
_lock = Lock()


def digest(answers: Iterable[str]) -> bytes:
    """Stands for what the database answered. No answer has a NUL."""
    return sha256("\0".join(answers).encode()).digest()


def kept(key: Hashable, draw: Callable[[], Drawn]) -> Drawn:
    """`draw()`, or what it was before under the same key."""
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
    if found is None:
        found = draw()
        _keep(key, found)
    elif settings.TESTING and found != draw():
        raise AssertionError(f"This timeline is made of more than {key}.")
    return found


def _keep(key: Hashable, drawn: Drawn) -> None:
    with _lock:
        _kept[key] = drawn
        while len(_kept) > 1 and sum(map(_size, _kept.values())) > MOST:
            _kept.popitem(last=False)


def _size(drawn: Drawn) -> int:
    return sum(len(part) for part in drawn if isinstance(part, str))
