"""Keyset pages: the next page starts after the last row seen, so page 190 costs what page 1 does."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Generic, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings
from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts import lookups
from accounts.beside import Besides
from accounts.prepared import Prepared
from accounts.refusals import Refused
from accounts.together import Together

M = TypeVar("M", bound=models.Model)
SIZE = 50


@dataclass(frozen=True)
class Sort:
    """One column of an order. Rows without a value come last in either direction."""

    name: str
    descending: bool = False
    nullable: bool = False

    @classmethod
    def parse(cls, text: str, nullable: set[str]) -> Sort:
        name = text.removeprefix("-")
        return cls(name, text.startswith("-"), name in nullable)

    def ordering(self) -> Any:
        if not self.nullable:
            return F(self.name).desc() if self.descending else F(self.name).asc()
        return F(self.name).desc(nulls_last=True) if self.descending else F(self.name).asc(nulls_last=True)

    def after(self, value: Any) -> Q:
        """Rows that come strictly after `value` in this column."""
        if value is None:
            return Q(pk__in=[])
        beyond = Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})
        return beyond | Q(**{f"{self.name}__isnull": True}) if self.nullable else beyond

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


class Backwards(Sort):
    """The same order from its end: rows without a value come first."""

    @classmethod
    def of(cls, sort: Sort) -> Backwards:
        return cls(sort.name, not sort.descending, sort.nullable)

    def ordering(self) -> Any:
        if not self.nullable:
            return super().ordering()
        return F(self.name).desc(nulls_first=True) if self.descending else F(self.name).asc(nulls_first=True)

    def after(self, value: Any) -> Q:
        if value is None:
            return Q(**{f"{self.name}__isnull": False})
        return Q(**{f"{self.name}__{'lt' if self.descending else 'gt'}": value})


def beside(rows: models.QuerySet[Any], sorts: list[Sort], here: Any, *, before: bool = False) -> Any | None:
    """The row of `rows` that comes right after `here`, or right before it; None at the end. `here` need not be one of them: what counts is
    what it has in the columns of the order."""
    ways = [Backwards.of(sort) for sort in sorts] if before else sorts
    beyond = _beyond(list(ways), [getattr(here, sort.name) for sort in sorts])
    return rows.filter(beyond).order_by(*(sort.ordering() for sort in ways)).first()


@dataclass(frozen=True)
class Page(Generic[M]):
    rows: list[M]
    next: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def page_of(rows: models.QuerySet[M], sorts: list[Sort], after: str = "", size: int = SIZE) -> Page[M]:
    """The rows after cursor `after` (empty for the first page), in one statement.

    The last of `sorts` must be unique, so that no row is shown twice or left out. Raises Refused on a broken cursor.
    """
    ordered = rows.order_by(*(sort.ordering() for sort in sorts))
    if after:
        raw = _decode(after, len(sorts))
        values = [_typed(rows, sort.name, value) for sort, value in zip(sorts, raw, strict=True)]
        ordered = ordered.filter(_beyond(sorts, values))
    return cut(list(ordered[: size + 1]), sorts, size)


def cut(found: list[M], sorts: list[Sort], size: int = SIZE) -> Page[M]:
    """A page of the rows that were found, if possible one more than its size: then there is a next one."""
    return Page(found[:size], _encode(sorts, found[size - 1]) if len(found) > size else "")


@dataclass(frozen=True)
class Shape:
    """What decides about the text of a page's statement. `after`: whether the last row has a value in each column."""

    arguments: int
    sorts: tuple[Sort, ...]
    after: tuple[bool, ...]
    rows: int
    variant: tuple[Hashable, ...]


class PreparedPages:
    """page_of for a list whose statement is composed once for each filter and order (see accounts/prepared.py).

    `build(*arguments, *variant)` gives the rows without an order: instances, or named tuples whose names are the paths.
    `keys(sorts, *arguments, *variant)`, where it gives something, gives the same rows without what is shown of them, and all rows with it: the
    first are put in order and cut, and only those of the page are read whole. Worth it where many rows match and no index has their order.

    A page after a value for which nothing can stand in (a decimal, say) is composed anew.
    """

    def __init__(
        self,
        model: type[models.Model],
        build: Callable[..., models.QuerySet[Any]],
        keys: Callable[..., tuple[models.QuerySet[Any], models.QuerySet[Any]] | None] = lambda *arguments: None,
    ) -> None:
        self.rows, self.build, self.keys = model._default_manager.all(), build, keys
        self._prepared = Prepared(self._ordered)

    def page(
        self,
        *arguments: Any,
        sorts: list[Sort],
        after: str = "",
        size: int = SIZE,
        variant: tuple[Hashable, ...] = (),
        besides: Besides | None = None,
    ) -> Page[Any]:
        """Raises Refused on a broken cursor."""
        found = self.found(*arguments, sorts=sorts, after=after, most=size + 1, variant=variant, besides=besides)
        return cut(found, sorts, size)

    def later(
        self,
        together: Together,
        *arguments: Any,
        sorts: list[Sort],
        after: str = "",
        size: int = SIZE,
        variant: tuple[Hashable, ...] = (),
    ) -> Callable[[], Page[Any]]:
        """The same, when it is wanted: asked together with the rest of the page that shows it."""
        given, shape, stands_in = self._asked(arguments, sorts, after, size + 1, variant)
        if not stands_in:
            return lambda: cut(list(self._ordered(*given, shape)), sorts, size)
        try:
            found = together.ask(self._prepared, *given, variant=(shape,))
        except EmptyResultSet:  # Django composes no statement of a filter that nothing can pass
            return lambda: Page([], "")
        return lambda: cut(found(), sorts, size)

    def found(
        self,
        *arguments: Any,
        sorts: list[Sort],
        most: int,
        after: str = "",
        variant: tuple[Hashable, ...] = (),
        fixed: int = 0,
        besides: Besides | None = None,
    ) -> list[Any]:
        """The first `most` rows after the cursor, for `cut`. In so many of `sorts` as `fixed` says all rows are the same, so that
        they order nothing."""
        given, shape, stands_in = self._asked(arguments, sorts, after, most, variant, fixed)
        if not stands_in:
            return list(self._ordered(*given, shape))
        return self._prepared.rows(*given, variant=(shape,), besides=besides)

    def _asked(
        self,
        arguments: tuple[Any, ...],
        sorts: list[Sort],
        after: str,
        most: int,
        variant: tuple[Hashable, ...],
        fixed: int = 0,
    ) -> tuple[tuple[Any, ...], Shape, bool]:
        """What the statement takes, and whether something can stand in for each value of the last row, so that it is kept."""
        raw, free = _decode(after, len(sorts))[fixed:] if after else [], sorts[fixed:]
        values = [_typed(self.rows, sort.name, value) for sort, value in zip(free, raw, strict=False)]
        there = tuple(value is not None for value in values)
        shape = Shape(len(arguments), tuple(free), there, most, variant)
        stands_in = all(self._may_stand_in(sort, value) for sort, value in zip(free, values, strict=False))
        return (*arguments, *(value for value in values if value is not None)), shape, stands_in

    def _may_stand_in(self, sort: Sort, value: Any) -> bool:
        """The number that stands in is too large for a small column: Django would take the condition as never true."""
        if type(value) is int:
            return not isinstance(_field(self.rows, sort.name), models.SmallIntegerField)
        return value is None or isinstance(value, str | date)

    def _ordered(self, *given: Any) -> models.QuerySet[Any]:
        shape: Shape = given[-1]
        handed = iter(given[shape.arguments : -1])
        asked, order = (*given[: shape.arguments], *shape.variant), [sort.ordering() for sort in shape.sorts]
        keys, whole = self.keys(shape.sorts, *asked) or (self.build(*asked), None)
        page = keys.order_by(*order)
        if shape.after:
            fields = [_field(self.rows, sort.name) for sort in shape.sorts]
            values = [
                lookups.given(next(handed), field) if there else None
                for there, field in zip(shape.after, fields, strict=True)
            ]
            page = page.filter(_beyond(list(shape.sorts), values))
        page = page[: shape.rows]
        return page if whole is None else whole.filter(pk__in=page.values("pk")).order_by(*order)


def _beyond(sorts: list[Sort], values: list[Any]) -> Q:
    """a beyond, or a the same and b beyond, or …"""
    condition, same = Q(pk__in=[]), Q()
    for sort, value in zip(sorts, values, strict=True):
        condition |= same & sort.after(value)
        same &= sort.same(value)
    return condition


def _typed(rows: models.QuerySet[Any], name: str, raw: Any) -> Any:
    if raw is None:
        return None
    try:
        return _field(rows, name).to_python(raw)
    except (ValidationError, InvalidOperation, TypeError, ValueError) as error:
        raise _broken() from error


def _field(rows: models.QuerySet[Any], name: str) -> Any:
    """What a column holds: of the model, of a related one, or counted for this list."""
    if name in rows.query.annotations:
        return rows.query.annotations[name].output_field
    model, field = rows.model, None
    for part in name.split("__"):
        field = model._meta.pk if part == "pk" else model._meta.get_field(part)
        model = field.related_model or model
    return getattr(field, "output_field", field)


def _encode(sorts: list[Sort], row: Any) -> str:
    values = []
    for sort in sorts:
        value: Any = row
        for part in [sort.name] if isinstance(row, tuple) else sort.name.split("__"):
            value = getattr(value, part) if value is not None else None
        if isinstance(value, models.Model):
            value = value.pk
        values.append(str(value) if isinstance(value, Decimal | date | datetime) else value)
    return sealed(values)


def _decode(cursor: str, length: int) -> list[Any]:
    values = opened(cursor)
    if len(values) != length:
        raise _broken()
    return values


def sealed(values: list[Any]) -> str:
    """The cursor of a page whose last row has these values in the columns of its order."""
    locked = _lock(settings.SECRET_KEY).encrypt(json.dumps(values).encode(), None)
    return base64.urlsafe_b64encode(locked).decode().rstrip("=")


def opened(cursor: str) -> list[Any]:
    """The values in a cursor. Raises Refused on a broken one."""
    try:
        locked = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = json.loads(_lock(settings.SECRET_KEY).decrypt(locked, None))
    except (InvalidTag, ValueError) as error:
        raise _broken() from error
    if not isinstance(values, list):
        raise _broken()
    return values


@lru_cache(maxsize=2)
def _lock(key: str) -> AESSIV:
    """Cursors hold database ids where a list is sorted by them, so nobody outside reads or writes one."""
    return AESSIV(hashlib.sha512(f"listing.pages {key}".encode()).digest())


def _broken() -> Refused:
    return Refused(_("This page address is incomplete. Start again from the first page."))
