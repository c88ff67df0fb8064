"""What accounts calls from the apps to its right: `changes` and `jobs` fill it in AppConfig.ready()."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any


class _Unfilled:
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("The apps `changes` and `jobs` must be installed: they provide history and mail.")


class Ports:
    """What accounts calls from the apps to its right; filled in their AppConfig.ready()."""

    open_change: Callable[..., AbstractContextManager[Any]] = _Unfilled()
    send_mail: Callable[..., Any] = _Unfilled()
    close_streams: Callable[..., Any] = _Unfilled()
    #: f(workspace, nouns, skip=, limit=) → versions, newest first, each with its change and the state `earlier`.
    versions_of: Callable[..., list[Any]] = _Unfilled()

    def __init__(self) -> None:
        #: Called as f(workspace, by=change) when a workspace is founded: defaults such as its statuses.
        self.on_founded: list[Callable[..., Any]] = []
        #: Called as f(member, by=change) when a member is removed: what products gave to that member alone.
        self.on_removed: list[Callable[..., Any]] = []
        #: Called as f(workspace) → {field: sentence}: what cannot be changed any more (its currency once amounts exist).
        self.settled: list[Callable[..., dict[str, Any]]] = []


ports = Ports()
