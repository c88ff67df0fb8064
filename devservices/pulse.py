"""Whether page, worker and beat answer. The worker and beat leave their marks in Valkey (config/celery.py)."""

from __future__ import annotations

import http.client

import redis

# Written by a task that beat sends and the worker runs, by the worker's own heart, and by beat as it sends.
MARKS = {"worker": "cradle:worker", "beat": "cradle:beat", "job": "cradle:job"}


class Pulse:
    def __init__(self, port: int, redis_url: str) -> None:
        self.port = port
        self.redis = redis.Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2)

    def forget(self) -> None:
        """Remove the marks of an earlier run, so that those found later are new."""
        self.redis.delete(*MARKS.values())

    def jobs_run(self) -> bool:
        """Beat has sent, the worker lives and has run what beat sent."""
        try:
            return None not in self.redis.mget(list(MARKS.values()))
        except redis.RedisError:
            return False

    def page_answers(self) -> bool:
        """The server can do its work, and what it serves first is no failure."""
        return self._status("/readyz") == 200 and 0 < self._status("/") < 500

    def _status(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
