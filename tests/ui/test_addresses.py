"""`{% url %}` composes each address once, and is otherwise what Django's is."""

from __future__ import annotations

import pytest
from django.template import Context, engines
from django.test import override_settings
from django.urls import NoReverseMatch


def draw(text: str, **context: object) -> str:
    return engines["django"].from_string(text).template.render(Context(context))


def test_addresses_of_different_arguments_differ():
    for number in (1, 2, 1):
        assert draw('{% url "roadmap:item" "w" "DSP" n %}', n=number) == f"/w/w/p/DSP/items/{number}/"


def test_an_address_goes_into_a_variable_and_is_empty_where_there_is_none():
    assert draw('{% url "roadmap:backlog" "w" "DSP" as u %}[{{ u }}]') == "[/w/w/p/DSP/backlog/]"
    assert draw('{% url "roadmap:backlog" "w" as u %}[{{ u }}]') == "[]"
    with pytest.raises(NoReverseMatch):
        draw('{% url "roadmap:backlog" "w" %}')


def test_what_is_written_into_an_address_is_escaped():
    assert (
        draw('{% url "roadmap:item_field" "w" "DSP" 1 name %}', name="a&b'")
        == "/w/w/p/DSP/items/1/field/a&amp;b&#x27;/"
    )


def test_another_map_of_addresses_has_its_own():
    assert draw('{% url "roadmap:backlog" "w" "DSP" %}')
    with override_settings(ROOT_URLCONF="bench.floor"), pytest.raises(NoReverseMatch):
        draw('{% url "roadmap:backlog" "w" "DSP" %}')
