"""`{% kept a b %}…{% endkept %}`: a part of a page that is drawn once for the values that it is made of, and for a language.

    {% load keeping %}{% kept request.workspace.slug request.product.key %}…the menu…{% endkept %}

Everything within must follow from the values that are named; the token against forged requests, which is another one in each
answer, is put in anew. While testing, what was kept is drawn again and compared, so that a value which is missing fails a test.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from django import template
from django.conf import settings
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context
from django.urls import get_script_prefix, get_urlconf
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

register = template.Library()

#: So many drawings of one part are kept.
KEPT = 200
#: Stands for the token in what is kept. Nobody's text has a NUL.
TOKEN = "\0token\0"  # noqa: S105 - none that opens anything


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    values = [parser.compile_filter(word) for word in token.split_contents()[1:]]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(values, nodes)


class Kept(Node):
    def __init__(self, values: list[FilterExpression], nodelist: NodeList) -> None:
        self.values, self.nodelist = values, nodelist
        self.drawn: OrderedDict[Hashable, str] = OrderedDict()

    def render(self, context: Context) -> SafeString:
        made_of = [_hashable(value.resolve(context)) for value in self.values]
        key = (get_language(), get_urlconf(), get_script_prefix(), *made_of)
        text = self.drawn.get(key)
        if text is None:
            text = self.drawn[key] = self._draw(context)
            if len(self.drawn) > KEPT:
                self.drawn.popitem(last=False)
        elif settings.TESTING and text != self._draw(context):
            raise AssertionError(f"{self.origin.template_name!s}: this part is made of more than {made_of}.")
        if TOKEN in text:
            text = text.replace(TOKEN, str(context.get("csrf_token", "")))
        return mark_safe(text)  # noqa: S308 - drawn by nodes that escape

    def _draw(self, context: Context) -> str:
        with context.push(csrf_token=TOKEN):
            return self.nodelist.render(context)


def _hashable(value: Any) -> Hashable:
    """Lists of plain values, as choices are, become tuples."""
    return tuple(map(_hashable, value)) if isinstance(value, list | tuple) else value
