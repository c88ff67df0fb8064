"""Words of rows: looked up once in a language."""

from __future__ import annotations

from django.utils.translation import gettext as look_up
from django.utils.translation import override

from ui.words import gettext


def test_a_word_is_that_of_the_language_in_use():
    for language in ("de", "en", "de"):
        with override(language):
            assert gettext("Monday") == look_up("Monday")
    with override("de"):
        assert gettext("Monday") == "Montag"
    with override("en"):
        assert gettext("Monday") == "Monday"
