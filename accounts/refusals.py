"""How a verb says no: with a sentence for the person who asked."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """A verb's precondition does not hold. `str()` is a sentence that says what is wrong and what to do.

    Pages show it beside the form with status 422, the API answers 422 with it as `detail`.
    """

    sentence: Any = ""

    def __init__(self, sentence: Any = "") -> None:
        super().__init__(sentence or self.sentence)

    def __str__(self) -> str:
        return str(self.args[0])
