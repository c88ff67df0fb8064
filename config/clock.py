"""The one source of now (FOUNDATION.md, "Time, money"). Everything else is banned by lint."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
