"""How the programs speak to their operator: one line an event on stderr, tracebacks without the values of variables."""

import sys

import structlog


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
