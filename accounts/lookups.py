"""`product__among=[3, 7]`: as `__in`, but one parameter however many ids, so that the statement's text never varies."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Expression, Func, Value
from django.db.models.lookups import Lookup


@models.IntegerField.register_lookup
class Among(Lookup):
    """`column = ANY(array)`. Takes integers only."""

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> tuple[str, list[list[int]]]:
        return "%s", [[int(one) for one in value]]

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        ids, values = self.process_rhs(compiler, connection)
        return f"{column} = ANY({ids}::bigint[])", [*parameters, *values]


@models.ForeignKey.register_lookup
class RelatedAmong(Among):
    """The same through a foreign key."""


@models.IntegerField.register_lookup
class AmongSome(Among):
    """As `among`, but planned alike however many ids there are: the server keeps one plan for all of them.

    Of an array that it knows, PostgreSQL counts the ids; the fewer they are, the cheaper a plan made anew for them seems, so that a
    statement with many subqueries is planned each time (4 ms for the overview's).
    """

    lookup_name = "among_some"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        ids, values = self.process_rhs(compiler, connection)
        return f"{column} = ANY(ARRAY(SELECT unnest({ids}::bigint[])))", [*parameters, *values]


@models.ForeignKey.register_lookup
class RelatedAmongSome(AmongSome):
    """The same through a foreign key."""


class Given(Func):
    """A value that the server does not look at when it plans: `Item.objects.filter(product=given(product.pk))`.

    Where a value decides how many rows a plan expects, a plan made for it seems cheaper than the one that is kept, and the
    statement is planned each time: for a page of the backlog that took seven times as long as its answer.
    """

    template = "(SELECT %(expressions)s)"

    @property
    def value(self) -> Any:
        return self.get_source_expressions()[0].value


def given(value: Any, field: models.Field[Any, Any] | None = None) -> Given:
    return Given(Value(value, output_field=field), output_field=field or models.IntegerField())


class OneOf(Expression):
    """Whether an id is one of these, which is known before any row is looked at."""

    def __init__(self, one: int, ids: list[int]) -> None:
        super().__init__(output_field=models.BooleanField())
        self.one, self.ids = one, ids

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s = ANY(%s::bigint[])", [self.one, self.ids]
