"""How a shared roadmap fits one landscape A4: the scale, and whether its cards shrink to one line each. Pure.

Where the cards are few they are printed as on the screen, by an estimate with room to spare. Where they are many each is
one line of a known height, so the scale is exact; a crowded column may then be printed in several columns of lines.
Heights are CSS pixels before scaling, and belong to static/css/print.css.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import ceil
from typing import Any

WIDTH, HEIGHT = 1030.0, 690.0  # of the page inside its margins, with a little to spare
NAMES = 196  # the column of row names
AROUND = 190  # heading, note, foot and the table's own heading
ROOMY, SPARE = 0.82, 0.85  # the usual scale, and how much of the page an estimate may fill
CARD, LINE, LETTER = 28, 18, 7.0  # a card without its lines; a line; a letter
FLAT_ROW, FLAT_CARD, FLAT_COLUMN = 44, 20, 178  # one-line cards: least height of a row, a line, the width of a column
WAYS = (1, 2, 3, 4)
#: Of a card, what takes no line of small letters.
PLAIN = {"title", "text", "need", "category", "goal", "item", "first", "last", "when", "from"}


@dataclass(frozen=True)
class Print:
    """`ways` says for each column in how many columns its one-line cards are printed."""

    zoom: str
    is_flat: bool
    ways: tuple[int, ...]


def fit(columns: int, rows: Sequence[Sequence[Sequence[dict[str, Any]]]]) -> Print:
    """`rows` are rows of cells of cards, as the shared page draws them."""
    width = (WIDTH / ROOMY - NAMES) / max(1, columns) - 60
    height = AROUND + sum(max(FLAT_ROW, *(_cell_height(cell, width) for cell in row)) for row in rows)
    if height * ROOMY <= HEIGHT * SPARE:
        return Print(f"{ROOMY:.2f}", False, (1,) * columns)
    return _flat(columns, tuple(tuple(len(cell) for cell in row) for row in rows))


@lru_cache(maxsize=64)
def _flat(columns: int, counts: tuple[tuple[int, ...], ...]) -> Print:
    """The best of all ways; with four columns there are 256, so what was found is kept."""
    zoom, ways = max((_flat_zoom(counts, ways), ways) for ways in product(WAYS, repeat=columns))
    return Print(f"{zoom:.3f}", True, ways)


def _cell_height(cell: Sequence[dict[str, Any]], width: float) -> float:
    height = 16.0
    for card in cell:
        lines = ceil(len(card["title"]) * LETTER / (width - (70 if card.get("when") else 0)))
        lines += sum(ceil(min(160, len(card.get(name, ""))) * LETTER / width) for name in ("need", "text"))
        lines += 2 if card.keys() - PLAIN else 0
        height += CARD + lines * LINE
    return height


def _flat_zoom(counts: Sequence[Sequence[int]], ways: tuple[int, ...]) -> float:
    height = AROUND
    for row in counts:
        height += max(FLAT_ROW, *(ceil(count / way) * FLAT_CARD + 9 for count, way in zip(row, ways, strict=True)))
    return min(ROOMY, HEIGHT / height, WIDTH / (NAMES + FLAT_COLUMN * sum(ways)))
