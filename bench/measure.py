"""Timing over one kept-alive connection: 20 warm-ups, then at least 200 requests; an error or a redirect voids the run."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

WARM_UPS, REQUESTS = 20, 200
FLOOR = "/bench/floor/"


class Void(Exception):
    """The figure would mean nothing."""


@dataclass(frozen=True)
class Timing:
    """Milliseconds, bytes of the body, statements; rows written beside history, by table."""

    median: float
    p95: float
    size: int
    statements: int
    written: str = ""

    @property
    def writes(self) -> int:
        return sum(int(one.rpartition("=")[2]) for one in self.written.split())


class Visitor:
    """A signed-in browser without a browser."""

    def __init__(self, url: str, cookie: str) -> None:
        self.host = urlsplit(url).netloc
        self.headers = {"Cookie": cookie, "Accept-Encoding": "identity"}
        self.connection = http.client.HTTPConnection(self.host, timeout=60)

    def get(self, path: str, **headers: str) -> tuple[float, http.client.HTTPResponse, bytes]:
        began = time.perf_counter()
        self.connection.request("GET", path, headers={**self.headers, **headers})
        response = self.connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - began) * 1000
        if response.status != 200:
            raise Void(f"{path} answered {response.status}")
        return took, response, body

    def afresh(self) -> Visitor:
        """The same one over a new connection: a server closes one that was left alone for longer than it keeps them."""
        return Visitor(f"http://{self.host}", self.headers["Cookie"])

    def beside_floor(self, timed: Callable[[], Timing]) -> tuple[Timing, float]:
        """A timing, and how many times the floor view it takes: half of the floor's requests come before it, half after it, because the
        pace of a machine drifts within a run."""
        before = self.times(FLOOR, REQUESTS // 2)
        timing = timed()
        return timing, timing.median / statistics.median(before + self.times(FLOOR, REQUESTS // 2))

    def times(self, path: str, requests: int, **headers: str) -> list[float]:
        return [self.get(path, **headers)[0] for _ in range(requests)]

    def time(self, path: str, requests: int = REQUESTS, **headers: str) -> Timing:
        self.times(path, WARM_UPS, **headers)
        times = self.times(path, requests, **headers)
        _took, counted, body = self.get(path, **headers, **{"X-Count-Statements": "1"})
        return Timing(
            statistics.median(times),
            statistics.quantiles(times, n=20)[18],
            len(body),
            int(counted.getheader("X-Statements") or 0),
        )

    def post(
        self, path: str, values: dict[str, object], statuses: tuple[int, ...], **headers: str
    ) -> tuple[float, Any, bytes]:
        """A form, sent as htmx sends it."""
        token = "c" * 32
        headers = {
            **self.headers,
            "Cookie": f"{self.headers['Cookie']}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
            "HX-Request": "true",
            **headers,
        }
        began = time.perf_counter()
        self.connection.request("POST", path, urlencode(values), headers)
        response = self.connection.getresponse()
        body = response.read()
        took = (time.perf_counter() - began) * 1000
        if response.status not in statuses:
            raise Void(f"{path} answered {response.status}: {body[:200]!r}")
        return took, response, body

    def time_posts(
        self,
        request: Callable[[int], tuple[str, dict[str, object]]],
        requests: int = REQUESTS,
        statuses: tuple[int, ...] = (200, 204),
    ) -> Timing:
        """`request(n)` gives address and values of the n-th of them; each writes something else. Void where more than a few find that
        nothing differs, which is answered without writing."""
        for n in range(WARM_UPS):
            self.post(*request(n), statuses)
        answers = [self.post(*request(WARM_UPS + n), statuses) for n in range(requests)]
        times = [took for took, _response, _body in answers]
        idle = sum(not tells_of_change(response.headers) for _took, response, _body in answers)
        if idle > requests // 20:
            raise Void(f"{idle} of {requests} requests to {request(0)[0]} changed nothing")
        _took, counted, body = self.post(*request(WARM_UPS + requests), statuses, **{"X-Count-Statements": "1"})
        return Timing(
            statistics.median(times),
            statistics.quantiles(times, n=20)[18],
            len(body),
            int(counted.getheader("X-Statements") or 0),
            counted.getheader("X-Row-Writes") or "",
        )


def tells_of_change(headers: Any) -> bool:
    """By its id, or in a toast by the address that undoes it."""
    return "X-Change" in headers or "/undo/" in headers.get("HX-Trigger", "")


def tell(name: str, value: object, target: object = "", ok: bool | None = None) -> None:
    verdict = "" if ok is None else "ok" if ok else "short"
    shown = f"{value:.2f}" if isinstance(value, float) else str(value)
    print(f"{name:<44} {shown:>12} {target!s:>10} {verdict}".rstrip(), flush=True)
