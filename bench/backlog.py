"""A backlog of 10 000 items against the floor view, in one run: `./cradle bench backlog [--items 100000]`.

Ratios, statements and bytes are judged, absolute times printed, what Chromium and bulk changes take printed with its aim. Edits and drags are
real: each request changes the item. With 100 000 items each figure may be 1.3 times what it may be with 10 000, those of totals excepted.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import sys
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from bench.in_browser import look_at
from bench.measure import Timing, Visitor, Void, tell
from bench.pages import pinned
from devservices.environment import ROOT
from devservices.tree import Tree

SERVERS = False
WHO = "tomas@polarline.example"
USUAL, LARGER = 10_000, 1.3
SPREAD = 2.0  # p95 ÷ median
BULK = 5000
OTHERWISE = int(time.time())  # what a run writes differs from what an earlier one left
WRITES = 3  # rows that an edit or a drag may write beside history
SCREENS = [
    # name, path, htmx, times the floor, statements
    ("first page, full", "backlog/", False, 2.5, 10),
    ("filtered, sorted by score", "backlog/?reach.gte=100&sort=-score", False, 3.0, 10),
    ("filtered, grouped, sorted by score", "backlog/?reach.gte=100&group=status&sort=-score", False, 3.0, 10),
    # What typing into the search box asks for (tests/roadmap/test_searching.py), and the page of such an address.
    ("search in titles, texts, comments", "backlog/?q=depot+cust", True, 2.0, 8),
    ("its address, full page", "backlog/?q=depot+cust", False, 3.0, 10),
    ("item, full page", "items/5000/", False, 3.0, 26),
    ("item drawer with comments", "items/5000/", True, 2.0, 12),
]
TOTALS = ("totals of a filter", "backlog/totals/?reach.gte=100", True, 6.0, 10)


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--items", type=int, default=USUAL)
    items = arguments.parse_args().items
    with Tree(ROOT / "build" / "bench", env={"CRADLE_BENCH": "1"}) as tree:
        os.environ.update(tree.environment, DJANGO_SETTINGS_MODULE="config.settings", CRADLE_BENCH="1")
        from bench.large_backlog import build, change_many, key_for  # noqa: PLC0415 - needs the servers
        from bench.setting_up import floor_table, session_cookie  # noqa: PLC0415 - needs the servers

        floor_table()
        began = time.monotonic()
        product = build(items)
        tell(f"{items} items written, s", time.monotonic() - began)
        cookie = session_cookie(WHO)
        try:
            run = Run(Visitor(tree.url, cookie), f"/w/polarline/p/{key_for(items)}/", 1.0 if items <= USUAL else LARGER)
            short = run.report()
        except Void as reason:
            print(f"void: {reason}")
            return 1
        tell_aim("resident memory of web, MB", resident(tree.running.children["web"]), 200)
        changed, took = change_many(product, BULK, WHO)
        tell_aim(f"change of {changed} items with history, s", took, 10)
        seen = look_at(tree.url, f"{run.base}backlog/", cookie, 1 + int(began) % 3000)
        tell_aim("first load without fonts, kB", seen.first_load, 150)
        tell_aim("again, kB", seen.again, 40)
        tell_aim("edit of a cell to next paint, ms", seen.paint, 100)
        tell_aim("edit of a cell to next paint, worst, ms", seen.worst_paint, 100)
        return int(short)


def tell_aim(name: str, value: float, aim: float) -> None:
    tell(name, float(value), f"aim {aim:g}", value <= aim)


def resident(pid: int) -> float:
    """Megabytes that a process holds, in 1000 kB each."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) * 1.024 / 1000 if found else float("nan")


class Run:
    """All figures of one backlog. `allowed`: how many times its targets it may take."""

    def __init__(self, visitor: Visitor, base: str, allowed: float) -> None:
        self.visitor, self.base, self.allowed, self.short = visitor, base, allowed, False
        self.floor = visitor.time("/bench/floor/")

    def report(self) -> bool:
        """Whether any figure falls short."""
        tell("floor, ms", self.floor.median)
        for name, path, htmx, target, statements in SCREENS:
            self._judge(name, partial(self._screen, path, htmx), target * self.allowed, statements)
        name, path, htmx, target, statements = TOTALS
        self._judge(name, partial(self._screen, path, htmx), target, statements)
        second, last = self._far_pages()
        first = self._judge("next page, fragment", partial(self._fragment, second), 1.8 * self.allowed, 10)
        far = self._fragment(last).median / first.median
        tell("page 190 ÷ page 2", far, "≤ 1.2", far <= 1.2)
        self._judge("edit of a cell", self._edits, 1.5 * self.allowed, 8, most_kb=5, most_writes=WRITES)
        self._judge("drag", self._drags, 1.5 * self.allowed, 8, most_kb=5, most_writes=WRITES)
        self._judge("create", self._creations, 2.0 * self.allowed, 12)
        _took, _response, body = self.visitor.get(self.base + "backlog/")
        tell("the page itself, kB compressed", len(zlib.compress(body, 6)) / 1000)
        tell("floor at the end ÷ floor", self.visitor.time("/bench/floor/").median / self.floor.median)
        return self.short or far > 1.2

    def _judge(
        self,
        name: str,
        timed: Callable[[], Timing],
        target: float,
        statements: int,
        most_kb: float | None = None,
        most_writes: int | None = None,
    ) -> Timing:
        timing, ratio = self.visitor.beside_floor(timed)
        spread, size = timing.p95 / timing.median, timing.size / 1000
        well = ratio <= target and timing.statements <= statements and (most_kb is None or size <= most_kb)
        well = well and (most_writes is None or timing.writes <= most_writes)
        tell(name, ratio, f"≤ {target:g}", well)
        limit = f" (≤ {most_kb:g})" if most_kb else ""
        print(
            f"    {timing.median:.1f} ms, p95 {spread:.1f} × that (≤ {SPREAD:g}), {size:.1f} kB{limit},"
            f" {timing.statements} statements (≤ {statements})"
        )
        if most_writes is not None:
            print(f"    {timing.writes} row writes beside history (≤ {most_writes}): {timing.written}")
        self.short = self.short or not well
        return timing

    def _screen(self, path: str, htmx: bool) -> Timing:
        return self.visitor.time(self.base + path, **({"HX-Request": "true"} if htmx else {}))

    def _fragment(self, path: str) -> Timing:
        return self.visitor.time(path, **{"HX-Request": "true"})

    def _far_pages(self) -> tuple[str, str]:
        """Where page 2 and page 190 are, as one reaches them by scrolling."""
        path = self.base + "backlog/"
        second = ""
        for _page in range(189):
            _took, _response, body = self.visitor.get(path, **{"HX-Request": "true"})
            found = re.search(rb'hx-get="\?([^"]+)"', body)
            if found is None:
                break
            path = f"{self.base}backlog/?{found.group(1).decode().replace('&amp;', '&')}"
            second = second or path
        return second, path

    def _edits(self) -> Timing:
        values = itertools.count(OTHERWISE)
        return self.visitor.time_posts(
            lambda n: (f"{self.base}items/{4000 + n}/edit/", {"reach": next(values) % 4000, "as": "row"})
        )

    def _drags(self) -> Timing:
        place = 1000 + OTHERWISE % 1500
        return self.visitor.time_posts(lambda n: (f"{self.base}items/{3000 + n}/rank/", {"after": place + n}))

    def _creations(self) -> Timing:
        return self.visitor.time_posts(
            lambda n: (f"{self.base}items/add/", {"title": f"Written by the bench {n}"}), statuses=(302, 204)
        )


if __name__ == "__main__":
    if not pinned():
        sys.exit("The floor view was changed: ratios would no longer compare. Put it back, or pin it anew on purpose.")
    sys.exit(main())
