"""`{% kept a b %}…{% endkept %}`: a part of a page that is drawn once for the values that it is made of, and for a language.

    {% load keeping %}{% kept request.workspace.slug request.product.key %}…the menu…{% endkept %}

Everything within must follow from the values that are named; the token against forged requests, which is another one in each
answer, is put in anew. While testing, what was kept is drawn again and compared, so that a value which is missing fails a test.

    {% kept request.workspace.slug request.product.key with number=item.number unless trouble %}…the form…{% endkept %}

What stands after `with` are numbers and ids that are only written down within, by these names: one drawing serves them all, and they are put
in anew like the token. What stands after `unless` has the part drawn as if nothing were kept, where it is there.
"""

from __future__ import annotations

import re
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
#: Stands for the first of what is written down, which addresses take for a number or an id; those after it count down.
STAND_IN = 2147480647
PLAIN = re.compile(r"[A-Za-z0-9_-]+").fullmatch


@register.tag
def kept(parser: Parser, token: Token) -> Kept:
    parts: dict[str, list[str]] = {"": [], "with": [], "unless": []}
    part = ""
    for word in token.split_contents()[1:]:
        if word in parts:
            part = word
        else:
            parts[part].append(word)
    named = [word.partition("=") for word in parts["with"]]
    nodes = parser.parse(("endkept",))
    parser.delete_first_token()
    return Kept(
        [parser.compile_filter(word) for word in parts[""]],
        {name: parser.compile_filter(value) for name, _sign, value in named},
        [parser.compile_filter(word) for word in parts["unless"]],
        nodes,
    )


class Kept(Node):
    def __init__(
        self,
        values: list[FilterExpression],
        written: dict[str, FilterExpression],
        unless: list[FilterExpression],
        nodelist: NodeList,
    ) -> None:
        self.values, self.written, self.unless, self.nodelist = values, written, unless, nodelist
        self.stand_ins = {name: str(STAND_IN - place) for place, name in enumerate(written)}
        self.drawn: OrderedDict[Hashable, str] = OrderedDict()

    def render(self, context: Context) -> SafeString:
        written = {name: _written(value.resolve(context)) for name, value in self.written.items()}
        if any(value.resolve(context, ignore_failures=True) for value in self.unless):
            with context.push(**written):
                return self.nodelist.render(context)
        made_of = [_hashable(value.resolve(context)) for value in self.values]
        key = (get_language(), get_urlconf(), get_script_prefix(), *made_of)
        text = self.drawn.get(key)
        if text is None:
            text = self.drawn[key] = self._draw(context, self.stand_ins)
            if len(self.drawn) > KEPT:
                self.drawn.popitem(last=False)
        for name, stand_in in self.stand_ins.items():
            text = text.replace(stand_in, written[name])
        if settings.TESTING and text != self._draw(context, written):
            raise AssertionError(f"{self.origin.template_name!s}: this part is made of more than {made_of}, {written}.")
        if TOKEN in text:
            text = text.replace(TOKEN, str(context.get("csrf_token", "")))
        return mark_safe(text)  # noqa: S308 - drawn by nodes that escape

    def _draw(self, context: Context, written: dict[str, str]) -> str:
        with context.push(csrf_token=TOKEN, **written):
            return self.nodelist.render(context)


def _written(value: Any) -> str:
    """A number, or an id of letters, digits, dashes and underscores: what reads the same in a text, an attribute and an address."""
    text = str(value)
    if not PLAIN(text):
        raise ValueError(f"{text!r} is neither a number nor an id.")
    return text


def _hashable(value: Any) -> Hashable:
    """Lists of plain values, as choices are, become tuples."""
    if isinstance(value, tuple):
        try:
            hash(value)
        except TypeError:
            return tuple(map(_hashable, value))
        return value
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
