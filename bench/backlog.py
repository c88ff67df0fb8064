"""A backlog of 10 000 items against the floor view, in one run: `./cradle bench backlog [--items 100000]`.

Ratios and statements are judged, absolute times printed. Edits and drags are real: each request changes the item.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import sys
import time
import zlib

from bench.measure import Timing, Visitor, Void, tell
from bench.pages import pinned
from devservices.environment import ROOT
from devservices.tree import Tree

SERVERS = False
BASE = "/w/polarline/p/BIG/"
SCREENS = [
    # name, path, htmx, times the floor, statements
    ("first page, full", "backlog/", False, 2.5, 10),
    ("filtered, sorted by score", "backlog/?reach.gte=100&sort=-score", False, 3.0, 10),
    ("search in titles, texts, comments", "backlog/?q=depot+cust", False, 2.0, 8),
    ("item, full page", "items/5000/", False, 3.0, 26),
    ("item drawer with comments", "items/5000/", True, 2.0, 12),
]


def main() -> int:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--items", type=int, default=10_000)
    items = arguments.parse_args().items
    with Tree(ROOT / "build" / "bench", env={"CRADLE_BENCH": "1"}) as tree:
        os.environ.update(tree.environment, DJANGO_SETTINGS_MODULE="config.settings", CRADLE_BENCH="1")
        from bench.large_backlog import build  # noqa: PLC0415 - needs the servers
        from bench.setting_up import floor_table, session_cookie  # noqa: PLC0415 - needs the servers

        floor_table()
        began = time.monotonic()
        build(items)
        tell(f"{items} items written, s", time.monotonic() - began)
        try:
            return report(Visitor(tree.url, session_cookie("tomas@polarline.example")))
        except Void as reason:
            print(f"void: {reason}")
            return 1


def report(visitor: Visitor) -> int:
    floor = visitor.time("/bench/floor/")
    tell("floor, ms", floor.median)
    short = False
    for name, path, htmx, target, statements in SCREENS:
        headers = {"HX-Request": "true"} if htmx else {}
        short = judge(name, visitor.time(BASE + path, **headers), floor, target, statements) or short
    first, deep = far_page(visitor)
    short = judge("next page, fragment", first, floor, 1.8, 10) or short
    tell("page 190 ÷ page 2", deep.median / first.median, "≤ 1.2", deep.median / first.median <= 1.2)
    short = judge("edit of a cell", edits(visitor), floor, 1.5, 8) or short
    short = judge("drag", drags(visitor), floor, 1.5, 8) or short
    short = judge("create", creations(visitor), floor, 2.0, 12) or short
    _took, _response, body = visitor.get(BASE + "backlog/")
    tell("first load, kB compressed", len(zlib.compress(body, 6)) / 1000)
    tell("floor at the end ÷ floor", visitor.time("/bench/floor/").median / floor.median)
    return int(short)


def judge(name: str, timing: Timing, floor: Timing, target: float, statements: int) -> bool:
    ratio = timing.median / floor.median
    well = ratio <= target and timing.statements <= statements
    tell(name, ratio, f"≤ {target:g}", well)
    spread = timing.p95 / timing.median
    size = timing.size / 1000
    print(
        f"    {timing.median:.1f} ms, p95 {spread:.1f} × that, {size:.1f} kB, {timing.statements} statements (≤ {statements})"
    )
    return not well


def far_page(visitor: Visitor) -> tuple[Timing, Timing]:
    """Page 2 and page 190, as one reaches them by scrolling."""
    found = None
    path = BASE + "backlog/"
    second = ""
    for _page in range(189):
        _took, _response, body = visitor.get(path, **{"HX-Request": "true"})
        found = re.search(rb'hx-get="\?([^"]+)"', body)
        if found is None:
            break
        path = f"{BASE}backlog/?{found.group(1).decode().replace('&amp;', '&')}"
        second = second or path
    return tuple(visitor.time(one, **{"HX-Request": "true"}) for one in (second, path))  # type: ignore[return-value]


def edits(visitor: Visitor) -> Timing:
    values = itertools.count(1)
    return visitor.time_posts(lambda n: (f"{BASE}items/{4000 + n}/edit/", {"reach": next(values) % 4000, "as": "row"}))


def drags(visitor: Visitor) -> Timing:
    return visitor.time_posts(lambda n: (f"{BASE}items/{3000 + n}/rank/", {"after": 2000 + n}))


def creations(visitor: Visitor) -> Timing:
    return visitor.time_posts(
        lambda n: (f"{BASE}items/add/", {"title": f"Written by the bench {n}"}), statuses=(302, 204)
    )


if __name__ == "__main__":
    if not pinned():
        sys.exit("The floor view was changed: ratios would no longer compare. Put it back, or pin it anew on purpose.")
    sys.exit(main())
