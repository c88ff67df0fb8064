"""Templates whose constant parts are drawn once per language.

A third of a page's tags say the same on every page: `{% translate "Close" %}`, `{% icon "x" %}`, `{% static … %}`. After a template is
parsed, runs of text and such tags become one node that keeps its text. Which tags are constant with constant arguments is
said by `@constant` on their function; a tag that reads the context, the clock or the database must not have it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.template.base import FilterExpression, Node, NodeList, Template, TextNode, VariableNode
from django.template.context import Context
from django.template.defaulttags import CommentNode, LoadNode
from django.template.library import SimpleNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.templatetags.static import StaticNode
from django.utils.translation import get_language

F = TypeVar("F", bound=Callable[..., Any])


def constant(function: F) -> F:
    """This tag draws the same for the same arguments, in one language."""
    function.is_constant = True  # type: ignore[attr-defined]
    return function


class Folded(Node):
    """A run of nodes that draw the same each time, and what they drew, by language."""

    child_nodelists = ()

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.drawn: dict[str | None, str] = {}
        self.token, self.origin = nodes[0].token, nodes[0].origin

    def render(self, context: Context) -> str:
        language = get_language()
        text = self.drawn.get(language)
        if text is None:
            text = self.drawn[language] = "".join(str(node.render_annotated(context)) for node in self.nodes)
        return text


class Loader(cached.Loader):
    """Django's loader that keeps parsed templates; folds each once."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template = super().get_template(template_name, skip)
        if not getattr(template, "is_folded", False):
            template.is_folded = True
            fold(template.nodelist)
        return template


def fold(nodes: NodeList) -> None:
    """Fold a list of nodes and all within, in place."""
    folded: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if isinstance(node, LoadNode | CommentNode):
            continue
        if _is_constant(node):
            run.append(node)
            continue
        _close(run, folded)
        run = []
        folded.append(node)
        for inner in _lists_in(node):
            fold(inner)
    _close(run, folded)
    nodes[:] = folded


def _close(run: list[Node], folded: list[Node]) -> None:
    if len(run) == 1 and isinstance(run[0], TextNode):
        folded.append(run[0])
    elif run:
        folded.append(Folded(run))


def _lists_in(node: Node) -> list[NodeList]:
    lists = [inner for name in node.child_nodelists if isinstance(inner := getattr(node, name, None), NodeList)]
    branches = getattr(node, "conditions_nodelists", ())
    return [*lists, *(inner for _condition, inner in branches)]


def _is_constant(node: Node) -> bool:
    if isinstance(node, TextNode):
        return True
    if isinstance(node, TranslateNode):
        return node.asvar is None and node.message_context is None and _is_literal(node.filter_expression)
    if isinstance(node, StaticNode):
        return type(node) is StaticNode and node.varname is None and _is_literal(node.path)
    if isinstance(node, SimpleNode):
        given = [*node.args, *node.kwargs.values()]
        plain = node.target_var is None and not node.takes_context and all(_is_literal(one) for one in given)
        return plain and getattr(node.func, "is_constant", False)
    return isinstance(node, VariableNode) and _is_literal(node.filter_expression)


def _is_literal(expression: FilterExpression) -> bool:
    """A text or number written in the template, without a filter."""
    if expression.filters:
        return False
    return not expression.is_var or expression.var.lookups is None
