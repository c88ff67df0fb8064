"""The shape that most nouns share: verbs to add, edit and delete one row, with its history and its conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar, Self

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.actors import Actor
from accounts.models import Workspace
from accounts.refusals import Refused
from changes.concurrency import check_unseen_changes, intended
from changes.models import Change, Deletable, Versioned
from changes.writing import differing

BACKWARDS = _lazy("The end lies before the start. Choose an end on or after the start.")


class Editable(Versioned, Deletable):
    """A noun with the three common verbs: add, edit, delete softly. Its class names the noun in history and streams.

    What a noun does besides setting fields it says in `prepare`. `refusals` gives the sentence for each constraint of
    the table that people can run into.
    """

    noun: ClassVar[str]
    refusals: ClassVar[dict[str, Any]] = {}

    class Meta:
        abstract = True

    @classmethod
    def add(cls, workspace: Workspace, *, by: Actor | Change, **fields: Any) -> Self:
        """A new row. Raises Refused when it makes no sense."""
        with Change.open(f"{cls.noun}.added", by=by, workspace=workspace) as change:
            row = cls(workspace=workspace, created_at=change.at, **fields)
            row.prepare(set(fields), change)
            with explained(cls.refusals):
                row.save(force_insert=True)
            row.change_id = change.pk
            row._tell(change)
        return row

    def edit(self, *, by: Actor | Change, seen: int | None = None, reason: str | None = None, **fields: Any) -> int:
        """Set fields. Raises Conflict when one of them was changed since version `seen` (see check_unseen_changes).

        Returns the id of the Change, 0 where the row has all these values already: then there is none, and nothing to undo.
        `reason` is kept with the Change: what somebody said who was asked, None where nobody can be asked.
        """
        with Change.open(f"{self.noun}.edited", by=by, workspace=self.workspace, reason=reason or "") as change:
            self._lock()
            self._refuse_deleted()
            fields = intended(self, seen, fields)
            check_unseen_changes(self, seen, fields)
            self.refuse_unexplained(fields, reason)
            self._set(fields, change)
        return change.pk or 0

    def _set(self, fields: dict[str, Any], change: Change) -> None:
        """Write what differs, and nothing where nothing does."""
        names = set(differing(self, fields))
        for name in names:
            setattr(self, name, fields[name])
        if names:
            self.prepare(names, change)
            with explained(self.refusals):
                self.save(update_fields=names)
            self.change_id = change.pk
            self._tell(change)

    def delete_softly(self, *, by: Actor | Change) -> None:
        """To the bin. Repeating it does no harm."""
        with Change.open(f"{self.noun}.deleted", by=by, workspace=self.workspace) as change:
            self._lock()
            if self.deleted_at is None:
                self.deleted_at = change.at
                self.save(update_fields=["deleted_at"])
                self.change_id = change.pk
                self._tell(change)

    def prepare(self, names: set[str], change: Change) -> None:
        """Called before a row is written: refuse what makes no sense, set what follows and add its name to `names`."""

    def refuse_unexplained(self, fields: dict[str, Any], reason: str | None) -> None:
        """Called before `fields` are set: refuse what asks for a reason, where none was given (an empty one)."""

    def _lock(self) -> None:
        """Wait for others who edit this row, then read it anew."""
        self.refresh_from_db(from_queryset=type(self).objects.with_deleted().select_for_update())  # type: ignore[attr-defined]

    def _refuse_deleted(self) -> None:
        if self.deleted_at is not None:
            raise Refused(_("Somebody deleted this in the meantime. Undo the deletion to change it."))

    def _tell(self, change: Change) -> None:
        change.tell(self.noun, self.public_id, product_id=getattr(self, "product_id", None))  # type: ignore[attr-defined]


def refuse_backward_span(starts_on: date | None, ends_on: date | None) -> None:
    """Raise Refused when a span of days ends before it starts."""
    if starts_on and ends_on and ends_on < starts_on:
        raise Refused(str(BACKWARDS))


@contextmanager
def explained(refusals: dict[str, Any]) -> Iterator[None]:
    """Turn a violation of one of the named constraints into its sentence. Costs a savepoint where there are any."""
    if not refusals:
        yield
        return
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name in refusals:
            raise Refused(str(refusals[name])) from error
        raise
