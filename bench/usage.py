"""Usage analytics against its targets: `./cradle bench usage`.

The targets were set with `--events 10000000 --features 300 --days 400`, which takes half an hour; the default is a
tenth of that, with as many events for a feature and day.

A made-up log on embedded servers of its own, durable as in production. Each figure is a ratio of two medians of at least
five runs, taken in turns on the same machine; absolute numbers are printed beside them and never judged. What the rollups
are measured against is DuckDB, which must come to the same numbers.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from bench.duck import Duck
from bench.measure import Visitor, tell
from bench.usage_log import Log
from devservices import programs
from devservices.backing import Backing
from devservices.data_folder import DataFolder
from devservices.environment import environment
from devservices.processes import stop
from devservices.pulse import Pulse
from devservices.tree import own_environment
from devservices.up import free_port

SERVERS = False
RUNS = 5
REQUESTS = 60
BATCH = 20_000  # events at once, as ingest_usage does it


def main() -> int:
    options = parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="cradle-usage-") as name:
        Path(name).chmod(0o755)  # PostgreSQL runs as another user under root
        with installation(DataFolder(Path(name) / "data")) as port:
            from bench.usage_steps import Steps  # noqa: PLC0415 - needs the servers

            log = Log.of(options.events, days=options.days, features=options.features, until=date.today())
            return int(not report(Steps(log), log, port))


def parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(prog="./cradle bench usage", description=__doc__)
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--features", type=int, default=30)
    options.add_argument("--days", type=int, default=365)
    return options


@contextmanager
def installation(folder: DataFolder) -> Iterator[int]:
    """PostgreSQL, Valkey and the pages, without worker and beat: nobody rolls up behind our back."""
    folder.make()
    held, backing, port = folder.lock(), Backing(folder, {}), free_port(0)
    try:
        backing.start()
        backing.wait()
        bench = own_environment({"CRADLE_BENCH": "1"})
        env = environment(folder, backing.addresses(), f"http://localhost:{port}", bench)
        os.environ.update(env)
        subprocess.run(
            [sys.executable, "-m", "devservices.prepare", "--no-people"], check=True, stdout=subprocess.DEVNULL
        )
        yield port
    finally:
        close_database()
        backing.stop()
        os.close(held)


def close_database() -> None:
    """Before its server goes, so that the pool does not look for it."""
    if "django.db" in sys.modules:
        from devservices.test_database import close_connections  # noqa: PLC0415 - needs the settings

        close_connections()


def report(steps: Any, log: Log, port: int) -> bool:
    tell("events", len(log))
    good = [taking_in(steps, log)]
    duck = Duck(log)
    good.append(rolling(steps, duck, len(log)))
    good.append(serving(steps, duck))
    good.append(one_new_day(steps))
    good.append(two_workers(steps))
    good.append(pages(steps, port))
    print("raw to day bitmaps ÷ chDB is not measured: chDB is not among the libraries")
    return all(good)


def judge(name: str, value: float, target: float, *, at_least: bool = False) -> bool:
    """A ratio against its target; short ones are told, not hidden."""
    ok = value >= target if at_least else value <= target
    tell(name, float(value), f"{'>=' if at_least else '<='} {target:g}", ok)
    return ok


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def taking_in(steps: Any, log: Log) -> bool:
    """Text COPY into a plain heap is the floor; binary COPY of numbers, and text keys from line to table, against it."""
    floor, binary, keys = [], [], []
    for number, part in enumerate(log.parts(BATCH)):
        if RUNS <= number < 3 * RUNS:  # most keys have been seen by then, as in the life of a product
            floor.append(steps.copy_text(part))
            binary.append(steps.copy_binary(part))
            keys.append(steps.write(part))
        else:
            steps.write(part)
    steps.throw_away()
    rates = [BATCH / median(times) for times in (floor, binary, keys)]
    for name, rate in zip(("text COPY, events/s", "binary COPY, events/s", "text keys, events/s"), rates, strict=True):
        tell(name, round(rate))
    return all([
        judge("binary COPY of numbers ÷ text COPY", rates[1] / rates[0], 1.1, at_least=True),
        judge("text keys end to end ÷ text COPY", rates[2] / rates[0], 0.5, at_least=True),
    ])  # fmt: skip


def rolling(steps: Any, duck: Duck, events: int) -> bool:
    ours, theirs = ([], []), ([], [])
    for _run in range(RUNS):
        theirs[0].append(seconds(duck.intermediate))
        theirs[1].append(seconds(duck.derive))
        steps.make_dirty()
        ours[0].append(seconds(steps.roll_days))
        ours[1].append(seconds(steps.derive))
    days, derived = median(ours[0]), median(ours[1])
    tell("raw to day bitmaps, events/s", round(events / days))
    tell("raw to day bitmaps, s", days)
    tell("derive everything, s", derived)
    tell("DuckDB: raw to activity, s", median(theirs[0]))
    tell("DuckDB: derive everything, s", median(theirs[1]))
    rollups, raw = steps.storage()
    tell("raw events, MB", raw // 1_000_000)
    tell("memory of this process at most, MB", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    return all([
        judge("derive everything ÷ DuckDB", derived / median(theirs[1]), 0.35),
        judge("raw to all rollups ÷ DuckDB", (days + derived) / (median(theirs[0]) + median(theirs[1])), 0.8),
        judge("storage of rollups ÷ raw", rollups / raw, 0.15),
    ])  # fmt: skip


def serving(steps: Any, duck: Duck) -> bool:
    feature = steps.largest_feature()
    scope = steps.scope_of(feature)
    theirs, ours, served = [], [], []
    for _run in range(4 * RUNS):
        theirs.append(seconds(lambda: duck.triangle(feature)))
        ours.append(seconds(lambda: steps.triangle_from_weeks(scope)))
        served.append(seconds(lambda: steps.served_rows(scope)))
    same = steps.cells(steps.served_rows(scope)) == set(duck.triangle(feature))
    tell("triangle equals that of DuckDB", "yes" if same else "no", "yes", same)
    tell("triangle from week bitmaps, ms", median(ours) * 1000)
    tell("triangle by DuckDB on raw, ms", median(theirs) * 1000)
    return all([
        same,
        judge("triangle from week bitmaps ÷ DuckDB on raw", median(ours) / median(theirs), 0.15),
        judge("a served row, ms", median(served) * 1000, 5),
    ])  # fmt: skip


def one_new_day(steps: Any) -> bool:
    """A day's worth of events on the day after the last, against everything from raw events."""

    def everything() -> None:
        steps.roll_days()
        steps.derive()

    full, new = [], []
    for number in range(1, RUNS + 1):
        steps.make_dirty()
        full.append(seconds(everything))
        steps.add_a_day(number)
        new.append(seconds(everything))
    tell("one new day, everything, s", median(new))
    return judge("one new day ÷ full backfill", median(new) / median(full), 0.15)


def two_workers(steps: Any) -> bool:
    """Processes as the worker has them, each taking shards, then parts, as they come."""
    times: dict[int, list[float]] = {1: [], 2: []}
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawning) as one, ProcessPoolExecutor(2, spawning) as two:
        pools = {1: one, 2: two}
        for pool in pools.values():
            steps.warm_up(pool)
        for _run in range(RUNS):
            for count, pool in pools.items():
                steps.make_dirty()
                times[count].append(seconds(lambda pool=pool: steps.roll_all_by(pool)))  # type: ignore[misc]
        tell("memory of a rolling worker, MB", steps.memory_of_worker(one))
    return judge("two workers ÷ one", median(times[1]) / median(times[2]), 1.3, at_least=True)


def pages(steps: Any, port: int) -> bool:
    """The pages over all these rows against the floor view."""
    web = programs.web(port, os.environ)
    web.start()
    try:
        pulse = Pulse(port, os.environ["REDIS_URL"])
        while not pulse.page_answers():
            time.sleep(0.1)
        visitor = Visitor(f"http://localhost:{port}", steps.cookie())
        floor = visitor.time("/bench/floor/")
        tell("floor, ms", floor.median)
        good = True
        for name, path in steps.pages().items():
            timing = visitor.time(path, requests=REQUESTS)
            good = judge(f"{name} ÷ floor", timing.median / floor.median, 3) and good
            print(f"    {timing.median:.1f} ms, {timing.size / 1000:.0f} kB, {timing.statements} statements")
        return good
    finally:
        stop(web.process)


if __name__ == "__main__":
    sys.exit(main())
