"""Timing over one kept-alive connection: 20 warm-ups, then at least 200 requests; an error or a redirect voids the run."""

from __future__ import annotations

import http.client
import statistics
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

WARM_UPS, REQUESTS = 20, 200


class Void(Exception):
    """The figure would mean nothing."""


@dataclass(frozen=True)
class Timing:
    """Milliseconds, bytes of the body, statements."""

    median: float
    p95: float
    size: int
    statements: int


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

    def time(self, path: str, requests: int = REQUESTS, **headers: str) -> Timing:
        for _ in range(WARM_UPS):
            self.get(path, **headers)
        times = [self.get(path, **headers)[0] for _ in range(requests)]
        _took, counted, body = self.get(path, **headers, **{"X-Count-Statements": "1"})
        return Timing(
            statistics.median(times),
            statistics.quantiles(times, n=20)[18],
            len(body),
            int(counted.getheader("X-Statements") or 0),
        )


def tell(name: str, value: object, target: object = "", ok: bool | None = None) -> None:
    verdict = "" if ok is None else "ok" if ok else "short"
    shown = f"{value:.2f}" if isinstance(value, float) else str(value)
    print(f"{name:<44} {shown:>12} {target!s:>10} {verdict}".rstrip(), flush=True)
