"""The language, time zone and routes that are active where code runs, kept in a context variable each.

Django keeps them in asgiref's Local, which takes a lock and asks three functions for one value: 1.3 µs each time, and an item's page looks
three hundred times. What it promises stays: each thread and each asyncio task has its own, and asgiref carries context variables along
where it moves work from one to the other.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from django.urls import base
from django.utils import timezone
from django.utils.translation import trans_real

UNSET = object()
#: Where Django keeps them: module, name.
KEPT = ((trans_real, "_active"), (timezone, "_active"), (base, "_urlconfs"), (base, "_prefixes"))


class Active:
    """What is used of a Local: `value`, which may be there, be set and be deleted."""

    def __init__(self, name: str) -> None:
        self._held: ContextVar[Any] = ContextVar(name, default=UNSET)

    @property
    def value(self) -> Any:
        value = self._held.get()
        if value is UNSET:
            raise AttributeError(self._held.name)
        return value

    @value.setter
    def value(self, value: Any) -> None:
        self._held.set(value)

    @value.deleter
    def value(self) -> None:
        self._held.set(UNSET)


def keep_in_context() -> None:
    """What is active by now stays so."""
    for module, name in KEPT:
        before = getattr(module, name)  # another Django may keep it elsewhere: then this must be looked at again
        if isinstance(before, Active):
            continue
        kept = Active(f"{module.__name__}.{name}")
        if hasattr(before, "value"):
            kept.value = before.value
        setattr(module, name, kept)
