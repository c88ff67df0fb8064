"""What a person in Chromium has of a timeline with 1 000 bars: long tasks and script while panning, and a drag to the next picture."""

from __future__ import annotations

import json
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Page

from bench.in_browser import OBSERVE, opened

LONG, PANS, DRAGS = 50_000, 12, 8  # microseconds; how often
CATEGORIES = "toplevel,devtools.timeline,disabled-by-default-devtools.timeline"
IN_VIEW = """[...document.querySelectorAll("[data-bar]")].map((bar) => bar.getBoundingClientRect())
  .filter((box) => box.top > 320 && box.bottom < 700 && box.left > 480 && box.left < 1200).map((box) => [box.left + 10, box.top + 15])"""
SCRIPT = {"FunctionCall", "EvaluateScript", "FireAnimationFrame", "TimerFire", "EventDispatch"}


@dataclass(frozen=True)
class Panned:
    """`long_tasks` a second of panning, script in milliseconds a frame, milliseconds from the drop of a bar to the next picture."""

    long_tasks: float
    script: float
    drop: float


def pan(url: str, path: str, cookie: str) -> Panned:
    with opened(url, cookie) as page:
        page.add_init_script(OBSERVE)
        page.goto(f"{url}{path}", wait_until="load")
        page.wait_for_timeout(1500)
        events, seconds = _traced(page)
        return Panned(*_told(events, seconds), _dropped(page))


def _traced(page: Page) -> tuple[list[dict[str, Any]], float]:
    """Pan by the background, for a while, with the trace of the page's main thread."""
    client = page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    chunks: list[dict[str, Any]] = []
    client.on("Tracing.dataCollected", lambda found: chunks.extend(found["value"]))
    client.send("Tracing.start", {"traceConfig": {"includedCategories": CATEGORIES.split(",")}})
    box = page.locator(".tl__row--rel").bounding_box() or {"x": 0, "y": 0, "width": 0, "height": 0}
    began = page.evaluate("performance.now()")
    for n in range(PANS):
        here, there = (1300, 500) if n < PANS * 2 / 3 else (500, 1300)
        page.mouse.move(here, box["y"] + box["height"] - 4)
        page.mouse.down()
        page.mouse.move(there, box["y"] + box["height"] - 4, steps=20)
        page.mouse.up()
        page.wait_for_timeout(150)
    seconds = (page.evaluate("performance.now()") - began) / 1000
    done: list[Any] = []
    client.on("Tracing.tracingComplete", lambda found: done.append(found))  # a builtin takes no mark
    client.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    return chunks, seconds


def _told(events: list[dict[str, Any]], seconds: float) -> tuple[float, float]:
    """Of the thread that ran the most script: long tasks a second, script a frame."""
    scripts: dict[tuple[int, int], float] = {}
    for one in events:
        if one.get("name") in SCRIPT and one.get("ph") == "X":
            thread = (one["pid"], one["tid"])
            scripts[thread] = scripts.get(thread, 0) + one.get("dur", 0)
    if not scripts:
        return float("nan"), float("nan")
    main = max(scripts, key=lambda thread: scripts[thread])
    own = [one for one in events if (one.get("pid"), one.get("tid")) == main]
    tasks = [
        one
        for one in own
        if one.get("name") in ("RunTask", "ThreadControllerImpl::RunTask") and one.get("dur", 0) > LONG
    ]
    frames = sum(one.get("name") == "FireAnimationFrame" for one in own) or 1
    calls = sum(one.get("dur", 0) for one in own if one.get("name") == "FunctionCall" and one.get("ph") == "X")
    return len(tasks) / seconds, calls / 1000 / frames


def _dropped(page: Page) -> float:
    """Back at today, drag some of the bars that are in view."""
    page.locator("[data-to-today]").first.click()
    page.wait_for_timeout(1500)
    for place in page.evaluate(IN_VIEW)[:DRAGS]:
        page.mouse.move(place[0], place[1])
        page.mouse.down()
        page.mouse.move(place[0] - 40, place[1], steps=8)
        page.mouse.up()
        page.wait_for_timeout(500)
    durations: dict[str, float] = json.loads(page.evaluate("JSON.stringify(window.interactions)"))
    return median(durations.values()) if durations else 16.0  # shorter ones are not told of
