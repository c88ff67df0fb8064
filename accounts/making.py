"""What a queryset makes of its rows, found out once: Django looks up anew for each answer which column is which field of which instance, and
sends two signals for each instance, which costs more than reading a few rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections, models
from django.db.models.base import ModelState
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    NamedValuesListIterable,
    RelatedPopulator,
    ValuesListIterable,
    create_namedtuple_class,
    get_related_populators,
    prefetch_related_objects,
)
from django.db.models.signals import post_init, pre_init
from django.db.models.sql.compiler import SQLCompiler

Row = Sequence[Any]
Make = Callable[[Row], Any]


class Making:
    """Gives for rows, as the database answered them, what a queryset that was composed already would give."""

    def __init__(self, rows: models.QuerySet[Any], compiler: SQLCompiler, converters: dict[int, Any]) -> None:
        self.using = rows.db
        self.converters = [(place, *converter) for place, converter in converters.items()]
        self.prefetched = rows._prefetch_related_lookups
        self.make = _maker(rows, compiler)

    def of(self, rows: Sequence[Row]) -> list[Any]:
        if self.converters:
            rows = self._converted(rows)
        made = [self.make(row) for row in rows]
        if self.prefetched:
            prefetch_related_objects(made, *self.prefetched)
        return made

    def _converted(self, rows: Sequence[Row]) -> list[list[Any]]:
        connection, converted = connections[self.using], [list(row) for row in rows]
        for place, converters, expression in self.converters:
            for convert in converters:
                for row in converted:
                    row[place] = convert(row[place], expression, connection)
        return converted


def makes(rows: models.QuerySet[Any], compiler: SQLCompiler) -> bool:
    """Whether Making knows such querysets: those of instances and of tuples, which no other row brought along."""
    if rows._known_related_objects or compiler.has_extra_select or rows.query.extra_select:
        return False
    selected = [column for column, *_rest in compiler.select[: compiler.col_count]]
    return rows._iterable_class in MAKERS and not compiler.has_composite_fields(selected)


def _maker(rows: models.QuerySet[Any], compiler: SQLCompiler) -> Make:
    return MAKERS[rows._iterable_class](rows, compiler)


def _instances(rows: models.QuerySet[Any], compiler: SQLCompiler) -> Make:
    assert compiler.klass_info is not None
    chosen = compiler.klass_info["select_fields"]
    first, last = chosen[0], chosen[-1] + 1
    names = [column.target.attname for column, *_rest in compiler.select[first:last]]
    make = _instance(compiler.klass_info["model"], names, rows.db)
    populators = get_related_populators(compiler.klass_info, compiler.select, rows.db)  # type: ignore[call-arg]  # of a later Django
    beside = [_related(one) for one in populators]
    annotated = list((compiler.annotation_col_map or {}).items())

    def whole(row: Row) -> models.Model:
        one = make(row[first:last])
        for related in beside:
            related(row, one)
        for name, place in annotated:
            setattr(one, name, row[place])
        return one

    return whole


def _instance(model: type[models.Model], names: list[str], using: str) -> Make:
    """`Model.from_db`: without its signals, which nobody listens to, where the model does not make its instances in another way."""
    plain = model.__init__ is models.Model.__init__ and model.from_db.__func__ is models.Model.from_db.__func__  # type: ignore[attr-defined]
    if not plain or pre_init.has_listeners(model) or post_init.has_listeners(model):
        return lambda values: model.from_db(using, names, values)

    def make(values: Row) -> models.Model:
        state = ModelState()
        state.adding, state.db = False, using
        one = model.__new__(model)
        one.__dict__["_state"] = state
        one.__dict__.update(zip(names, values, strict=True))
        return one

    return make


def _related(populator: RelatedPopulator) -> Callable[[Row, models.Model], None]:
    """`RelatedPopulator.populate`: what one row of a statement knows of another one beside it."""
    make = _instance(populator.model_cls, populator.init_list, populator.db)
    beside = [_related(one) for one in populator.related_populators]
    first, last, key, reordered = populator.cols_start, populator.cols_end, populator.pk_idx, populator.reorder_for_init
    set_here, set_there = populator.local_setter, populator.remote_setter

    def populate(row: Row, near: models.Model) -> None:
        values = row[first:last]
        if values[key] is None:
            set_here(near, None)
            return
        far = make(values)
        for related in beside:
            related(row, far)
        set_here(near, far)
        set_there(far, near)

    return populator.populate if reordered else populate


def _named(rows: models.QuerySet[Any], compiler: SQLCompiler) -> Make:
    query = rows.query
    names = rows._fields or (*query.values_select, *query.annotation_select)
    return create_namedtuple_class(*names)._make


MAKERS: dict[Any, Callable[[models.QuerySet[Any], SQLCompiler], Make]] = {
    ModelIterable: _instances,
    ValuesListIterable: lambda rows, compiler: tuple,
    FlatValuesListIterable: lambda rows, compiler: lambda row: row[0],
    NamedValuesListIterable: _named,
}
