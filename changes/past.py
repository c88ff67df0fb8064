"""Tables as they were: within `as_of`, whatever reads some tables reads their rows of a past moment, from versions alone.

    with as_of(end_of(day, workspace.zone), Item, Release, Milestone):
        plan = plan_of(question, first, last)

Each statement that names one of these tables finds in its place a common table expression of the same name, with the same columns,
composed of the versions that were valid then. So the past needs no reading of its own, and no copies. Tables that are not named are
today's: who may see what is never looked up in the past. Only reading is possible.

The expression of a column is taken up into the statement's conditions, so that an index of `changes_version` finds the few versions
that a page needs. A column that came later than a version has its default there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from accounts.history import Versioned
from changes.models.version import Version

#: Columns that a version has beside its state; they can be looked up in an index.
BESIDE_THE_STATE = {
    "id": "row_id",
    "workspace_id": "workspace_id",
    "product_id": "product_id",
    "change_id": "change_id",
}
READING = ("SELECT", "WITH", "(SELECT")
#: Of each of some rows the version that was valid: read once, however the statement is planned.
NEWEST = """
"{table}_then" AS MATERIALIZED (
    SELECT newest.* FROM unnest(%s::bigint[]) wanted (row_id) CROSS JOIN LATERAL (
        SELECT * FROM {versions} WHERE noun = '{table}' AND row_id = wanted.row_id AND lower(valid) <= %s::timestamptz
        ORDER BY lower(valid) DESC LIMIT 1
    ) newest WHERE valid @> %s::timestamptz
), """


class ReadOnly(Exception):
    """The past was to be written."""


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last instant of a day in this time zone."""
    return datetime.combine(day + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


@contextmanager
def as_of(
    moment: datetime, *nouns: type[Versioned], words: Sequence[type[Versioned]] = (), seen: Sequence[int] = ()
) -> Iterator[None]:
    """What is read of these tables within is as it was at `moment`. No statement more than without.

    `words` are those of them in whose words others are told, as statuses are: a row that came later than the moment is there as it
    was at first, since an import may have told of items that are older than the status that they have. `seen` are the products (ids) that
    whoever looks sees today: what moved between two of them is shown where it was.
    """

    def look_back(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if many or _writes(sql):
            if any(f'"{noun._meta.db_table}"' in sql for noun in (*nouns, *words)):
                raise ReadOnly("The past can only be read. Write before `as_of`, or after it.")
        else:
            sql, parameters = put_back(sql, parameters, moment, *nouns, words=words, seen=seen)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(look_back):
        yield


def put_back(
    sql: str,
    parameters: Any,
    moment: datetime,
    *nouns: type[Versioned],
    words: Sequence[type[Versioned]] = (),
    rows: Mapping[type[Versioned], Sequence[int]] | None = None,
    seen: Sequence[int] = (),
) -> tuple[str, Any]:
    """A statement that reads these tables as they were, and its parameters; itself where it names none of them. In brackets it may
    stand in another statement, beside today's.

    `rows` are ids: of their tables it finds nothing else, each by a look into an index, however long its history is."""
    rows = rows or {}
    named = [noun for noun in (*nouns, *words) if f'"{noun._meta.db_table}"' in sql]
    if not named:
        return sql, parameters
    before: list[Any] = []
    for noun in named:
        before += [list(rows[noun]), moment, moment] if noun in rows else [moment] * (2 if noun in words else 1)
        before += [list(seen)] * noun.shown_then.count("%s")
    return _looking_back(sql, tuple(named), tuple(words), frozenset(rows)), [*before, *(parameters or ())]


def _writes(sql: str) -> bool:
    return " FOR UPDATE" in sql or not sql.lstrip().upper().startswith(READING)


@lru_cache(maxsize=256)
def _looking_back(
    sql: str,
    nouns: tuple[type[Versioned], ...],
    words: tuple[type[Versioned], ...],
    narrowed: frozenset[type[Versioned]],
) -> str:
    """The statement with these tables as they were; before its own parameters stand theirs."""
    then = ", ".join(_then(noun, _named(noun, sql), noun in words, noun in narrowed) for noun in nouns)
    for opening, ours in (("WITH RECURSIVE ", "WITH RECURSIVE "), ("WITH ", "WITH ")):
        if sql.startswith(opening):
            return f"{ours}{then}, {sql.removeprefix(opening)}"
    return f"WITH {then} {sql}"


def _named(noun: type[Versioned], sql: str) -> frozenset[str]:
    """The columns that the statement may read: those whose names stand in it, all where it reads whatever there is."""
    columns = frozenset(field.column for field in noun._meta.concrete_fields)
    return columns if re.search(r"(SELECT|\.) *\*", sql) else frozenset(one for one in columns if one in sql)


@cache
def _then(noun: type[Versioned], asked: frozenset[str], is_word: bool, is_narrowed: bool) -> str:
    table, versions = noun._meta.db_table, Version._meta.db_table
    valid = "valid @> %s::timestamptz"
    if is_word:
        valid = f"({valid} OR (operation = 'I' AND lower(valid) > %s::timestamptz))"
    generated = [field for field in noun._meta.concrete_fields if field.generated and field.column in asked]
    columns = [
        field for field in noun._meta.concrete_fields if not field.generated and (generated or field.column in asked)
    ]
    told = ", ".join(f'{_value(field)} AS "{field.column}"' for field in columns)
    before, rows = "", f"SELECT {told} FROM {versions} WHERE noun = '{table}' AND {valid} AND {noun.shown_then}"  # noqa: S608 - names of tables and columns
    if is_narrowed:
        before = NEWEST.format(table=table, versions=versions)
        rows = f'SELECT {told} FROM "{table}_then" WHERE {noun.shown_then}'  # noqa: S608 - as above
    if generated:
        more = ", ".join(f'{_generated(field)} AS "{field.column}"' for field in generated)
        rows = f'SELECT "then".*, {more} FROM ({rows}) "then"'  # noqa: S608 - composed above
    kept = "MATERIALIZED" if is_word else "NOT MATERIALIZED"  # words are few, and looked up for each row
    return f'{before}"{table}" AS {kept} ({rows})'


def _value(field: Any) -> str:
    """A column of the state with its type; its default where the state is older than the column."""
    if field.column in BESIDE_THE_STATE:
        return BESIDE_THE_STATE[field.column]
    kind = field.db_type(connection)
    text = f"(state ->> '{field.column}')"
    if isinstance(field, ArrayField):
        held = f"state -> '{field.column}'"
        value = (
            f"CASE WHEN jsonb_typeof({held}) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text({held}))::{kind} END"
        )
    elif isinstance(field, models.JSONField):
        value = f"nullif(state -> '{field.column}', 'null'::jsonb)"
    elif isinstance(field, models.CharField | models.TextField):
        collation = f' COLLATE "{field.db_collation}"' if field.db_collation else ""
        value = f"{text}{collation}"
    else:
        value = f"{text}::{kind}"
    otherwise = None if field.null else _default(field)
    return value if otherwise is None else f"coalesce({value}, {otherwise}::{kind})"


def _default(field: Any) -> str | None:
    if not field.has_default():
        return "''" if isinstance(field, models.CharField | models.TextField) else None
    default = field.get_default()
    if isinstance(default, datetime) or not isinstance(default, bool | int | float | str | dict | list | date):
        return None  # a moment or a number of its own for each row
    if isinstance(default, list | dict):
        return "'{}'" if not default else None
    return _quoted(default)


def _generated(field: Any) -> str:
    sql, parameters = field.generated_sql(connection)
    return str(sql) % tuple(map(_quoted, parameters))


def _quoted(value: Any) -> str:
    """A value as the statement's text: these are constants of the code, nobody's input."""
    return str(connection.schema_editor().quote_value(value))
