"""Constraints that keep the rows of one workspace together."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement


class SameWorkspace(models.BaseConstraint):
    """A foreign key `field` must point to a row of the same workspace: FOREIGN KEY (workspace_id, field_id).

    The target table needs `unique (workspace_id, id)`: see `workspace_key`. Deferred, so that one transaction may write
    both ends in any order. A column that names a row by something else than its id says so in `to`.
    """

    def __init__(self, *, field: str, target: str, name: str, to: str = "id") -> None:
        super().__init__(name=name)
        self.field, self.target, self.to = field, target, to

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str | None:
        """Nothing inside CREATE TABLE: the target's unique key may only come later in the same migration."""
        self.create_sql(model, schema_editor)
        return None

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement | None:
        """Runs at the end of the migration, as Django's own foreign keys do."""
        assert model is not None
        assert schema_editor is not None
        quote = schema_editor.quote_name
        column = model._meta.get_field(self.field).column
        schema_editor.deferred_sql.append(
            Statement(
                f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
                f"FOREIGN KEY (workspace_id, {quote(column)}) REFERENCES {quote(self.target)} (workspace_id, {quote(self.to)}) "
                "DEFERRABLE INITIALLY DEFERRED"
            )
        )
        return None

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement | None:
        assert model is not None
        assert schema_editor is not None
        table = schema_editor.quote_name(model._meta.db_table)
        return Statement(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {schema_editor.quote_name(self.name)}")

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "default") -> None:
        """The database is the judge; forms offer only choices of the same workspace."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SameWorkspace):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()

    __hash__ = None  # type: ignore[assignment]

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        more = {} if self.to == "id" else {"to": self.to}
        return path, args, {**kwargs, "field": self.field, "target": self.target, **more}


def workspace_key(name: str) -> models.UniqueConstraint:
    """The unique (workspace, id) that SameWorkspace refers to."""
    return models.UniqueConstraint(fields=["workspace", "id"], name=name)
