from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString

from ui import sidebar
from ui.shell import Link, ProductLink, Shell

register = template.Library()


@register.simple_tag
def side_places(links: Iterable[Link], css: str = "") -> SafeString:
    return sidebar.places(links, css)


@register.simple_tag
def side_products(shell: Shell, links: Iterable[ProductLink]) -> SafeString:
    return sidebar.products(shell, links)
