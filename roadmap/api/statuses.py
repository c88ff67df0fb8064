"""The workspace's statuses."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.refusals import Refused
from listing.api import BY_ADMINS, Creates, Deletes, Edits, NounSerializer
from listing.pages import Sort
from roadmap.models import Status


class StatusSerializer(NounSerializer):
    """`position` is the place among all statuses, from 0; categories follow one another. `leads_to` holds the ids of the
    statuses that an item may get after this one; empty means any."""

    id = serializers.CharField(source="public_id", read_only=True)

    class Meta:
        model = Status
        fields = ["id", "version", "name", "category", "public_name", "position", "leads_to"]


class StatusViewSet(Creates, Edits, Deletes):
    """The workspace's statuses, in order. One that is in use is deleted with `?to=`, the status that its items get."""

    model = Status
    serializer_class = StatusSerializer
    place_field = ""
    sorts = [Sort("position"), Sort("pk")]
    roles = BY_ADMINS

    def rows(self) -> Any:
        return Status.objects.select_related("workspace")

    def perform_create(self, fields: dict[str, Any]) -> Status:
        return Status.add(self.request.workspace, by=self.actor, **fields)  # type: ignore[attr-defined]

    @extend_schema(parameters=[OpenApiParameter("to", str, description="The id of the status that its items get.")])
    def destroy(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        wanted = request.query_params.get("to", "").replace("\0", "")
        to = self.get_queryset().filter(public_id=wanted).first() if wanted else None
        if wanted and to is None:
            raise Refused(_("There is no status with the id in `to`."))
        self.get_object().remove(by=self.actor, to=to)
        return Response(status=204)
