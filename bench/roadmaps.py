"""Roadmaps of the large backlog (10 000 items, 200 releases) against the floor view, in one run: `./cradle bench roadmaps`.

Ratios, statements and bytes are judged. Drags are real: each moves a card into another column. A screen is a line in SCREENS.
"""

from __future__ import annotations

import itertools
import os
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from bench.measure import Timing, Visitor, Void, tell
from bench.pages import pinned
from bench.panning import pan
from devservices.environment import ROOT
from devservices.tree import Tree

SERVERS = False
WHO = "tomas@polarline.example"
ITEMS, FEW, ALL = 10_000, "20 releases", "200 releases"


@dataclass(frozen=True)
class Screen:
    """`most`: times the floor; `most_kb`: of the page compressed, in 1000 bytes. None is printed, not judged."""

    name: str
    path: str
    most: float | None = None
    most_kb: float | None = None
    statements: int = 10


BOARD = "p/BIG/roadmap/?layout=release"
TIMELINE = "p/BIG/roadmap/?layout=timeline&zoom=quarter"
SCREENS = [
    Screen(FEW, f"{BOARD}&from=0&to=4", 2.5),
    Screen(ALL, BOARD, 6.0, 40),
    Screen(f"{ALL}, filtered", f"{BOARD}&reach.gte=100", 6.0, 40),
    Screen("one column more", "", 2.5),
    Screen("by status", "p/BIG/roadmap/?layout=status"),
    Screen("now, next, later", "p/BIG/roadmap/?layout=nnl"),
    Screen("list by release", "p/BIG/roadmap/?layout=list&lanes=release"),
    Screen("timeline, 1 000 bars", TIMELINE, 6.0, 250),
    Screen("timeline, 1 000 bars, filtered", f"{TIMELINE}&reach.gte=100", 6.0, 250),
    Screen("timeline, with a critical chain", f"{TIMELINE}&chain={{release}}"),
    Screen("kept, of all products", "roadmaps/{kept}/"),
    Screen("portfolio roadmap", "roadmap/"),
    Screen("kept roadmaps", "roadmaps/"),
    Screen("a quarter ago, timeline", "p/BIG/roadmap/?as_of={quarter}", 8.0),
    Screen("a year ago, timeline", "p/BIG/roadmap/?as_of={year}", 8.0),
    Screen("a quarter ago, by release", "p/BIG/roadmap/?layout=release&from=0&to=4&as_of={quarter}", 8.0),
    Screen("what changed in a quarter", "p/BIG/roadmap/?compare={quarter},", 8.0),
    Screen("what changed in a year", "p/BIG/roadmap/?compare={year},", 8.0),
    Screen("since the last look", "p/BIG/roadmap/lately/", 8.0),
]
DRAG = 1.5
OTHERWISE = int(time.time())  # what a run writes differs from what an earlier one left


def main() -> int:
    with Tree(ROOT / "build" / "bench", env={"CRADLE_BENCH": "1"}) as tree:
        os.environ.update(tree.environment, DJANGO_SETTINGS_MODULE="config.settings", CRADLE_BENCH="1")
        from bench.kept_roadmaps import columns, keep  # noqa: PLC0415 - needs the servers
        from bench.large_backlog import build  # noqa: PLC0415 - needs the servers
        from bench.past_roadmaps import look_last, tell_history  # noqa: PLC0415 - needs the servers
        from bench.setting_up import floor_table, session_cookie  # noqa: PLC0415 - needs the servers
        from config import clock  # noqa: PLC0415 - needs the servers

        floor_table()
        began = time.monotonic()
        product = build(ITEMS)
        tell(f"{ITEMS} items there, s", time.monotonic() - began)
        began = time.monotonic()
        tell(f"{tell_history(product)} changes there, s", time.monotonic() - began)
        look_last(product, WHO)
        today = clock.now().date()
        ago = {name: (today - timedelta(days=days)).isoformat() for name, days in (("quarter", 91), ("year", 365))}
        try:
            cookie, releases = session_cookie(WHO), columns(product)
            facts = {"kept": keep(product), "release": releases[0], **ago}
            short = Run(Visitor(tree.url, cookie), facts, releases).report()
            panned = pan(tree.url, f"/w/polarline/{TIMELINE}", cookie)
            tell("long tasks a second while panning", panned.long_tasks, "≤ 1", panned.long_tasks <= 1)
            tell("script while panning, ms a frame", panned.script)
            tell("drop of a bar to next paint, ms", panned.drop)
            return int(short or panned.long_tasks > 1)
        except Void as reason:
            print(f"void: {reason}")
            return 1


class Run:
    """All figures. `columns`: the ids of two releases, between which cards are dragged."""

    def __init__(self, visitor: Visitor, facts: dict[str, Any], columns: list[str]) -> None:
        self.visitor, self.facts, self.columns, self.short = visitor, facts, columns, False
        self.floor = visitor.time("/bench/floor/").median

    def report(self) -> bool:
        """Whether any figure falls short."""
        tell("floor, ms", self.floor)
        for screen in SCREENS:
            path = f"/w/polarline/{screen.path.format(**self.facts)}"
            headers = {}
            if not screen.path:
                path, headers = f"/w/polarline/{BOARD}&column={self.columns[0]}", {"HX-Request": "true"}
            timed = partial(self.visitor.time, path, **headers)
            _took, _response, body = self.visitor.get(path, **headers)
            self._judge(screen, timed, len(zlib.compress(body, 6)) / 1000)
        self._judge(Screen("drag", "", DRAG, 5, 12), self._drags, None)
        self._judge(Screen("drag of a bar", "", DRAG, 5, 12), self._bars, None)
        tell("floor at the end ÷ floor", self.visitor.time("/bench/floor/").median / self.floor)
        return self.short

    def _judge(self, screen: Screen, timed: Callable[[], Timing], compressed: float | None) -> None:
        timing, ratio = self.visitor.beside_floor(timed)
        size = compressed if compressed is not None else timing.size / 1000
        well = timing.statements <= screen.statements and (screen.most is None or ratio <= screen.most)
        well = well and (screen.most_kb is None or size <= screen.most_kb)
        tell(screen.name, ratio, f"≤ {screen.most:g}" if screen.most else "", well)
        limit = f" (≤ {screen.most_kb:g})" if screen.most_kb else ""
        print(
            f"    {timing.median:.1f} ms, {timing.size / 1000:.1f} kB, compressed {size:.1f} kB{limit},"
            f" {timing.statements} statements (≤ {screen.statements})"
        )
        self.short = self.short or not well

    def _drags(self) -> Timing:
        """Each card into the other of two columns."""
        turns, first = itertools.cycle(self.columns), 3000 + OTHERWISE % 6000
        address = f"/w/polarline/p/BIG/roadmap/move/?{BOARD.partition('?')[2]}"
        return self.visitor.time_posts(lambda n: (address, {"moved": f"BIG-{first + n}", "list": next(turns)}))

    def _bars(self) -> Timing:
        """Each bar to other days: never later than before, which would ask for a reason."""
        days = [date(2026, 1, 1) + timedelta(days=n) for n in range(400)]
        return self.visitor.time_posts(
            lambda n: (
                f"/w/polarline/p/BIG/items/{1 + n}/schedule/",
                {
                    "starts_on": days[(n + OTHERWISE) % 300],
                    "ends_on": days[(n + OTHERWISE) % 300 + 9],
                    "query": TIMELINE.partition("?")[2],
                    "reason": "bench",
                },
            )
        )


if __name__ == "__main__":
    if not pinned():
        sys.exit("The floor view was changed: ratios would no longer compare. Put it back, or pin it anew on purpose.")
    sys.exit(main())
