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


class Shelf:
    """Drawings by what they are made of. What was not asked for longest makes room."""

    def __init__(self, most: int) -> None:
        self.most, self.size = most, 0
        self.drawn: OrderedDict[Hashable, Drawn] = OrderedDict()
        self.lock = Lock()

    def find(self, key: Hashable) -> Drawn | None:
        with self.lock:
            found = self.drawn.get(key)
            if found is not None:
                self.drawn.move_to_end(key)
            return found

    def put(self, key: Hashable, drawn: Drawn) -> None:
        with self.lock:
            self.size += _size(drawn) - _size(self.drawn.pop(key, ()))
            self.drawn[key] = drawn
            while self.size > self.most and len(self.drawn) > 1:
                self.size -= _size(self.drawn.popitem(last=False)[1])


def _size(drawn: Iterable[object]) -> int:
    return sum(len(part) for part in drawn if isinstance(part, str))


shelf = Shelf(MOST)


def digest(answers: Iterable[str]) -> bytes:
    """Stands for what the database answered. No answer has a NUL."""
    return sha256("\0".join(answers).encode()).digest()


def kept(key: Hashable, draw: Callable[[], Drawn]) -> Drawn:
    """`draw()`, or what it was before under the same key."""
    found = shelf.find(key)
    if found is None:
        found = draw()
        shelf.put(key, found)
    elif settings.TESTING and found != draw():
        raise AssertionError(f"This timeline is made of more than {key}.")
    return found
