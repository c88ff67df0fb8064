"""Undo: the inverse of a Change, as a new Change, for as long as nobody changed the same fields since."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection, models
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.history import Versioned
from accounts.models import Member
from accounts.places import places
from accounts.refusals import Refused
from changes.models import Change, Version
from changes.models.version import Operation
from config import clock


def versioned_models() -> dict[str, type[Versioned]]:
    """Table name → model, of every table that has a history."""
    return {model._meta.db_table: model for model in apps.get_models() if issubclass(model, Versioned)}


def undo(change: Change, *, by: Any) -> Change:
    """Turn `change` back and return the Change that did it; undoing that one does it again.

    Raises Refused when it was undone already, when one of its rows is of a kind that is never turned back, or when
    somebody has changed one of its fields since. Locks the rows it touches.
    """
    tables = versioned_models()
    with Change.open("change.undone", by=by, workspace=change.workspace, quiet=change.quiet, undoes=None) as inverse:
        locked = Change.objects.select_for_update().get(pk=change.pk)
        if Change.objects.filter(undoes=locked).exists():
            raise Refused(_("This was undone already."))
        versions = list(locked.versions.order_by("-pk"))
        if not versions or any(not tables[version.noun].undoable for version in versions):
            raise Refused(_("This cannot be undone."))
        rows: dict[str, list[Version]] = {}
        for version in versions:
            rows.setdefault(version.noun, []).append(version)
        for noun, turned in rows.items():
            _turn_back(tables[noun], turned)
        for (
            noun,
            turned,
        ) in rows.items():  # once all is back: what one noun heals may be what was turned back of another
            heal = getattr(tables[noun], "heal_after_undo", None)
            if heal is not None:
                heal([version.row_id for version in turned], by=inverse)
        Change.objects.filter(pk=inverse.pk).update(undoes=locked)
        inverse.undoes = locked
        for noun, product_id in {(version.noun, version.product_id) for version in versions} | _came_from(versions):
            inverse.tell(tables[noun].called(), "*", product_id=product_id)
    return inverse


def _came_from(versions: list[Version]) -> set[tuple[str, int | None]]:
    """Nouns and products of rows that were moved to another product, before that."""
    moved = [version for version in versions if "product_id" in version.columns]
    before = _states_before(moved) if moved else {}
    return {(one.noun, before[one.pk].get("product_id")) for one in moved if before.get(one.pk)}


def require_undo_right(change: Change, member: Member) -> None:
    """Http404 when a touched row is out of the member's sight, PermissionDenied when it is not theirs to change.

    A row that was moved to another product goes back into the one it came from, so both count; one that somebody moved since is written
    where it stands today, so that counts too. A noun of which a role does not decide alone has a `require_undo` (roadmap.models.kept_for).
    """
    found = change.versions.annotate(today=_product_today()).values_list("noun", "product_id", "today").distinct()
    versions = {(noun, product_id) for noun, *products in found for product_id in products}
    moved = list(change.versions.filter(operation=Operation.UPDATE, columns__contains=["product_id"]))
    before = _states_before(moved) if moved else {}
    versions |= {(version.noun, (before.get(version.pk) or {}).get("product_id")) for version in moved}
    products = places.visible(member, {product for _noun, product in versions if product is not None})
    for noun, product_id in versions:
        if product_id is not None and product_id not in products:
            raise Http404
        role = versioned_models()[noun].role_to_change
        if not member.may(role, at=products.get(product_id) if product_id is not None else None):
            raise PermissionDenied
    for noun in {noun for noun, _product in versions}:
        require = getattr(versioned_models()[noun], "require_undo", None)
        if require is not None:
            rows = list(change.versions.filter(noun=noun))
            updated = _states_before([row for row in rows if row.operation == Operation.UPDATE])
            before = [(row.columns, updated[row.pk]) for row in rows if row.pk in updated]
            require(change, [row.row_id for row in rows], before, member)


def _product_today() -> models.Subquery:
    """Of a version: the product in which its row stands now."""
    newest = Version.objects.filter(noun=models.OuterRef("noun"), row_id=models.OuterRef("row_id")).order_by("-pk")
    return models.Subquery(newest.values("product_id")[:1])


def _turn_back(model: type[Versioned], versions: list[Version]) -> None:
    current = _current_states(model, [version.row_id for version in versions])
    _refuse_if_changed_since(model, versions, current)
    for operation, act in ((Operation.INSERT, _remove), (Operation.UPDATE, _restore), (Operation.DELETE, _bring_back)):
        chosen = [version for version in versions if version.operation == operation]
        if chosen:
            act(model, chosen)


def _current_states(model: type[Versioned], ids: list[int]) -> dict[int, dict[str, Any]]:
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, to_jsonb(t) FROM {table} t WHERE id = ANY(%s) ORDER BY id FOR UPDATE",  # noqa: S608
            [ids],
        )
        return {
            row_id: models.JSONField().from_db_value(state, None, connection) for row_id, state in cursor.fetchall()
        }


def _refuse_if_changed_since(
    model: type[Versioned], versions: list[Version], current: dict[int, dict[str, Any]]
) -> None:
    own = _written(model)
    many = model.many_valued & {name for version in versions for name in version.columns}
    before = _states_before(versions) if many else {}
    for version in versions:
        if version.operation == Operation.DELETE:
            continue
        state = current.get(version.row_id)
        names = own & set(version.columns if version.operation == Operation.UPDATE else ()) - model.following(version)
        if state is None or any(state.get(name) != version.state.get(name) for name in names - many):
            raise Refused(_("This cannot be undone: somebody has changed the same since."))
        for name in names & many:
            then, now = version.state.get(name) or {}, state.get(name) or {}
            if any(now.get(key) != then.get(key) for key in _keys_changed(before.get(version.pk, {}).get(name), then)):
                raise Refused(_("This cannot be undone: somebody has changed the same since."))


def _written(model: type[Versioned]) -> set[str]:
    """The columns that undo writes: not those that the database computes."""
    return {field.column for field in model._meta.concrete_fields if not field.generated} - model.computed


def _states_before(versions: list[Version]) -> dict[int, dict[str, Any]]:
    """Version → the state of its row before it."""
    earlier = Version.objects.filter(
        noun=models.OuterRef("noun"), row_id=models.OuterRef("row_id"), pk__lt=models.OuterRef("pk")
    )
    rows = Version.objects.filter(pk__among=[version.pk for version in versions])
    return dict(rows.values_list("pk", models.Subquery(earlier.order_by("-pk").values("state")[:1])))


def _keys_changed(before: Any, after: dict[str, Any]) -> list[str]:
    before = before or {}
    return [key for key in {*before, *after} if before.get(key) != after.get(key)]


#: Of a JSON object: the keys that a change touched as they were before it, the others as they are.
TURNED_BACK = """(
    SELECT coalesce(jsonb_object_agg(entry.key, entry.value), '{{}}') FROM (
        SELECT now.key, now.value FROM jsonb_each({table}.{name}) now
        WHERE (before.{name} -> now.key) IS NOT DISTINCT FROM (version.state -> {text} -> now.key)
        UNION ALL
        SELECT old.key, old.value FROM jsonb_each(before.{name}) old
        WHERE old.value IS DISTINCT FROM (version.state -> {text} -> old.key)
    ) entry)"""


def _restore(model: type[Versioned], versions: list[Version]) -> None:
    """Set the changed columns back, one statement for each set of columns."""
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    own = _written(model)
    grouped: dict[tuple[str, ...], list[int]] = {}
    for version in versions:
        names = tuple(sorted(own.intersection(version.columns) - model.following(version)))
        grouped.setdefault(names, []).append(version.pk)
    for names, chosen in grouped.items():
        if not names:
            continue
        assignments = ", ".join(
            f"{quote(name)} = " + TURNED_BACK.format(table=table, name=quote(name), text=f"'{name}'")
            if name in model.many_valued
            else f"{quote(name)} = before.{quote(name)}"
            for name in names
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {assignments} FROM changes_version version, LATERAL ("  # noqa: S608
                "  SELECT state FROM changes_version WHERE noun = version.noun AND row_id = version.row_id"
                "  AND id < version.id ORDER BY id DESC LIMIT 1) previous,"
                f" LATERAL jsonb_populate_record(null::{table}, previous.state) before"
                f" WHERE version.id = ANY(%s) AND {table}.id = version.row_id",
                [chosen],
            )


def _remove(model: type[Versioned], versions: list[Version]) -> None:
    """What the change made goes to the bin, or away where there is none."""
    rows = model._base_manager.filter(pk__among=[version.row_id for version in versions])
    if any(field.name == "deleted_at" for field in model._meta.fields):
        rows.update(deleted_at=clock.now())
    else:
        rows.delete()


def _bring_back(model: type[Versioned], versions: list[Version]) -> None:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    columns = [quote(field.column) for field in model._meta.concrete_fields if not field.generated]
    names, values = ", ".join(columns), ", ".join(f"before.{column}" for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM changes_version version,"  # noqa: S608
            f" LATERAL jsonb_populate_record(null::{table}, version.state) before WHERE version.id = ANY(%s)",
            [[version.pk for version in versions]],
        )
