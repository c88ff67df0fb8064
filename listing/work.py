"""Work that goes on after an answer, in the API: how far a job is, and what it came to."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jobs.models import Job, State
from listing.api import NounViewSet
from listing.pages import Sort


class LeftSerializer(serializers.Serializer[Any]):
    """Of how many items something stayed as it was, and why."""

    items = serializers.IntegerField()
    why = serializers.CharField()


class OutcomeSerializer(serializers.Serializer[Any]):
    """`changed` items; `version` names the change, for as long as there was one: what undoes it takes that."""

    changed = serializers.IntegerField()
    left = LeftSerializer(many=True)
    version = serializers.IntegerField(allow_null=True)


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job. While its `state` is queued or running, ask again; `done` of `total` says how far it is. `error` is a sentence where it failed."""

    id = serializers.CharField(source="public_id", read_only=True)
    kind = serializers.CharField(read_only=True)
    label = serializers.CharField(read_only=True)
    title = serializers.CharField(read_only=True)
    state = serializers.ChoiceField(State.choices, read_only=True)
    done = serializers.IntegerField(source="progress_done", read_only=True)
    total = serializers.IntegerField(source="progress_total", read_only=True, allow_null=True)
    outcome = serializers.SerializerMethodField(help_text=_("What a change of many items came to, when it is done."))
    error = serializers.CharField(read_only=True)

    class Meta:
        model = Job
        fields = [
            "id", "kind", "label", "title", "state", "done", "total", "outcome", "error", "created_at", "finished_at",
        ]  # fmt: skip
        read_only_fields = ["created_at", "finished_at"]

    @extend_schema_field(OutcomeSerializer(allow_null=True))
    def get_outcome(self, job: Job) -> dict[str, Any] | None:
        kept = job.result
        if job.state != State.DONE or "changed" not in kept:
            return None
        return outcome(kept["changed"], kept.get("reasons", ()), kept["change"])


def outcome(changed: int, reasons: Any, change: int) -> dict[str, Any]:
    """What a change of many came to, in the words of the API."""
    left = [{"items": count, "why": sentence} for count, sentence in reasons]
    return {"changed": changed, "left": left, "version": change or None}


class JobViewSet(NounViewSet):
    """Jobs that you asked for, in the browser too, the newest first; an admin sees all of the workspace."""

    model = Job
    serializer_class = JobSerializer
    sorts = [Sort("pk", descending=True)]
    place_field = ""
