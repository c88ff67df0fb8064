"""`python -m devservices.healthcheck web|worker|beat`: what a container is asked. Exit code 0 is well; else it says why."""

from __future__ import annotations

import datetime
import http.client
import os
import sys

import redis

from .programs import PORT
from .pulse import MARKS

# The worker marks every 2 s and beat every 5 s; a mark as old as this means that it hangs.
OLDEST = datetime.timedelta(seconds=60)


def main() -> int:
    role = sys.argv[1] if len(sys.argv) == 2 else ""
    if role not in ("web", "worker", "beat"):
        print("Say whom to ask: web, worker or beat.")
        return 2
    trouble = trouble_of_page() if role == "web" else trouble_of_mark(role)
    if trouble:
        print(trouble)
    return 1 if trouble else 0


def trouble_of_page() -> str:
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", PORT)), timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": "localhost"})
        answer = connection.getresponse()
        text = answer.read(200).decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return f"The page does not answer: {error}."
    finally:
        connection.close()
    return "" if answer.status == 200 else f"The page answers {answer.status}: {text}"


def trouble_of_mark(role: str) -> str:
    try:
        with redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=5, socket_connect_timeout=5) as client:
            mark = client.get(MARKS[role])
    except redis.RedisError as error:
        return f"REDIS_URL does not answer: {error}."
    if not isinstance(mark, bytes):
        return f"The {role} has left no mark."
    age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(mark.decode())
    return "" if age < OLDEST else f"The last mark of the {role} is {age.total_seconds():.0f} s old."


if __name__ == "__main__":
    sys.exit(main())
