from datetime import date

import pytest
from django.db import IntegrityError, connection

from accounts.refusals import Refused
from changes.concurrency import Conflict
from changes.history import history_of
from changes.models import Change, Version
from changes.undo import undo
from roadmap.models import Item
from tests.factories import make_item, status


def test_a_write_outside_a_change_is_refused_by_the_database(cast):
    item = make_item(cast.product)
    with pytest.raises(Exception, match="outside a Change"):
        Item.objects.filter(pk=item.pk).update(title="sneaked in")


def test_a_verb_leaves_one_change_with_the_full_state_and_the_changed_columns(cast):
    item = make_item(cast.product, "Live ETA")
    item.edit(by=cast.actor("mona"), title="Live ETA link", reach=640)
    newest, first = Version.objects.of(item).order_by("-pk")
    assert first.operation == "I"
    assert newest.columns == ["reach", "title"]
    assert newest.state["title"] == "Live ETA link"
    assert newest.change.member == cast.mona
    assert first.valid.upper == newest.valid.lower
    assert newest.valid.upper is None


def test_writes_after_a_change_need_a_change_of_their_own(cast):
    item = make_item(cast.product)
    item.edit(by=cast.actor("mona"), title="fine")
    with pytest.raises(Exception, match="outside a Change"):
        item.save()


def test_two_writes_of_a_row_in_one_change_are_one_version(cast):
    item = make_item(cast.product)
    with Change.open("both", by=cast.actor("mona"), workspace=cast.workspace) as change:
        item.edit(by=change, title="first")
        item.edit(by=change, title="second", reach=3)
    version = Version.objects.get(change=change)
    assert version.columns == ["reach", "title"]
    assert version.state["title"] == "second"


def test_different_fields_both_win(cast):
    item = make_item(cast.product)
    seen = item.change_id
    item.edit(by=cast.actor("bob"), seen=seen, reach=5)
    Item.objects.get(pk=item.pk).edit(by=cast.actor("mona"), seen=seen, title="both win")
    item.refresh_from_db()
    assert (item.reach, item.title) == (5, "both win")


def test_the_same_field_conflicts_with_both_values(cast):
    item = make_item(cast.product, "old")
    seen = item.change_id
    item.edit(by=cast.actor("bob"), seen=seen, title="Bob's")
    with pytest.raises(Conflict) as conflict:
        Item.objects.get(pk=item.pk).edit(by=cast.actor("mona"), seen=seen, title="Mona's")
    assert (conflict.value.theirs, conflict.value.yours) == ("Bob's", "Mona's")
    assert conflict.value.change.member == cast.bob


def test_undo_turns_fields_back_and_undoing_that_does_it_again(cast):
    item = make_item(cast.product, "before")
    item.edit(by=cast.actor("mona"), title="after", reach=9)
    inverse = undo(Change.objects.get(pk=item.change_id), by=cast.actor("mona"))
    item.refresh_from_db()
    assert (item.title, item.reach) == ("before", None)
    undo(inverse, by=cast.actor("mona"))
    item.refresh_from_db()
    assert (item.title, item.reach) == ("after", 9)


def test_undo_is_refused_when_somebody_changed_the_same_field_since(cast):
    item = make_item(cast.product, "before")
    item.edit(by=cast.actor("mona"), title="Mona's")
    change = Change.objects.get(pk=item.change_id)
    item.edit(by=cast.actor("bob"), title="Bob's")
    with pytest.raises(Refused, match="somebody has changed"):
        undo(change, by=cast.actor("mona"))


def test_undo_works_while_others_change_other_fields(cast):
    item = make_item(cast.product, "before", impact=1, confidence=50, effort=2)
    item.edit(by=cast.actor("mona"), title="Mona's", reach=10)
    change = Change.objects.get(pk=item.change_id)
    item.edit(by=cast.actor("bob"), effort=4)
    undo(change, by=cast.actor("mona"))
    item.refresh_from_db()
    assert (item.title, item.reach, item.effort) == ("before", None, 4)


def test_a_change_is_undone_once(cast):
    item = make_item(cast.product)
    item.edit(by=cast.actor("mona"), reach=10)
    change = Change.objects.get(pk=item.change_id)
    undo(change, by=cast.actor("mona"))
    with pytest.raises(Refused, match="already"):
        undo(change, by=cast.actor("mona"))


def test_undoing_an_addition_puts_it_in_the_bin_and_undoing_a_deletion_brings_it_back(cast):
    item = make_item(cast.product)
    item.delete_softly(by=cast.actor("mona"))
    undo(Change.objects.latest("pk"), by=cast.actor("mona"))
    assert Item.objects.filter(pk=item.pk).exists()
    undo(Version.objects.of(item).order_by("pk")[0].change, by=cast.actor("mona"))
    assert not Item.objects.filter(pk=item.pk).exists()
    assert Item.objects.with_deleted().filter(pk=item.pk).exists()


def test_history_names_statuses_and_people(cast):
    item = make_item(cast.product)
    item.edit(by=cast.actor("mona"), status=status(cast.workspace, "Ready"), lead=cast.bob)
    newest = history_of(item)[0]
    assert (newest.change.member_id, newest.change.who) == (cast.mona.pk, cast.mona.name)
    shown = {field.label: (field.before, field.after) for field in newest.fields}
    assert shown["status"] == ("Idea", "Ready")
    assert shown["lead"] == ("", "Bob")


def test_rows_of_two_workspaces_cannot_be_joined(cast):
    item = make_item(cast.product)
    item.edit(by=cast.actor("mona"), lead=cast.mallory)
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="same_workspace"):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_history_says_days_truths_and_numbers_as_pages_do(cast):
    item = make_item(cast.product, effort="2.50")
    item.edit(by=cast.actor("mona"), starts_on=date(2026, 12, 8), effort="3.00", is_internal=True)
    told = {one.label: (one.before, one.after) for one in history_of(item)[0].fields}
    assert told == {"start": ("", "8 Dec 2026"), "effort": ("2.5", "3"), "internal only": ("No", "Yes")}
