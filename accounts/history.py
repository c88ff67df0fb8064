"""What the tables of people need of the one history, which lives to their right in `changes`.

`Versioned` is the base of every table whose rows have a history: one column that says which Change touched the row last
(the version a form or an `If-Match` was built on), and two triggers. The SQL functions behind the triggers are created
by a migration of `changes`."""

from __future__ import annotations

from typing import Any, ClassVar

import pgtrigger
from django.db import models

from accounts.roles import Role


def history_triggers() -> list[pgtrigger.Trigger]:
    """A row gets its change's id before it is written, and its version is recorded after."""
    return [
        pgtrigger.Trigger(
            name="stamp",
            level=pgtrigger.Row,
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=pgtrigger.Func("NEW.change_id := cradle_current_change(TG_TABLE_NAME); RETURN NEW;"),
        ),
        pgtrigger.Trigger(
            name="record",
            level=pgtrigger.Row,
            when=pgtrigger.After,
            operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
            func=pgtrigger.Func(
                "PERFORM cradle_record(TG_TABLE_NAME, TG_OP,"
                " CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END,"
                " CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END); RETURN NULL;"
            ),
        ),
    ]


class Versioned(models.Model):
    """A row whose every state is kept. Writing it outside a Change is refused by the database."""

    change_id = models.BigIntegerField(default=0, editable=False)

    #: The role that may undo a change of these rows, at the row's product.
    role_to_change: ClassVar[Role] = Role.MANAGER
    #: False where history may only be continued, never turned back: decisions, memberships, secrets.
    undoable: ClassVar[bool] = True
    #: Columns of JSON objects, in which each key is a field of its own: what one person changed there is turned back although
    #: another changed another key since.
    many_valued: ClassVar[frozenset[str]] = frozenset()
    #: Columns that the database works out from others: never turned back, they follow.
    computed: ClassVar[frozenset[str]] = frozenset()
    #: SQL over the columns of versions: which of them the past shows (changes/past.py). Who may see what is decided by today's: `%s` in it is given the
    #: products that whoever looks sees.
    shown_then: ClassVar[str] = "true"

    #: What open browsers are told of when an undo touches such rows, as by the verbs; empty for the noun of the class.
    told_as: ClassVar[str] = ""

    class Meta:
        abstract = True
        triggers = history_triggers()

    @classmethod
    def called(cls) -> str:
        """What messages to open browsers call such a row."""
        return cls.told_as or getattr(cls, "noun", "") or cls._meta.model_name or ""

    @classmethod
    def following(cls, version: Any) -> frozenset[str]:
        """Columns that the database worked out in this one version, where that depends on the row."""
        return frozenset()
