"""How the programs speak to their operator: one line an event on stderr, tracebacks without the values of variables."""

import sys
from typing import Any

import structlog
from django.core.signals import got_request_exception
from django.http import HttpRequest

log = structlog.get_logger()


def configure() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                exception_formatter=structlog.dev.plain_traceback,  # others print what passwords were
            ),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.__stderr__),  # Celery puts another one in its place
        cache_logger_on_first_use=True,
    )
    got_request_exception.connect(_tell_of_failed_request, dispatch_uid="config.logs")


def _tell_of_failed_request(request: HttpRequest | None = None, **_more: Any) -> None:
    """Of an error that nobody expected. The address is left out: it may hold the token of a shared page or an invitation."""
    match = getattr(request, "resolver_match", None)
    method = getattr(request, "method", None)
    log.error("request_failed", method=method, view=match.view_name if match else None, exc_info=True)
