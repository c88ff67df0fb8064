"""What forms say of bad input says what to do, in our words and not in Django's."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from roadmap.forms import ItemForm
from roadmap.models import Item

OF_DJANGO = re.compile(r"Ensure|This field|valid|Select a|submitted")


class Everything(forms.Form):
    name = forms.CharField(max_length=3)
    secret = forms.CharField(min_length=6)
    share = forms.IntegerField(min_value=1, max_value=100)
    money = forms.DecimalField(max_digits=4, decimal_places=2)
    day = forms.DateField()
    page = forms.URLField(assume_scheme="https")
    mail = forms.EmailField()
    kind = forms.ChoiceField(choices=[("a", "A")])
    kinds = forms.MultipleChoiceField(choices=[("a", "A")])
    agreed = forms.BooleanField()
    file = forms.FileField(max_length=8)


def said(form: forms.BaseForm) -> dict[str, str]:
    return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}


def test_what_is_left_out_is_asked_for():
    answers = said(Everything({}))
    assert answers["name"] == "Fill this in."
    assert answers["kind"] == "Choose one."
    assert answers["kinds"] == "Choose at least one."
    assert answers["agreed"] == "Tick this to go on."
    assert answers["file"] == "Choose a file."
    assert not any(OF_DJANGO.search(sentence) for sentence in answers.values())


def test_what_is_wrong_is_told_with_what_would_be_right():
    sent = {
        "name": "four", "secret": "abc", "share": "101", "money": "1.234", "day": "soon", "page": "nowhere at all",
        "mail": "me", "kind": "b", "kinds": ["b"], "agreed": "on",
    }  # fmt: skip
    answers = said(Everything(sent, {"file": SimpleUploadedFile("a-long-name.txt", b"x")}))
    assert answers["name"] == "At most 3 characters fit here, this has 4. Shorten it."
    assert answers["secret"] == "Write at least 6 characters."
    assert answers["share"] == "Enter 100 or less."
    assert "2 digits after the point" in answers["money"]
    assert answers["day"] == "Enter a day, such as 2026-12-31."
    assert answers["kind"] == "This choice is not there any more. Choose another."
    assert answers["file"].startswith("The name of this file has 15 characters")
    assert not any(OF_DJANGO.search(sentence) for sentence in answers.values()), answers


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("confidence", "180", "Enter 100 or less."),
        ("reach", "-1", "Enter 0 or more."),
        ("effort", "0", "Enter 0.01 or more."),
        ("effort", "1.234", "At most 2 digits after the point."),
        ("progress", "many", "Enter a whole number."),
        ("starts_on", "2026-02-31", "Enter a day, such as 2026-12-31."),
        ("title", "", "Fill this in."),
    ],
)
def test_a_field_of_an_item_says_so_too(cast, field, typed, sentence):
    form = ItemForm({field: typed}, instance=Item(product=cast.product, workspace=cast.product.workspace))
    assert said(form) == {field: sentence}
