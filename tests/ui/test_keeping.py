"""`{% kept %}`: parts of pages that are drawn once for the values that they are made of."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.translation import override

PART = "{% load i18n keeping %}{% kept name %}{% csrf_token %}{{ name }}{{ other }}{% translate 'Close' %}{% endkept %}"


def drawn(template: Template, **values: object) -> str:
    return template.render(Context({"other": "", "csrf_token": "one", **values}))


def test_the_token_is_that_of_the_answer_and_texts_are_escaped():
    template = Template(PART)
    assert drawn(template, name="<b>") == '<input type="hidden" name="csrfmiddlewaretoken" value="one">&lt;b&gt;Close'
    assert 'value="two">&lt;b&gt;' in drawn(template, name="<b>", csrf_token="two")


def test_it_is_drawn_anew_for_other_values_and_languages():
    template = Template(PART)
    assert drawn(template, name="a").endswith(">aClose")
    assert drawn(template, name="b").endswith(">bClose")
    with override("de"):
        drawn(template, name="a")
    assert len(template.nodelist.get_nodes_by_type(type(template.nodelist[-1]))[0].drawn) == 3


def test_a_value_that_is_not_named_fails_while_testing(settings):
    template = Template(PART)
    drawn(template, name="a")
    with pytest.raises(AssertionError, match="made of more"):
        drawn(template, name="a", other="x")
    settings.TESTING = False
    assert "x" not in drawn(template, name="a", other="x")


def test_lists_of_choices_may_be_named():
    template = Template(
        "{% load keeping %}{% kept list %}{% for value, label in list %}{{ label }}{% endfor %}{% endkept %}"
    )
    assert drawn(template, list=[("a", "A"), ("b", "B")]) == "AB"
    assert drawn(template, list=[("a", "C")]) == "C"


WITH = '{% load keeping %}{% kept name with n=number unless form %}<a href="/{{ n }}/">{{ name }}{{ form }}</a>{% endkept %}'


def test_numbers_that_are_only_written_down_share_one_drawing():
    template = Template(WITH)
    assert drawn(template, name="a", number=1) == '<a href="/1/">a</a>'
    assert drawn(template, name="a", number="x_-2") == '<a href="/x_-2/">a</a>'
    assert len(template.nodelist[-1].drawn) == 1


def test_a_text_cannot_be_written_down_unescaped():
    with pytest.raises(ValueError, match="neither a number nor an id"):
        drawn(Template(WITH), name="a", number="<b>")


def test_what_is_read_of_a_number_that_should_only_be_written_down_fails_while_testing():
    template = Template(
        "{% load keeping %}{% kept name with n=number %}{% if number > 1 %}many{% endif %}{% endkept %}"
    )
    drawn(template, name="a", number=1)
    with pytest.raises(AssertionError, match="made of more"):
        drawn(template, name="a", number=2)


def test_a_form_that_was_refused_is_drawn_as_it_is_and_not_kept():
    template = Template(WITH)
    assert drawn(template, name="a", number=1, form="typed") == '<a href="/1/">atyped</a>'
    assert drawn(template, name="a", number=1) == '<a href="/1/">a</a>'
