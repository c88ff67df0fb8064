"""Constant parts of templates are drawn once per language, and only those."""

from __future__ import annotations

from django.template import Context, engines
from django.template.base import Template
from django.utils import translation

from ui.folding import Folded, fold


def folded(text: str) -> Template:
    template = engines["django"].from_string(text).template
    fold(template.nodelist)
    return template


def render(template: Template, context: dict[str, object]) -> str:
    return template.render(Context(context))


def test_text_and_tags_without_variables_become_one_node():
    template = folded('{% load i18n ui %}<b>{% translate "Close" %}</b>{% icon "x" %}')
    assert [type(node) for node in template.nodelist] == [Folded]
    assert "<b>Close</b><svg" in render(template, {})


def test_each_language_has_its_own_text():
    template = folded('{% load i18n %}{% translate "Monday" %}!')
    assert render(template, {}) == "Monday!"
    with translation.override("de"):
        assert render(template, {}) == "Montag!"
    assert render(template, {}) == "Monday!"


def test_what_depends_on_the_context_is_drawn_each_time():
    template = folded('{% load ui %}a{{ name }}b{% icon name %}{% if name %}c{{ name }}{% endif %}{% kbd "K" %}')
    assert render(template, {"name": "x"}).startswith("axb")
    assert render(template, {"name": "y"}).startswith("ayb")
    assert "#y" in render(template, {"name": "y"})
    assert "cy" in render(template, {"name": "y"})


def test_branches_are_folded_within():
    template = folded('{% load i18n %}{% if a %}{% translate "Yes" %}{% else %}{% translate "No" %}{% endif %}')
    assert render(template, {"a": True}) == "Yes"
    assert render(template, {"a": False}) == "No"


def test_a_tag_that_sets_a_variable_or_reads_the_clock_stays():
    template = folded('{% load i18n ui %}{% translate "Close" as word %}{{ word }}{% drawn %}')
    assert not any(isinstance(node, Folded) for node in template.nodelist)
    assert render(template, {}).startswith("Close")
