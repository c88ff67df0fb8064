"""Large parts are put into their page at its end, each where its template has it."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.safestring import mark_safe

from ui.templatetags.apart import MARK, keep_apart, put_in

PAGE = Template("{% load apart %}<p>{% apart first %}</p>é{% apart second %}{{ typed }}")


@pytest.mark.parametrize("is_apart", [True, False])
def test_a_part_stands_where_its_template_has_it_and_text_stays_text(is_apart):
    request = RequestFactory().get("/")
    if is_apart:
        keep_apart(request)
    typed = MARK.rstrip(":") + "\0 0\0"
    context = {"request": request, "first": mark_safe("<b>–</b>"), "second": "<i>", "typed": typed}  # noqa: S308
    response = HttpResponse(PAGE.render(Context(context)))
    if is_apart:
        assert b"<b>" not in response.content
        put_in(request, response)
    assert response.content.decode() == f"<p><b>–</b></p>é&lt;i&gt;{typed}"
