"""Every page of the demo workspace against the floor view, in one run: `./cradle bench pages`.

Ratios are asserted, absolute times printed. The pages are asked for one after another: by the manager Tomás, and the settings by
the owner Maya, who sees all of them and everything on them.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import partial
from pathlib import Path

from bench.measure import FLOOR, Timing, Visitor, Void, tell
from devservices.environment import ROOT
from devservices.tree import Tree

SERVERS = False
PINNED = "12dacb4315cf410e"
TARGET, TEMPLATE_TARGET = 3.0, 4.0
PAGES = {
    "portfolio": "",
    "portfolio, table": "?layout=table",
    "lifecycle board": "lifecycle/",
    "overview": "p/DSP/",
    "strategy": "p/DSP/strategy/",
    "gate review": "p/DCK/gates/3/",
    "backlog": "p/DSP/backlog/",
    "backlog, filtered by score": "p/DSP/backlog/?score.gte=10&sort=-score",
    "backlog, searched": "p/DSP/backlog/?q=eta",
    "backlog with drawer": "p/DSP/backlog/?open=142",
    "item": "p/DSP/items/142/",
    "item history": "p/DSP/items/142/history/",
    "timeline": "p/DSP/roadmap/",
    "now, next, later": "p/DSP/roadmap/?layout=nnl",
    "release board": "p/DSP/releases/",
    "share links": "p/DSP/share/",
    "import": "p/DSP/import/",
    "feedback inbox": "feedback/",
    "customers": "customers/",
    "ideas": "portal/",
    "insights": "p/DSP/insights/",
    "notifications": "notifications/",
    "what changed": "lately/",
    "members": "settings/members/",
    "teams": "settings/teams/",
    "my work": "my/",
    "score explained": "p/DSP/items/142/score/",
    "matrix": "p/DSP/matrix/",
    "product's scoring": "p/DSP/scoring/",
    "components": "p/DSP/components/",
    "bin": "p/DSP/bin/",
    "usage keys": "p/DSP/insights/keys/",
    "profile": "settings/you/",
    "notifications by mail": "settings/notifications/",
    "tokens": "settings/tokens/",
}
OWNERS = {
    "my work, of the owner": "my/",
    "portfolio, of the owner": "",
    "workspace": "settings/workspace/",
    "members, for the owner": "settings/members/",
    "audit log": "settings/security/",
    "statuses": "settings/statuses/",
    "fields of items": "settings/fields/",
    "scorecards": "settings/scorecards/",
    "new scorecard": "settings/scorecards/add/",
    "templates": "settings/templates/",
    "jobs": "settings/jobs/",
    "portal settings": "portal/settings/",
    "lines": "lines/",
    "archived products": "products/archived/",
    "access to a product": "p/DSP/settings/access/",
    "sending events": "p/DSP/insights/events/",
}


def main() -> int:
    with Tree(ROOT / "build" / "bench", env={"CRADLE_BENCH": "1"}) as tree:
        os.environ.update(tree.environment, DJANGO_SETTINGS_MODULE="config.settings", CRADLE_BENCH="1")
        from bench.setting_up import floor_table, one_of_each, session_cookie  # noqa: PLC0415 - needs the servers

        floor_table()
        manager, owner = (Visitor(tree.url, session_cookie(f"{one}@polarline.example")) for one in ("tomas", "maya"))
        try:
            return report(manager, owner, one_of_each())
        except Void as reason:
            print(f"void: {reason}")
            return 1


def report(manager: Visitor, owner: Visitor, others: dict[str, str]) -> int:
    floor, joined = manager.time(FLOOR), manager.time("/bench/joined/")
    tell("floor, ms", floor.median)
    tell("floor, p95 ms", floor.p95)
    tell("floor, bytes", floor.size)
    ratio = floor.median / joined.median
    tell("floor ÷ rows joined without a template", ratio, f"≤ {TEMPLATE_TARGET:g}", ratio <= TEMPLATE_TARGET)
    short = ratio > TEMPLATE_TARGET
    asked = [
        *((name, f"/w/polarline/{path}", manager) for name, path in PAGES.items()),
        *((name, path, manager) for name, path in others.items()),
        *((name, f"/w/polarline/{path}", owner) for name, path in OWNERS.items()),
    ]
    for name, path, visitor in asked:
        try:
            timing, ratio = visitor.beside_floor(partial(visitor.time, path))
        except Void as reason:
            print(f"{name}: void, {reason}")
            short = True
            continue
        short = tell_page(name, timing, ratio) or short
    again = manager.afresh().time(FLOOR)  # the owner's pages took longer than the server keeps a connection
    tell("floor at the end ÷ floor", again.median / floor.median)
    return int(short)


def tell_page(name: str, timing: Timing, ratio: float) -> bool:
    tell(name, ratio, f"≤ {TARGET:g}", ratio <= TARGET)
    print(
        f"    {timing.median:.1f} ms, p95 {timing.p95:.1f} ms, {timing.size / 1000:.0f} kB, {timing.statements} statements"
    )
    return ratio > TARGET


def pinned() -> bool:
    sources = (Path(__file__).parent / "floor.py", ROOT / "templates" / "bench" / "floor.html")
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16] == PINNED


if __name__ == "__main__":
    if not pinned():
        sys.exit("The floor view was changed: ratios would no longer compare. Put it back, or pin it anew on purpose.")
    sys.exit(main())
