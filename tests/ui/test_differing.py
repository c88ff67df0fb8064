import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import differing


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("40 routes", "60 routes", "<del>40</del><ins>60</ins> routes"),
        ("same", "same", "same"),
        ("", "new", "<ins>new</ins>"),
        ("gone", "", "<del>gone</del>"),
        ("a <b>", "a <i>", "a &lt;<del>b</del><ins>i</ins>&gt;"),
    ],
)
def test_what_went_and_what_came_stands_out(before, after, shown):
    assert differing.words(before, after) == shown


def test_of_what_stayed_only_the_words_beside_a_difference_are_shown():
    before = " ".join(f"w{n}" for n in range(50))
    shown = differing.words(before, before.replace("w25", "W"), around=4)
    assert shown == "…w23 w24 <del>w25</del><ins>W</ins> w26 w27…"


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_from_it(before, after):
    shown = differing.words(before, after)
    assert unescape(re.sub(r"<ins>.*?</ins>|</?del>", "", shown, flags=re.DOTALL)) == before
    assert unescape(re.sub(r"<del>.*?</del>|</?ins>", "", shown, flags=re.DOTALL)) == after


def test_long_texts_that_have_little_in_common_are_not_compared_word_by_word():
    before, after = " ".join("ab" * 3 for _ in range(3000)), " ".join("cd" * 3 for _ in range(3000))
    shown = differing.words(f"Start {before} end", f"Start {after} end")
    assert shown.count("<del>") == shown.count("<ins>") == 1
    assert shown.startswith("Start <del>")
    assert shown.endswith("</ins> end")
