from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.safestring import SafeString, mark_safe

from ui import sidebar
from ui.shell import Link, ProductLink, Shell
from ui.templatetags.addresses import address_of

register = template.Library()


@register.simple_tag
def side_places(links: Iterable[Link], css: str = "") -> SafeString:
    return sidebar.places(links, css)


@register.simple_tag
def side_products(shell: Shell, links: Iterable[ProductLink]) -> SafeString:
    return sidebar.products(shell, links)


@register.simple_tag
def side_shared(links: Iterable[Link]) -> SafeString:
    return sidebar.shared(links)


@register.simple_tag
def tabs(shell: Shell) -> SafeString:
    return sidebar.tabs(shell.tabs)


@register.simple_tag
def bell(shell: Shell) -> SafeString:
    link = shell.bell
    return sidebar.bell(link, address_of("discussion:bell", shell.workspace.slug)) if link else mark_safe("")
