"""Templates that are named in words are looked for once; what they draw is what Django draws."""

from __future__ import annotations

import pytest
from django.template import Context, Engine
from django.template.loaders import locmem

PAGES = {
    "base": "<{% block a %}base{% endblock %}|{% block b %}base{% endblock %}>",
    "middle": '{% extends "base" %}{% block a %}middle {{ block.super }}{% endblock %}',
    "page": '{% extends "middle" %}{% block b %}{% include "part" with who=name %}{% endblock %}',
    "variable": "{% extends parent %}{% block b %}own{% endblock %}",
    "part": "{{ who }}{{ other }}",
    "rows": '{% for one in many %}{% include "striped" %}{% endfor %}',
    "striped": '{% cycle "odd" "even" %}{{ one }} ',
    "alone": '{% include "part" with who="me" only %}',
    "setting": '{% include "sets" %}{{ word }}',
    "sets": '{% firstof "inside" as word %}',
    "chosen": "{% include choice %}",
}


def engine(*builtins: str, debug: bool = False) -> Engine:
    loaders = [("django.template.loaders.cached.Loader", [("django.template.loaders.locmem.Loader", PAGES)])]
    return Engine(loaders=loaders, builtins=list(builtins), debug=debug)


@pytest.fixture(params=[False, True])
def ours(request) -> Engine:
    return engine("ui.templatetags.composing", debug=request.param)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_a_page_is_drawn_as_django_draws_it_each_time(ours, name):
    given = [
        {"name": "Ida", "other": "!", "parent": "base", "many": [1, 2, 3], "choice": "part"},
        {"name": "Ben", "other": "?", "parent": "middle", "many": [4, 5], "choice": "sets"},
    ]
    for context in [*given, *given]:
        expected = engine().get_template(name).render(Context(context))
        assert ours.get_template(name).render(Context(context)) == expected


def test_an_included_template_is_looked_for_once(monkeypatch):
    found = []
    look = locmem.Loader.get_contents
    monkeypatch.setattr(locmem.Loader, "get_contents", lambda self, origin: found.append(origin) or look(self, origin))
    one = Engine(loaders=[("django.template.loaders.locmem.Loader", PAGES)], builtins=["ui.templatetags.composing"])
    page = one.get_template("page")
    page.render(Context({}))
    before = len(found)
    page.render(Context({}))
    assert len(found) == before
