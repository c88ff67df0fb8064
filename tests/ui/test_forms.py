from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from ui.forms import Renderer

EVIL = '"><script>alert(1)</script>&amp;'
GROUPED = [("", "None"), (1, EVIL), (EVIL, "two"), ("Group & co", [("a", "A"), ("b", "B")])]

WIDGETS = [
    (forms.TextInput(attrs={"class": "input", "data-x": EVIL, "autofocus": True, "disabled": False}), EVIL),
    (forms.TextInput(), None),
    (forms.TextInput(), ""),
    (forms.TextInput(), "\N{SNOWMAN}"),
    (forms.NumberInput(attrs={"min": 0, "step": "0.01"}), 1234.5),
    (forms.EmailInput(), "a@b.example"),
    (forms.URLInput(), "https://example.com/?a=1&b=2"),
    (forms.PasswordInput(), "secret"),
    (forms.PasswordInput(render_value=True), "secret"),
    (forms.HiddenInput(), 7),
    (forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), "2026-11-22"),
    (forms.CheckboxInput(), True),
    (forms.CheckboxInput(), False),
    (forms.CheckboxInput(), "yes"),
    (forms.Select(choices=GROUPED, attrs={"id": "x"}), 1),
    (forms.Select(choices=GROUPED), EVIL),
    (forms.Select(choices=GROUPED), None),
    (forms.SelectMultiple(choices=GROUPED), [1, "b"]),
    (forms.NullBooleanSelect(), True),
    (forms.RadioSelect(choices=GROUPED, attrs={"id": "r", "class": "c"}), "b"),
    (forms.RadioSelect(choices=GROUPED), None),
    (forms.CheckboxSelectMultiple(choices=GROUPED, attrs={"id": EVIL}), [1, "a"]),
    (forms.Textarea(attrs={"rows": 3}), EVIL),
    (forms.ClearableFileInput(), None),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_a_control_is_drawn_as_django_draws_it(widget, value):
    ours = widget.render("field", value, renderer=Renderer())
    theirs = widget.render("field", value, renderer=DjangoTemplates())
    assert parse_html(ours) == parse_html(theirs)
    assert "<script>" not in ours
