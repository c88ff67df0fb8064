"""Kills, retries, two workers at once, batches that commit in another order than they began: the figures stay those of sets."""

import threading
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import OperationalError, connection

from tests.factories import make_product, make_workspace
from tests.usage.brute import Brute, Happening, random_log
from tests.usage.test_figures_equal_brute_force import agree, take_in
from usage import sql
from usage.intake import EARLIEST, Bounds
from usage.models import BatchDay, DayBitmap, DirtyWindow, Event
from usage.rollup import days, windows
from usage.rollup.plan import dirty_parts, dirty_shards, roll_up
from usage.writer import EventWriter

pytestmark = pytest.mark.django_db(transaction=True)
LOG = random_log(21, events=300)


@pytest.fixture
def product():
    return make_product(make_workspace(time_zone="Europe/Berlin"), "DSP")


class Killed(Exception):
    pass


@contextmanager
def killed_at(monkeypatch, place, name, call):
    """The worker dies as it calls `name` for the `call`-th time."""
    original, calls = getattr(place, name), iter(range(1, 10_000))

    def deadly(*arguments, **named):
        if next(calls) == call:
            raise Killed
        return original(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(place, name, deadly)
        yield


@pytest.mark.parametrize("call", [1, 2, 3, 5, 7, 9, 11])
def test_a_worker_that_dies_between_any_two_tables_is_repeated(product, monkeypatch, call):
    take_in(product, LOG[:150])
    roll_up(product.pk)
    take_in(product, LOG[150:])
    with killed_at(monkeypatch, sql, "copy_in", call), pytest.raises(Killed):
        roll_up(product.pk)
    assert dirty_shards(product.pk) or dirty_parts(product.pk)
    roll_up(product.pk)
    agree(product, Brute(LOG, "Europe/Berlin"))
    assert not dirty_shards()
    assert not DirtyWindow.objects.exists()


def test_a_writer_that_dies_leaves_nothing_or_all(product, monkeypatch):
    lines = [(n, happening.values) for n, happening in enumerate(LOG)]
    with killed_at(monkeypatch, sql, "copy_in", 1), pytest.raises(Killed):
        EventWriter(product).write(lines, bounds=lambda zone, at: lenient(zone), idempotency_key="one")
    assert not Event.objects.filter(product=product).exists()
    for _again in range(2):
        EventWriter(product).write(lines, bounds=lambda zone, at: lenient(zone), idempotency_key="one")
    assert Event.objects.filter(product=product).count() == len(LOG)
    roll_up(product.pk)
    agree(product, Brute(LOG, "Europe/Berlin"))


def lenient(zone):
    return Bounds(zone, EARLIEST, datetime(2100, 1, 1, tzinfo=UTC))


def test_rolling_everything_again_changes_nothing(product):
    take_in(product, LOG)
    roll_up(product.pk)
    before = list(DayBitmap.objects.filter(product=product).order_by("pk").values_list("pk", "card", "n"))
    BatchDay.objects.update(rolled_at=None)
    roll_up(product.pk)
    assert list(DayBitmap.objects.filter(product=product).order_by("pk").values_list("pk", "card", "n")) == before
    agree(product, Brute(LOG, "Europe/Berlin"))


def test_workers_at_the_same_time_while_events_arrive(product):
    problems: list[BaseException] = []

    def work(turns: int) -> None:
        try:
            for _turn in range(turns):
                for one, shard in dirty_shards(product.pk):
                    days.roll_days(one, shard)
                for part in range(days.PARTS):
                    windows.roll_windows(product.pk, part)
        except BaseException as problem:
            problems.append(problem)
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=[12]) for _ in range(3)]
    for worker in workers:
        worker.start()
    for start in range(0, len(LOG), 30):
        take_in(product, LOG[start : start + 30])
    for worker in workers:
        worker.join()
    assert not problems
    roll_up(product.pk)
    agree(product, Brute(LOG, "Europe/Berlin"))


def test_a_task_leaves_a_piece_alone_that_another_worker_is_at(product):
    take_in(product, LOG)
    (_product, shard), *_others = dirty_shards(product.pk)
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [product.pk, shard])
        assert days.roll_days(product.pk, shard) == 0
        other.execute("SELECT pg_advisory_unlock_all()")
    assert days.roll_days(product.pk, shard) > 0


def test_the_snapshot_is_taken_after_the_lock(product):
    """A worker that waited for the lock sees what its predecessor committed, and so finds nothing left to do."""
    take_in(product, LOG)
    (_product, shard), *_others = dirty_shards(product.pk)
    rolled: list[int] = []

    def second() -> None:
        rolled.append(days.roll_days(product.pk, shard, wait=True))
        connection.close()

    with days.alone(product.pk, shard, wait=True):
        thread = threading.Thread(target=second)
        thread.start()
        while not waiting_for_lock():
            thread.join(0.01)
        BatchDay.objects.filter(product=product).update(rolled_at=datetime(2026, 6, 1, tzinfo=UTC))
    thread.join()
    assert rolled == [0]


def waiting_for_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return cursor.fetchone()[0]


def test_the_first_received_wins_even_when_it_commits_last(product):
    """Two batches overlap: the first to begin commits after the second was rolled up. The second's copy must go again."""
    ts = datetime(2026, 3, 10, 12, tzinfo=UTC)
    first = Happening(str(uuid.uuid4()), "f", "u1", "a1", ts)
    second = first.again(ts=ts + timedelta(days=3), user="u2")
    settled = [Happening(str(uuid.uuid4()), "f", "u3", "a3", ts + timedelta(days=n)) for n in range(-9, 10, 3)]
    take_in(product, settled)
    begun, may_commit = threading.Event(), threading.Event()

    class Slow(EventWriter):
        def _copy(self, table, batch_id):
            super()._copy(table, batch_id)
            begun.set()
            may_commit.wait(20)

    def write_slowly() -> None:
        Slow(product).write([(1, first.values)], bounds=lambda zone, at: lenient(zone))
        connection.close()

    thread = threading.Thread(target=write_slowly)
    thread.start()
    assert begun.wait(20)
    take_in(product, [second])
    roll_up(product.pk)
    agree(product, Brute([*settled, second], "Europe/Berlin"))
    may_commit.set()
    thread.join()
    roll_up(product.pk)
    agree(product, Brute([*settled, first, second], "Europe/Berlin"))


def test_a_conflict_of_transactions_is_tried_again():
    tries = []

    def work() -> str:
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError from psycopg.errors.SerializationFailure()
        return "done"

    assert days.again_on_conflict(work) == "done"
    with pytest.raises(OperationalError):
        days.again_on_conflict(lambda: (_ for _ in ()).throw(OperationalError("the disk is full")))
