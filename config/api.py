"""/api/v1/: the routers of the apps, joined, and how errors are told."""

from __future__ import annotations

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.refusals import Refused


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal of a verb answers 422 with its sentence; everything else as DRF does."""
    if isinstance(error, Refused):
        return Response({"detail": str(error)}, status=422)
    return exception_handler(error, context)
