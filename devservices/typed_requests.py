"""A plugin for mypy: what our decorators and middleware put on a request, HttpRequest and DRF's Request alike.

They are typed loosely: the decorator that put them there has checked them, and a subclass of HttpRequest per decorator
would have to be named in every view.
"""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import AttributeContext, ClassDefContext, Plugin
from mypy.types import AnyType, Type, TypeOfAny

REQUESTS = ("django.http.request.HttpRequest", "rest_framework.request.Request")
# accounts.access.member_required, django_htmx, and the places that accounts.access.places looks up.
ATTRIBUTES = ("member", "workspace", "actor", "product", "thread", "place", "visible_products", "htmx")


class RequestsPlugin(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        """`request.user` and `request.auth`: who may be None or anonymous was turned away by the decorator."""
        owner, _, name = fullname.rpartition(".")
        return anything if owner in REQUESTS and name in ("user", "auth") else None

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return add_attributes if fullname in REQUESTS else None


def anything(context: AttributeContext) -> Type:
    return AnyType(TypeOfAny.explicit)


def add_attributes(context: ClassDefContext) -> None:
    info = context.cls.info
    for name in ATTRIBUTES:
        attribute = Var(name, AnyType(TypeOfAny.explicit))
        attribute.info = info
        attribute._fullname = f"{info.fullname}.{name}"
        info.names[name] = SymbolTableNode(MDEF, attribute, plugin_generated=True)


def plugin(version: str) -> type[Plugin]:
    return RequestsPlugin
