"""What a person in Chromium has of a large backlog: kilobytes that travel, and milliseconds from a key to the next picture."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import CDPSession, Error, Page, sync_playwright

from devservices import chromium

EDITS = 15
#: The duration of each interaction: from the press of a key or button until the browser has drawn what follows.
OBSERVE = """
window.interactions = {};
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) {
    if (one.interactionId) {
      window.interactions[one.interactionId] = Math.max(window.interactions[one.interactionId] || 0, one.duration);
    }
  }
}).observe({ type: "event", durationThreshold: 16, buffered: true });
"""


@dataclass(frozen=True)
class Seen:
    """Kilobytes compressed, without fonts, at first and again; milliseconds to the next paint, usually and at worst."""

    first_load: float
    again: float
    paint: float
    worst_paint: float


def look_at(url: str, path: str, cookie: str, first: int) -> Seen:
    """Open the backlog twice, then type into cells of its first rows: `first`, and so on."""
    with opened(url, cookie) as page:
        page.add_init_script(OBSERVE)
        loads = [_weigh(page, f"{url}{path}") for _ in range(2)]
        durations = _edit(page, first)
    return Seen(loads[0], loads[1], median(durations), max(durations))


def _weigh(page: Page, address: str) -> float:
    """Kilobytes that came for a page and all that it asked for, fonts left out; compressed as a proxy does it, where the server did not."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    kinds: dict[str, str] = {}
    sizes: dict[str, float] = {}
    client.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    client.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1000)
    counted = [request for request, size in sizes.items() if kinds.get(request) != "Font" and size]
    total = sum(min(sizes[request], _compressed(client, request)) for request in counted)
    client.detach()
    return total / 1000


def _compressed(client: CDPSession, request: str) -> float:
    try:
        body = client.send("Network.getResponseBody", {"requestId": request})
    except Error:  # an answer without a body
        return float("inf")
    return len(zlib.compress(body["body"].encode(), 6))


def _edit(page: Page, first: int) -> list[float]:
    for n in range(EDITS):
        cell = page.locator("tr[data-row] [data-cell=reach]").nth(n)
        cell.locator(".cell-edit").click()
        page.keyboard.type(str(first + n))
        with page.expect_response(lambda answer: answer.url.endswith("/edit/")):
            page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    durations: dict[str, float] = page.evaluate("window.interactions")
    return list(durations.values()) or [16.0]  # shorter ones are not told of


@contextmanager
def opened(url: str, cookie: str) -> Iterator[Page]:
    """A page of a signed-in person."""
    name, _equals, value = cookie.partition("=")
    with _page() as page:
        page.context.add_cookies([{"name": name, "value": value, "url": url}])
        yield page


@contextmanager
def _page() -> Iterator[Page]:
    sandbox: list[Any] = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find_or_install(), args=[*sandbox, "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()
