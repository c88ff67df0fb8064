"""Passages of a text: finding what a person has marked, and cutting the text where passages begin and end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

#: A paragraph that begins with a speaker: “Henrike: We had three people …”
SPEAKER = re.compile(r"[^\W\d_][\w .’'-]{0,39}:(?=\s)")
LONGEST = 4000


def find(passage: str, text: str) -> tuple[int, str] | None:
    """Where `passage` starts in `text`, and its exact words there. Any run of white space matches any other."""
    words = passage.replace("\0", "").split()
    if not words or len(passage) > LONGEST:
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), text)
    return (match.start(), match.group()) if match else None


@dataclass
class Piece:
    """A stretch of text with the marks that cover it; `numbers` are those of marks that end here."""

    text: str
    marked: bool = False
    numbers: list[int] = field(default_factory=list)


@dataclass
class Paragraph:
    speaker: str
    pieces: list[Piece]


def paragraphs(text: str, marks: Sequence[tuple[int, int, int]]) -> list[Paragraph]:
    """The text's paragraphs, cut where marks (start, end, number) begin and end. Marks may overlap."""
    found = []
    for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text):
        start, end = match.start(), match.start() + len(match.group().rstrip())
        speaker = SPEAKER.match(text, start, end)
        pieces = _cut(text, speaker.end() if speaker else start, end, marks)
        found.append(Paragraph(speaker.group() if speaker else "", pieces))
    return found


def _cut(text: str, start: int, end: int, marks: Sequence[tuple[int, int, int]]) -> list[Piece]:
    edges: Any = {start, end}
    for mark in marks:
        edges.update(edge for edge in mark[:2] if start < edge < end)
    edges = sorted(edges)
    return [
        Piece(
            text[left:right],
            marked=any(first < right and last > left for first, last, _number in marks),
            numbers=sorted({number for first, last, number in marks if first < right and left < last <= right}),
        )
        for left, right in zip(edges, edges[1:], strict=False)
    ]
