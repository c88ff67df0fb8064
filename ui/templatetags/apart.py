"""`{% apart drawn.lanes %}`: a large part that was drawn already is put into its page at the very end.

A page is drawn from the inside out, and each template and block around a part copies it: of half a megabyte ten times, which took as
long as a statement. Only `ui.pages.render_page` puts parts in; whatever else draws the template has them where they stand.
"""

from __future__ import annotations

import re
from secrets import token_hex

from django import template
from django.http import HttpRequest, HttpResponse
from django.template.context import Context
from django.utils.html import conditional_escape

register = template.Library()
#: Stands for a part meanwhile, around its number: nobody can have typed it.
MARK = f"\0{token_hex(16)}:"
MARKED = re.compile(MARK.encode() + rb"(\d+)\0")


@register.simple_tag(takes_context=True)
def apart(context: Context, part: str) -> str:
    parts: list[str] | None = getattr(context.get("request"), "parts_apart", None)
    if parts is None:
        return conditional_escape(part)
    parts.append(conditional_escape(part))
    return f"{MARK}{len(parts) - 1}\0"


def keep_apart(request: HttpRequest) -> None:
    """From now on parts of what is drawn for this request are kept apart."""
    request.parts_apart = []  # type: ignore[attr-defined]


def put_in(request: HttpRequest, response: HttpResponse) -> None:
    """The parts into the page that was drawn, each where it belongs."""
    parts: list[str] = request.parts_apart  # type: ignore[attr-defined]
    del request.parts_apart  # type: ignore[attr-defined]
    if not parts:
        return
    page = MARKED.split(response.content)
    page[1::2] = [parts[int(n)].encode() for n in page[1::2]]
    response.content = b"".join(page)
