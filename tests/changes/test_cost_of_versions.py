"""What writing a version costs: of the table of all versions nothing but the row's own is read, and no trigger raises an error in passing."""

from __future__ import annotations

from django.db import connection

from roadmap.models import Item
from tests.factories import SYSTEM


def asked(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def fetched() -> int:
    return asked("SELECT idx_tup_fetch + seq_tup_read FROM pg_stat_xact_user_tables WHERE relname = 'changes_version'")


def test_the_open_version_of_each_row_is_found_by_its_index_alone(cast):
    items = Item.add_many(cast.product, [{"title": f"Item {n}"} for n in range(30)], by=SYSTEM)
    first = asked("SELECT max(id) FROM roadmap_item") - 29
    for other in range(5):  # versions of rows of other tables with the same ids
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO changes_version (workspace_id, product_id, noun, row_id, change_id, operation, valid, columns, state)"
                " SELECT workspace_id, NULL, 'other_' || %s, row_id, change_id, 'I', tstzrange(now(), NULL), '{}', '{}'"
                " FROM changes_version WHERE noun = 'roadmap_item' AND row_id >= %s",
                [other, first],
            )
    before = fetched()
    for item in items:
        Item.objects.get(pk=item.pk).edit(by=SYSTEM, horizon="now")
    assert fetched() - before <= 30 * 3


def test_triggers_find_out_without_an_error_that_none_of_them_is_left_out(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('pgtrigger.ignore')")
        assert cursor.fetchone()[0] == "{}"
