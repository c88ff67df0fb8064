"""POST /api/v1/events/: events of one product, in batches."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, inline_serializer
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.refusals import Refused
from usage.api.authentication import IngestKeyAuthentication, WithIngestKey
from usage.intake import FIELDS, Unusable
from usage.models import IngestKey, Reason
from usage.writer import EventWriter, Taken, backlog

MOST_EVENTS = 10_000
LONGEST_IDEMPOTENCY_KEY = 120


class TooLarge(exceptions.APIException):
    status_code = 413
    default_code = "too_large"


class Busy(exceptions.Throttled):
    """More events wait to be rolled up than we are willing to keep waiting."""

    def __init__(self) -> None:
        super().__init__(wait=settings.USAGE_RETRY_AFTER, detail=_("Too many events wait to be counted."))


class EventSerializer(serializers.Serializer[Any]):
    """One thing that an end user did. Only for the schema: parsing is done in bulk (usage/intake.py)."""

    event_id = serializers.CharField(help_text="Yours, a UUID by preference. Sent again within 7 days it counts once.")
    feature_key = serializers.CharField(help_text="The stable name of the feature.")
    user_key = serializers.CharField(help_text="The person, by a name that tells you who it is and us nothing.")
    account_key = serializers.CharField(help_text="The company; where there is none, the person once more.")
    ts = serializers.CharField(help_text="When, as 2026-03-05T09:30:00Z. Without a zone it is UTC.")


REJECTION = inline_serializer(
    "EventRejection",
    {
        "index": serializers.IntegerField(help_text="Its place in the batch, from 0."),
        "reason": serializers.ChoiceField(choices=[reason.value for reason in Reason]),
        "detail": serializers.CharField(),
    },
)
PROBLEM = inline_serializer("EventsRefused", {"detail": serializers.CharField()})


class EventsView(APIView):
    """Write-only: a product key reads nothing, not even what it sent."""

    authentication_classes = [IngestKeyAuthentication]
    permission_classes = [WithIngestKey]

    @extend_schema(
        operation_id="events_create",
        summary="Send events of a product",
        request=inline_serializer(
            "EventBatch", {"events": EventSerializer(many=True), "batch_id": serializers.CharField(required=False)}
        ),
        parameters=[
            OpenApiParameter(
                "Idempotency-Key", str, "header",
                description="Names the batch (as `batch_id` does): sent again, it gets the same answer and counts once.",
            )
        ],
        responses={
            200: inline_serializer(
                "EventBatchAnswer", {"accepted": serializers.IntegerField(), "rejected": serializers.ListField(child=REJECTION)}
            ),
            400: OpenApiResponse(PROBLEM, "Not JSON"),
            401: OpenApiResponse(PROBLEM, "No valid product key"),
            413: OpenApiResponse(PROBLEM, f"More than {MOST_EVENTS} events, or more than the server's limit of bytes"),
            415: OpenApiResponse(PROBLEM, "Not application/json"),
            422: OpenApiResponse(PROBLEM, "Not a batch, or a key that was used with another body"),
            429: OpenApiResponse(PROBLEM, "Too many events wait to be counted; try again after Retry-After seconds"),
        },
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        key: IngestKey = request.auth
        body = _body_of(request)
        events, batch_id = _batch_in(body)
        name = _name_of_batch(request, batch_id)
        digest = hashlib.sha256(body).hexdigest()
        if backlog(key.product) > settings.USAGE_BACKLOG_LIMIT:
            raise Busy
        taken = EventWriter(key.product, ingest_key=key).write(
            [(place, _values_of(event)) for place, event in enumerate(events)], idempotency_key=name, body_digest=digest
        )
        return _answer(taken, digest)


def _body_of(request: Request) -> bytes:
    if not (request.content_type or "").startswith("application/json"):
        raise exceptions.UnsupportedMediaType(request.content_type or "")
    try:
        return request._request.body
    except RequestDataTooBig:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024
        raise TooLarge(_("The batch has more than %(limit)d kB. Send smaller ones.") % {"limit": limit}) from None


def _batch_in(body: bytes) -> tuple[list[Any], Any]:
    """The events of a body, which is {"events": […], "batch_id": …} or the list alone."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        raise exceptions.ParseError(_("The body is not valid JSON.")) from None
    events, batch_id = (sent.get("events"), sent.get("batch_id")) if isinstance(sent, dict) else (sent, None)
    if not isinstance(events, list):
        raise Refused(_("Send {“events”: […]} or a list of events."))
    if len(events) > MOST_EVENTS:
        raise TooLarge(_("Send at most %(most)d events at once.") % {"most": MOST_EVENTS})
    return events, batch_id


def _name_of_batch(request: Request, batch_id: Any) -> str | None:
    name = request.headers.get("Idempotency-Key") or batch_id
    if name is None or name == "":
        return None
    if not isinstance(name, str) or len(name) > LONGEST_IDEMPOTENCY_KEY or not name.isprintable():
        raise Refused(_("An Idempotency-Key or batch_id has up to 120 printable characters."))
    return f"api:{name}"


def _values_of(event: Any) -> Any:
    if not isinstance(event, dict):
        return Unusable(Reason.MALFORMED, _("The event is not an object with fields."), repr(event)[:1000])
    return [event.get(field) for field in FIELDS]


def _answer(taken: Taken, digest: str) -> Response:
    if taken.already and taken.already.body_digest != digest:
        raise Refused(_("This batch was sent before with another body. Use a new key for a new batch."))
    rejected = [
        {"index": rejection.line, "reason": rejection.reason.value, "detail": rejection.detail}
        for rejection in taken.rejections
    ]
    response = Response({"accepted": taken.accepted, "rejected": rejected})
    if taken.already:
        response["Idempotent-Replay"] = "true"
    return response
