"""What people do with Dispatch: a year of events, taken in and rolled up as any other."""

from __future__ import annotations

import tempfile
from pathlib import Path

from accounts.actors import Actor
from demo import usage
from demo.story import Story
from usage.ingest_file import ingest_file
from usage.models import UsageKey
from usage.rollup.plan import roll_up


def measure(story: Story) -> None:
    for one in story.source["usage_keys"]:
        item = story.items.get((one["product"], one["item"] or ""))
        UsageKey.measure(
            story.products[one["product"]], one["key"], [item] if item else [], name=one["name"], by=Actor.system()
        )
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "dispatch-usage.jsonl.gz"
        usage.write(log, story.today)
        ingest_file(story.products["DSP"], log)
    roll_up(story.products["DSP"].pk)
