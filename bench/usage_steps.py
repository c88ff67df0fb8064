"""What bench/usage.py times, step by step. Imported once the servers' addresses are in the environment."""

from __future__ import annotations

import resource
import time
from concurrent.futures import Executor
from datetime import date, timedelta
from functools import partial

import django

django.setup()

import numpy as np  # noqa: E402 - needs django.setup()
from django.db import connection, transaction  # noqa: E402
from pyroaring import BitMap  # noqa: E402

from accounts.actors import Actor  # noqa: E402
from accounts.models import Member, User, Workspace  # noqa: E402
from accounts.roles import Role  # noqa: E402
from bench.setting_up import floor_table, session_cookie  # noqa: E402
from bench.usage_log import DAY, Log  # noqa: E402
from products.models import Product  # noqa: E402
from usage import sql  # noqa: E402
from usage.intake import DAY_ZERO, Bounds  # noqa: E402
from usage.models import BatchDay, DirtyWindow, KnownKey, RetentionTriangle, UsageStream  # noqa: E402
from usage.partitions import ensure_partitions  # noqa: E402
from usage.rollup import days, periods, windows  # noqa: E402
from usage.rollup.days import PARTS  # noqa: E402
from usage.rollup.plan import dirty_shards  # noqa: E402
from usage.writer import COPY, HEADER, LENGTHS, ROW, TRAILER, EventWriter  # noqa: E402

ROLLUPS = (
    "usage_daybitmap", "usage_weekbitmap", "usage_firstuse", "usage_metricday", "usage_lifeweek",
    "usage_retentiontriangle", "usage_timetoadopt", "usage_adoption",
)  # fmt: skip
HEAP = """
    CREATE TABLE IF NOT EXISTS bench_heap (ts timestamptz, received_at timestamptz, event_id uuid, batch_id bigint, line int,
    product_id int, day date, user_id int, account_id int, feature_id int)
"""


class Steps:
    def __init__(self, log: Log) -> None:
        self.log = log
        self.workspace = Workspace.found("Bench", "bench")
        user = User.objects.create_user("mona@bench.example", None, name="Mona")
        Member.admit(user, self.workspace, Role.MANAGER, by=Actor.system())
        self.product = Product.introduce(self.workspace, "BEN", "Bench", by=Actor.system())
        UsageStream.of(self.product)
        self.writer = EventWriter(self.product)
        ensure_partitions([log.first_day + timedelta(days=n) for n in range(log.days)])
        sql.execute(HEAP)
        floor_table()

    # --- taking in

    def copy_text(self, part: Log) -> float:
        """The rows as text, into one table without partitions or indexes. The text is made before the clock starts."""
        first, begin = part.first_day, np.datetime64(part.first_day, "s")
        stamps = np.datetime_as_string(begin + part.seconds.astype("timedelta64[s]"), unit="s").tolist()
        names = [(first + timedelta(days=n)).isoformat() for n in range(part.days)]
        on = [names[day] for day in (part.seconds // DAY).tolist()]
        columns = zip(
            stamps, part.ids.tolist(), on, part.user.tolist(), part.account.tolist(), part.feature.tolist(), strict=True
        )
        text = "".join(
            f"{ts}Z\t{ts}Z\t{event_id.hex()}\t1\t{line}\t{self.product.pk}\t{day}\t{user}\t{account}\t{feature}\n"
            for line, (ts, event_id, day, user, account, feature) in enumerate(columns)
        ).encode()  # fmt: skip
        began = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy("COPY bench_heap FROM STDIN") as copy:
            copy.write(text)
        return time.perf_counter() - began

    def copy_binary(self, part: Log) -> float:
        """Numbers that are known, from arrays to the partitions."""
        began = time.perf_counter()
        table = np.zeros(len(part), ROW)
        for name, length in LENGTHS.items():
            table[name] = length
        since = part.first_day.toordinal() - DAY_ZERO
        table["ts"] = (part.seconds + since * DAY) * 1_000_000
        table["received_at"], table["event_id"], table["line"] = table["ts"], part.ids, np.arange(len(part))
        table["batch"], table["product"], table["day"] = 0, self.product.pk, part.seconds // DAY + since
        table["user"], table["account"], table["feature"] = part.user, part.account, part.feature
        with transaction.atomic(), connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.write(HEADER + table.tobytes() + TRAILER)
        return time.perf_counter() - began

    def throw_away(self) -> None:
        """What was written for the comparison only: it carries no batch of ours."""
        sql.execute("TRUNCATE bench_heap")
        sql.execute("DELETE FROM usage_event WHERE batch_id = 0")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM usage_event")

    def write(self, part: Log) -> float:
        """Text as a file has it: parsed, checked, its keys made numbers, stored, noted."""
        lines = part.lines()
        began = time.perf_counter()
        taken = self.writer.write(lines, bounds=Bounds.of_file)
        took = time.perf_counter() - began
        assert not taken.rejections, taken.rejections[:3]
        return took

    def add_a_day(self, number: int) -> None:
        """As many events as a mean day has, by people who are known, on the `number`-th day after the log."""
        size = len(self.log) // self.log.days
        chosen = np.random.default_rng(number).integers(0, len(self.log), size)
        log = self.log
        seconds = log.seconds[chosen] % DAY + (log.days - 1 + number) * DAY
        ids = np.frombuffer(np.random.default_rng(number).bytes(16 * size), "V16")
        self.write(
            Log(log.first_day, log.days, seconds, log.user[chosen], log.account[chosen], log.feature[chosen], ids)
        )

    # --- rolling up

    def make_dirty(self) -> None:
        for table in ROLLUPS:
            sql.execute(f"TRUNCATE {table}")
        DirtyWindow.objects.all().delete()
        BatchDay.objects.update(rolled_at=None)

    def roll_days(self) -> None:
        for product_id, shard in dirty_shards(self.product.pk):
            days.roll_days(product_id, shard, wait=True)

    def derive(self) -> None:
        for part in range(PARTS):
            windows.roll_windows(self.product.pk, part, wait=True)

    def warm_up(self, pool: Executor) -> None:
        list(pool.map(nothing, range(8)))

    def roll_all_by(self, pool: Executor) -> None:
        shards = [shard for _product, shard in dirty_shards(self.product.pk)]
        list(pool.map(partial(roll_shard, self.product.pk), shards))
        list(pool.map(partial(derive_part, self.product.pk), range(PARTS)))

    def memory_of_worker(self, pool: Executor) -> int:
        return pool.submit(peak_memory).result()

    def storage(self) -> tuple[int, int]:
        """Bytes of the rollups with their indexes, and of the raw events."""
        rollups = sum(sql.row("SELECT pg_total_relation_size(%s::text::regclass)", table)[0] for table in ROLLUPS)
        raw = sql.row(
            "SELECT sum(pg_total_relation_size(inhrelid))::bigint FROM pg_inherits WHERE inhparent = 'usage_event'::regclass"
        )
        return rollups, raw[0]  # fmt: skip

    # --- what is read

    def largest_feature(self) -> int:
        return int(np.bincount(self.log.feature).argmax())

    def scope_of(self, feature: int) -> int:
        return KnownKey.objects.get(product=self.product, kind=2, key=f"feature.{feature}").id

    def triangle_from_weeks(self, scope: int) -> periods.Lifecycle:
        rows = sql.rows(
            "SELECT week, bm FROM usage_weekbitmap WHERE product_id = %s AND scope = %s AND kind = 0",
            self.product.pk,
            scope,
        )
        weeks = {week.toordinal() // 7: BitMap.deserialize(bitmap) for week, bitmap in rows}
        first = min(weeks)
        return periods.lifecycle({week - first: bitmap for week, bitmap in weeks.items()}, max(weeks) - first + 1)

    def served_rows(self, scope: int) -> list[tuple[date, list[int]]]:
        """The triangle of a feature as a page reads it."""
        rows = RetentionTriangle.objects.filter(product=self.product, scope=scope, kind=0)
        return list(rows.values_list("cohort", "bounded"))

    def cells(self, rows: list[tuple[date, list[int]]]) -> set[tuple[int, int, int]]:
        """(cohort's week, weeks later, users), without empty ones."""
        begin = self.monday(self.log.first_day)
        return {((cohort - begin).days // 7, k, n) for cohort, bounded in rows for k, n in enumerate(bounded) if n}

    def monday(self, day: date) -> date:
        return day - timedelta(days=day.weekday())

    # --- pages

    def cookie(self) -> str:
        return session_cookie("mona@bench.example")

    def pages(self) -> dict[str, str]:
        base = "/w/bench/p/BEN/insights/"
        return {"insights": base, "insights, accounts": f"{base}?of=accounts", "usage keys": f"{base}keys/"}


def nothing(_number: int) -> None:
    """Long enough that every process of a pool gets one."""
    sql.row("SELECT 1")
    time.sleep(0.3)


def roll_shard(product_id: int, shard: int) -> int:
    return days.roll_days(product_id, shard, wait=True)


def derive_part(product_id: int, part: int) -> bool:
    return windows.roll_windows(product_id, part, wait=True)


def peak_memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
