"""Signs of life of worker and beat, as ISO times in Valkey; `./cradle up` and the containers' health checks read them.

`cradle:worker` is written by the worker's own heart, also while all its processes are busy; `cradle:beat` by beat as it
sends the task below; `cradle:job` by the worker as it runs that task, and so proves the whole round.
"""

import logging
from functools import cache
from typing import Any

import redis
from celery import shared_task
from celery.signals import before_task_publish, heartbeat_sent
from django.conf import settings

from config.clock import now

WORKER, BEAT, JOB = "cradle:worker", "cradle:beat", "cradle:job"
logger = logging.getLogger(__name__)


@shared_task(expires=60, acks_late=False)
def beat_once() -> None:
    """Sent by beat alone. Not kept: where nobody ran it in time, the missing mark is the message."""
    mark(JOB)


@heartbeat_sent.connect
def worker_lives(**_: Any) -> None:
    mark(WORKER)


@before_task_publish.connect(sender="config.pulse.beat_once")
def beat_lives(**_: Any) -> None:
    mark(BEAT)


@cache
def valkey() -> redis.Redis:
    return redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=2, socket_connect_timeout=2)


def mark(key: str) -> None:
    """A mark that can't be written is a missing mark; the caller's work goes on."""
    try:
        valkey().set(key, now().isoformat())
    except redis.RedisError as error:
        logger.warning("The mark %s could not be written: %s", key, error)
