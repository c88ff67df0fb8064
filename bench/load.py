"""People and programs that write as fast as they may, note what was acknowledged, and try again as a careful client does.

Each writer is a thread with a connection of its own. An answer of 2xx or 3xx is an acknowledgement; none at all, 429 or
5xx leaves it open whether the write stands. What is sent with an Idempotency-Key is then sent again until it is
acknowledged; the rest is left as it is, and may be there or not, but only once.
"""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.usage.brute import Happening

PAUSE = 0.03  # seconds between two writes of one writer: the load is to be steady, not to fill two cores
AGAIN = 0.2  # seconds until a careful client tries again
MENTIONED = "Carol"


class Away(Exception):
    """Nobody answered, or only that it cannot be done now."""


@dataclass(frozen=True)
class Stage:
    """What the writers must know of the installation. `session` is a cookie, `secret` and `ingest_secret` are tokens."""

    url: str
    workspace: str
    product: str
    items: tuple[int, int]
    thread: str
    session: str
    secret: str
    ingest_secret: str


class Writer(threading.Thread):
    """`acknowledged` are the names of the writes that stand, `open` of those of which nobody can know."""

    kind = ""

    def __init__(self, stage: Stage) -> None:
        super().__init__(name=self.kind, daemon=True)
        self.stage = stage
        self.acknowledged: list[str] = []
        self.open: list[str] = []
        self.refused: list[str] = []
        self.last = 0.0
        self.stopping = threading.Event()
        self.count = 0
        self.connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        while not self.stopping.wait(PAUSE):
            self.count += 1
            self.write(f"{self.kind} {self.count} {uuid.uuid4().hex[:8]}")

    def write(self, name: str) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        self.stopping.set()

    # --- asking

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Any, bytes]:
        """Status, headers and body of the answer. Raises Away."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection(urlsplit(self.stage.url).netloc, timeout=20)
        try:
            self.connection.request(method, path, body.encode() or None, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.connection = None
            raise Away from error
        if answer.status == 429 or answer.status >= 500:
            raise Away
        return answer.status, answer.headers, content

    def api(self, method: str, path: str, body: Any = None, secret: str = "", **headers: str) -> tuple[int, Any, bytes]:
        headers |= {"Authorization": f"Bearer {secret or self.stage.secret}", "Content-Type": "application/json"}
        return self.ask(method, f"/api/v1/{path}", "" if body is None else json.dumps(body), **headers)

    def page(self, path: str, **fields: str) -> tuple[int, Any, bytes]:
        """Post a form as a browser that is signed in."""
        token = "k" * 32
        headers = {
            "Cookie": f"{self.stage.session}; csrftoken={token}",
            "X-CSRFToken": token,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return self.ask("POST", f"/w/{self.stage.workspace}/{path}", urlencode(fields), **headers)

    def until_answered(self, method: str, path: str, body: Any, **more: str) -> tuple[int, Any, bytes]:
        while True:
            try:
                return self.api(method, path, body, **more)
            except Away:
                time.sleep(AGAIN)

    def note(self, name: str, status: int, *good: int, said: bytes = b"") -> bool:
        if status not in good:
            self.refused.append(f"{name}: {status} {said[:300].decode(errors='replace')}".rstrip())
            return False
        self.acknowledged.append(name)
        self.last = time.monotonic()
        return True


class ItemsCreated(Writer):
    """By programs, each with an Idempotency-Key, repeated until there is an answer."""

    kind = "created"

    def write(self, name: str) -> None:
        body = {"product": self.stage.product, "title": name}
        status, _headers, content = self.until_answered("POST", "items/", body, **{"Idempotency-Key": name})
        self.note(name, status, 201, said=content)


class ItemEdited(Writer):
    """By a program, with If-Match: it reads again when it does not know whether its change stands."""

    kind = "edited"

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.path = f"items/{stage.product}-{stage.items[0]}/"
        self.version = ""

    def write(self, name: str) -> None:
        if not self.version:
            _status, headers, _content = self.until_answered("GET", self.path, None)
            self.version = headers["ETag"]
        try:
            status, headers, content = self.api("PATCH", self.path, {"title": name}, **{"If-Match": self.version})
        except Away:
            self.open.append(name)
            self.version = ""
            time.sleep(AGAIN)
            return
        if status == 409 and self.open:  # the change whose answer was lost had not been through as we read
            self.version = ""
        elif self.note(name, status, 200, said=content):
            self.version = headers["ETag"]


class PageWriter(Writer):
    """By a person: a form that is posted once, and never again by itself."""

    def write(self, name: str) -> None:
        try:
            status, _headers, _content = self.post(name)
        except Away:
            self.open.append(name)
            time.sleep(AGAIN)
        else:
            self.note(name, status, 302)

    def post(self, name: str) -> tuple[int, Any, bytes]:
        raise NotImplementedError


class ItemOnPage(PageWriter):
    kind = "on page"

    def post(self, name: str) -> tuple[int, Any, bytes]:
        return self.page(f"p/{self.stage.product}/items/{self.stage.items[1]}/edit/", title=name)


class Comments(PageWriter):
    """Each mentions somebody who is told by mail at once."""

    kind = "comment"

    def run(self) -> None:
        while not self.stopping.wait(5 * PAUSE):  # a mail for each: as many as the worker can deliver meanwhile
            self.count += 1
            self.write(f"{self.kind} {self.count} {uuid.uuid4().hex[:8]}")

    def post(self, name: str) -> tuple[int, Any, bytes]:
        return self.page(f"threads/{self.stage.thread}/comments/", body=f"{name} @{MENTIONED}")


class Events(Writer):
    """Batches of usage with an Idempotency-Key; a tenth of the events is sent again in later batches."""

    kind = "events"
    SIZE = 40

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage)
        self.draw = Random(7)  # noqa: S311 - a seed, so that runs compare
        self.log: list[Happening] = []

    def write(self, name: str) -> None:
        batch = [self.happening() for _ in range(self.SIZE)]
        body = {"events": [dict(zip(FIELDS, one.values, strict=True)) for one in batch]}
        status, _headers, content = self.until_answered(
            "POST", "events/", body, secret=self.stage.ingest_secret, **{"Idempotency-Key": name}
        )
        if self.note(name, status, 200):
            self.log += batch
            self.refused += [f"{name}: {one}" for one in json.loads(content)["rejected"]]

    def happening(self) -> Happening:
        if self.log and self.draw.random() < 0.1:
            return self.draw.choice(self.log)
        day = datetime.now(UTC) - timedelta(days=self.draw.randrange(6), seconds=self.draw.randrange(3600))
        user = self.draw.randrange(400)
        return Happening(
            str(uuid.UUID(int=self.draw.getrandbits(128))),
            f"feature.{self.draw.randrange(5)}",
            f"u{user}",
            f"a{user % 23}",
            day,
        )


FIELDS = ("event_id", "feature_key", "user_key", "account_key", "ts")
WRITERS: tuple[type[Writer], ...] = (ItemsCreated, ItemEdited, ItemOnPage, Comments, Events)
