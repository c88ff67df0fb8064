from __future__ import annotations

import pytest
from django import forms
from django.template import Context, Template

from ui import stages


def draw(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize("tag", ["avatar", "person", "ptile", "pill", "status"])
def test_names_of_people_and_things_are_never_markup(tag: str):
    arguments = "name category" if tag == "status" else "name"
    assert "<script>" not in draw(f"{{% {tag} {arguments} %}}", name="<script>alert(1)</script>", category="ready")


def test_an_avatar_has_initials_and_a_tone_of_its_own():
    assert ">TH<" in draw('{% avatar "Tomás Herrera" %}')
    assert draw('{% avatar "Tomás Herrera" %}') != draw('{% avatar "Jonas Weber" %}')


def test_a_person_that_is_not_set_is_shown_as_that():
    assert "Not set" in draw("{% person lead %}", lead="")


def test_an_icon_without_a_label_is_hidden_from_screen_readers():
    assert 'aria-hidden="true"' in draw('{% icon "bell" %}')
    assert 'aria-label="Bell"' in draw('{% icon "bell" label="Bell" %}')


def test_health_is_always_a_glyph_and_a_word():
    assert '<span class="sr">At risk</span>' in draw('{% health "at_risk" text=False %}')


def test_progress_stays_between_nothing_and_all():
    assert "--v:100" in draw("{% progress 140 %}")
    assert "--v:0" in draw("{% progress -3 %}")
    assert 'aria-valuetext="Not set"' in draw("{% progress None %}")


def test_the_rail_draws_what_is_done_what_is_on_and_what_is_ahead():
    rail = draw(
        "{% rail current=stage you=4.44 label='20 months in-life' gates=gates notes=notes %}",
        stage="in_life",
        gates=[{"number": 4, "state": "go", "label": "Gate 4", "date": "Mar 2025", "url": "/gates/4/"}],
        notes={"in_life": "Since 3 Mar 2025"},
    )
    assert rail.count("is-past") == 4
    assert rail.count("is-now") == 1
    assert rail.count("rail__area") == 5
    assert 'href="/gates/4/"' in rail
    assert "Since 3 Mar 2025" in rail


def test_the_dot_never_leaves_its_stage():
    assert "--x:50.833" in draw("{% rail current='go_to_market' you=0.2 %}")
    assert "--x:15.833" in draw("{% rail current='innovation' you=5 %}")


def test_a_product_without_a_stage_has_a_rail_all_the_same():
    assert "is-now" not in draw("{% rail current='' %}")


def test_the_curve_has_no_step():
    for knot, _height in stages.KNOTS[1:-1]:
        assert abs(stages.height(knot - 1e-6) - stages.height(knot + 1e-6)) < 0.001


class Effort(forms.Form):
    effort = forms.IntegerField(label="Effort", help_text="Person-weeks.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    loud = forms.BooleanField(required=False)


def test_a_field_ties_label_hint_and_error_to_its_input():
    html = draw("{% field form.effort %}", form=Effort({"effort": "five"}))
    assert '<label class="field__label" for="id_effort">' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_effort-hint id_effort-error"' in html
    assert 'value="five"' in html, "what was typed is kept"
    assert 'id="id_effort-error"' in html


def test_a_field_that_may_stay_empty_says_so():
    assert "optional" in draw("{% field form.note %}", form=Effort())
    assert "optional" not in draw("{% field form.effort %}", form=Effort())


def test_a_checkbox_is_labelled_by_the_words_beside_it():
    assert '<label class="check" for="id_loud">' in draw("{% field form.loud %}", form=Effort())


def test_the_largest_score_of_a_list_fills_its_bar():
    assert "--v:100" in draw("{% score 144 144 %}")
    assert "—" in draw("{% score None 144 %}")


def test_a_sparkline_needs_two_points():
    assert draw("{% spark values %}", values=[3]) == ""
    assert "spark__target" in draw("{% spark values 5 %}", values=[3, 4, 5])
