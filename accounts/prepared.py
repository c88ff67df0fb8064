"""Querysets that are composed once: Django builds a statement's text anew each time, which costs more than its answer.

    open_items = Prepared(lambda member, product: Item.objects.visible_to(member).of(product).open())
    items = open_items.rows(request.member, request.product)

The queryset is built once with stand-ins for the arguments; where their ids stand in its parameters, the true ones are put from
then on. Arguments are model instances, whole numbers, texts, days, moments and lists of ids (for `among`, see accounts/lookups.py); of
an instance only its id and its workspace's may be read (and the role of a member, for which there is a statement each). Whatever else
decides about the queryset is handed over as `variant`, for each of which another statement is composed. Refused are a moment that is
no argument, and a text that became part of a larger one (`name__icontains=text`): both would stay as they were.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models.sql.compiler import SQLCompiler

from accounts.beside import Besides
from accounts.making import Making, makes
from accounts.models import Member
from accounts.places import places
from ui.counts import counted

KEPT = 400
#: Characters of text in a statement above which it is not kept: a filter that somebody filled, seldom asked twice.
MOST_TEXT = 4_000
#: Numbers that nothing else in a statement is: for argument n FIRST - 2n, and for its workspace FIRST - 2n - 1.
#: They fit into PostgreSQL's integer, or Django would leave the condition out as never true.
FIRST = 2_147_400_000
SEEN = FIRST + 1
#: Arguments that stand for themselves.
PLAIN = (int, str, list, dt.date)
#: Days and moments that stand in are of the years up to this one.
LAST_YEAR = 100
#: Around the number of a text that stands in. PostgreSQL keeps no NUL, so no text that somebody typed has one.
MARK = "\0"


@dataclass(frozen=True)
class Slots:
    """At which places of a statement's parameters arguments stand: (place, number of the argument) for itself or its id, and for its
    workspace's; places of what the first argument, a member, sees; and of other lists of ids."""

    own: list[tuple[int, int]]
    workspaces: list[tuple[int, int]]
    seen: list[int]
    lists: list[int]


@dataclass(frozen=True)
class Composed:
    """A queryset, its compiler after its work, the statement with stand-ins among its parameters, and what turns columns into values."""

    rows: models.QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    parameters: tuple[Any, ...]
    converters: dict[int, Any]
    slots: Slots

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The types of its columns, as the database calls them."""
        columns = (column.output_field for column, *_rest in self.compiler.select)
        return tuple(column.db_type(connections[self.rows.db]) for column in columns)

    @cached_property
    def making(self) -> Making | None:
        """What becomes of its rows; None where only Django knows that."""
        return Making(self.rows, self.compiler, self.converters) if makes(self.rows, self.compiler) else None

    def read(self, values: list[Any], besides: Besides | None = None) -> list[Any]:
        """What the queryset gives with these parameters; with what is `besides`, where that can be read along."""
        if self.making is None:
            return list(self.given(values))
        sql = self.sql
        if besides is not None and besides.asked:
            sql, values = besides.around(sql, values)
        with connections[self.rows.db].cursor() as cursor:
            cursor.execute(sql, values)
            fetched = cursor.fetchall()
        return self.making.of(fetched if sql is self.sql or besides is None else besides.take(fetched))

    def made_of(self, fetched: list[Any]) -> list[Any]:
        """The same of its rows that were fetched in another way."""
        return self.making.of(fetched) if self.making is not None else list(self.given([], fetched))

    def given(self, values: list[Any], fetched: list[Any] | None = None) -> models.QuerySet[Any]:
        """The queryset, about to run with these parameters; or to be made of the rows that were `fetched`."""
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.rows.db]
        compiler.as_sql = lambda *args, **options: (self.sql, values)  # type: ignore[method-assign]
        compiler.get_converters = lambda expressions: self.converters  # type: ignore[method-assign]
        if fetched is not None:
            compiler.execute_sql = lambda *args, **options: [fetched]  # type: ignore[method-assign]
        query = copy.copy(self.rows.query)
        query.get_compiler = lambda *args, **options: compiler  # type: ignore[method-assign]
        rows = type(self.rows)(self.rows.model, query, self.rows._db)  # copying a queryset would read it
        for name in ("_iterable_class", "_prefetch_related_lookups", "_known_related_objects", "_fields"):
            setattr(rows, name, getattr(self.rows, name))
        return rows


class Prepared:
    """See above. `build(*arguments)` or, where a variant is given, `build(*arguments, *variant)` gives the queryset. `many`: its rows
    come by the hundred (see accounts/together.py)."""

    def __init__(self, build: Callable[..., models.QuerySet[Any]], *, many: bool = False) -> None:
        self.build, self.many = build, many
        self._composed: OrderedDict[Hashable, Composed] = OrderedDict()

    def rows(self, *arguments: Any, variant: tuple[Hashable, ...] = (), besides: Besides | None = None) -> list[Any]:
        """The rows, read now; none where the condition cannot be met, so that there is no statement to keep."""
        try:
            composed = self._compose_once(arguments, variant)
        except EmptyResultSet:
            return []
        return composed.read(self._values(composed, arguments), besides)

    def first(self, *arguments: Any, variant: tuple[Hashable, ...] = ()) -> Any:
        """The first row or None; `build` orders and cuts."""
        return next(iter(self.rows(*arguments, variant=variant)), None)

    def statement(self, *arguments: Any, variant: tuple[Hashable, ...] = ()) -> tuple[str, list[Any]]:
        """SQL and its values, to be put into another statement."""
        composed = self._compose_once(arguments, variant)
        return composed.sql, self._values(composed, arguments)

    def count(self, *arguments: Any, variant: tuple[Hashable, ...] = ()) -> int:
        """How many rows there are."""
        return counted(self.statement(*arguments, variant=variant))[0]

    def kinds(self, *arguments: Any, variant: tuple[Hashable, ...] = ()) -> tuple[str, ...]:
        """The types of the statement's columns, as the database calls them."""
        return self._compose_once(arguments, variant).kinds

    def made_of(self, arguments: tuple[Any, ...], variant: tuple[Hashable, ...], fetched: list[Any]) -> list[Any]:
        """What `rows` gives, of the statement's rows that were fetched in another way."""
        return self._compose_once(arguments, variant).made_of(fetched) if fetched else []

    def _values(self, composed: Composed, arguments: tuple[Any, ...]) -> list[Any]:
        values = list(composed.parameters)
        slots = composed.slots
        for place, n in slots.own:
            argument = arguments[n]
            values[place] = argument if isinstance(argument, PLAIN) else argument.pk
        for place, n in slots.workspaces:
            values[place] = arguments[n].workspace_id
        if slots.seen:
            seen = written(arguments[0])
            for place in slots.seen:
                values[place] = seen
        if slots.lists:
            known = _standing(arguments)
            for place in slots.lists:
                values[place] = _ids(values[place], known)
        return values

    def _compose_once(self, arguments: tuple[Any, ...], variant: tuple[Hashable, ...]) -> Composed:
        key = (*(argument.role for argument in arguments if isinstance(argument, Member)), *variant)
        composed = self._composed.get(key)
        if composed is None:
            composed = self._compose(arguments, variant)
            if sum(len(one) for one in composed.parameters if isinstance(one, str)) <= MOST_TEXT:
                self._composed[key] = composed
            if len(self._composed) > KEPT:
                self._composed.popitem(last=False)
        return composed

    def _compose(self, arguments: tuple[Any, ...], variant: tuple[Hashable, ...]) -> Composed:
        rows = self.build(*(stand_in(n, argument) for n, argument in enumerate(arguments)), *variant)
        compiler = rows.query.get_compiler(using=rows.db)
        sql, parameters = compiler.as_sql()
        for one in parameters:
            if isinstance(one, dt.datetime) and one.year > LAST_YEAR:
                raise TypeError("A moment would be frozen into this statement. Compose it each time instead.")
            if _holds_text(one):
                raise TypeError(
                    "A text became part of a parameter, where it is not found again. Hand it over as variant."
                )
        converters = compiler.get_converters([column for column, *_rest in compiler.select[: compiler.col_count]])
        return Composed(rows, compiler, sql, tuple(parameters), converters, _slots(parameters, arguments))


def _slots(parameters: Sequence[Any], arguments: tuple[Any, ...]) -> Slots:
    slots = Slots([], [], [], [])
    standing = {id_standing_in(n, argument): n for n, argument in enumerate(arguments)}
    beside = {FIRST - 2 * n - 1: n for n, argument in enumerate(arguments) if not isinstance(argument, PLAIN)}
    for place, one in enumerate(parameters):
        if one == [SEEN]:
            slots.seen.append(place)
        elif isinstance(one, list):
            slots.lists.append(place)
        elif isinstance(one, PLAIN) and one in standing:
            slots.own.append((place, standing[one]))
        elif isinstance(one, PLAIN) and one in beside:
            slots.workspaces.append((place, beside[one]))
    return slots


def _standing(arguments: tuple[Any, ...]) -> dict[Any, Any]:
    """What stands in for an argument → the argument, or its id; and for its workspace's."""
    standing: dict[Any, Any] = {}
    for n, argument in enumerate(arguments):
        standing[id_standing_in(n, argument)] = argument if isinstance(argument, PLAIN) else argument.pk
        standing[FIRST - 2 * n - 1] = getattr(argument, "workspace_id", None)
    return standing


def id_standing_in(n: int, argument: Any) -> Any:
    """A number that is no id, a text that nobody writes (with NULs), or a day long ago."""
    if isinstance(argument, str):
        return f"{MARK}{n}{MARK}"
    if isinstance(argument, dt.datetime):
        return dt.datetime(n + 1, 1, 1, tzinfo=dt.UTC)
    if isinstance(argument, dt.date):
        return dt.date(n + 1, 1, 1)
    return FIRST - 2 * n


def written(member: Member) -> str:
    """The ids of what the member sees, as PostgreSQL writes an array: they stand several times in each statement, and a list is turned
    into this by the driver each time."""
    return f"{{{','.join(map(str, places.seen_ids(member)))}}}"


def _ids(among: list[Any], known: dict[Any, Any]) -> list[int]:
    """A list among the parameters: an argument that is a list, or ids of arguments."""
    if len(among) == 1 and isinstance(given := known.get(among[0]), list):
        return given
    return [known.get(one, one) for one in among]


def _holds_text(parameter: Any) -> bool:
    """A text in which one that stands in has become a part."""
    if not isinstance(parameter, str) or MARK not in parameter:
        return False
    return not (parameter[0] == parameter[-1] == MARK and parameter[1:-1].isdecimal())


def stand_in(n: int, argument: Any) -> Any:
    """What `build` gets for argument n. Any other field that it reads is looked up in the database, and not found."""
    if isinstance(argument, list):
        return [id_standing_in(n, argument)]
    if isinstance(argument, PLAIN):
        return id_standing_in(n, argument)
    names = ["id", *(["workspace_id"] if hasattr(argument, "workspace_id") else [])]
    values = [id_standing_in(n, argument), FIRST - 2 * n - 1][: len(names)]
    if isinstance(argument, Member):
        names, values = [*names, "role"], [*values, argument.role]
    standing_in = type(argument).from_db(None, names, values)
    if isinstance(argument, Member) and n == 0:
        places.pretend_to_see(standing_in, SEEN)
    return standing_in
