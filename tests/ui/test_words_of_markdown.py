"""Markdown without its marks, for cards and files: the words stay, line by line, and no text makes it slow."""

from __future__ import annotations

from time import process_time

import pytest

from ui.markdown import words_of


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("### Why\n\nUp to **40 times** a *day*, `now`", "Why\n\nUp to 40 times a day, now"),
        ('See [the notes](<https://x.example/a b>) and ![plan](a.png "t").', "See the notes and plan."),
        ("- one\n* [x] two\n> three", "• one\n• two\nthree"),
        ("| Part | Range |\n|---|:-:|\n| a | b |", "Part, Range\na, b"),
        ("one\n\n---\n\n\ntwo", "one\n\ntwo"),
        ("snake_case_name, 2*3*4, a - b, C:\\new", "snake_case_name, 2*3*4, a - b, C:\\new"),
        (r"\*not\* \_so\_", "*not* _so_"),
        ("<b>bold</b> & so", "<b>bold</b> & so"),
    ],
)
def test_the_words_stay_and_the_marks_go(typed: str, words: str):
    assert words_of(typed) == words


@pytest.mark.parametrize("part", ["**a ", "[a", "_a ", "`", " ", "| ", "![](", "---|", "\\", "> "])
def test_no_text_makes_it_slow(part: str):
    text = part * (40_000 // len(part))
    before = process_time()
    words_of(text)
    assert process_time() - before < 2
