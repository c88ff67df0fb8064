"""`{% extends %}` and `{% include %}` as ever, but a template that is named in words is looked for once (builtins of all templates).

Django looks for it, and for the blocks of what is extended, each time: a page includes twenty, at 30 µs each.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import FilterExpression, Parser, Template, TextNode, Token
from django.template.context import Context
from django.template.defaulttags import CycleNode, IfChangedNode, ResetCycleNode
from django.template.loader_tags import (
    BLOCK_CONTEXT_KEY,
    BlockContext,
    BlockNode,
    ExtendsNode,
    IncludeNode,
    do_extends,
    do_include,
)

register = template.Library()

#: What keeps its state with the template that it stands in, and so needs Django's way of including one.
KEEPING = (BlockNode, CycleNode, ExtendsNode, IfChangedNode, ResetCycleNode)


@register.tag
def extends(parser: Parser, token: Token) -> ExtendsNode:
    node = do_extends(parser, token)
    return Extends(node.nodelist, node.parent_name)


@register.tag
def include(parser: Parser, token: Token) -> IncludeNode:
    node = do_include(parser, token)
    return Include(node.template, extra_context=node.extra_context, isolated_context=node.isolated_context)


class Extends(ExtendsNode):
    """A name that is a variable, and all while templates are being written (DEBUG), is left to Django."""

    kept: tuple[Template, dict[str, BlockNode]] | None = None

    def render(self, context: Context) -> Any:
        if context.template.engine.debug or not _is_literal(self.parent_name):  # type: ignore[union-attr]
            return super().render(context)
        if self.kept is None:
            parent = self.get_parent(context)
            self.kept = parent, _blocks_of(parent)
        parent, blocks = self.kept
        collected = context.render_context.setdefault(BLOCK_CONTEXT_KEY, BlockContext())
        collected.add_blocks(self.blocks)
        collected.add_blocks(blocks)
        with context.render_context.push_state(parent, isolated_context=False):
            return parent._render(context)


class Include(IncludeNode):
    """Left to Django is what Extends leaves to it, and a template with tags that keep something while it is drawn."""

    kept: Template | None = None
    is_plain = True

    def render(self, context: Context) -> Any:
        engine = context.template.engine  # type: ignore[union-attr]
        if engine.debug or not self.is_plain or not _is_literal(self.template):
            return super().render(context)
        if self.kept is None:
            found = engine.get_template(self.template.resolve(context))
            if found.nodelist.get_nodes_by_type(KEEPING):
                self.is_plain = False
                return super().render(context)
            self.kept = found
        values = {name: given.resolve(context) for name, given in self.extra_context.items()}
        if self.isolated_context:
            return self.kept._render(context.new(values))
        with context.push(**values):
            return self.kept._render(context)


def _blocks_of(parent: Template) -> dict[str, BlockNode]:
    """Those of a template that is at the root; one that extends another adds its own."""
    first = next((node for node in parent.nodelist if not isinstance(node, TextNode)), None)
    if first is None or isinstance(first, ExtendsNode):
        return {}
    return {block.name: block for block in parent.nodelist.get_nodes_by_type(BlockNode)}


def _is_literal(name: FilterExpression) -> bool:
    """A text written in the template, without a filter."""
    return not name.filters and not name.is_var
