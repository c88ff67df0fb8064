from __future__ import annotations

import io
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Role
from discussion.api.serializers import AttachmentSerializer, CommentSerializer, CommentTextSerializer
from discussion.edits import texts_of
from discussion.models import Attachment, Comment
from discussion.views.attachments import given_out
from listing.api import Creates, Deletes, Edits
from listing.openapi import WHOLE
from listing.pages import Sort


class CommentViewSet(Creates, Edits, Deletes):
    """Comments of the threads that the token's member sees; `?thread=` chooses one. Only authors edit theirs."""

    model = Comment
    serializer_class = CommentSerializer
    place_field = "thread"
    sorts = [Sort("pk")]
    roles = {
        "list": Role.VIEWER,
        "retrieve": Role.VIEWER,
        "create": Role.CONTRIBUTOR,
        "partial_update": Role.CONTRIBUTOR,
        "destroy": Role.CONTRIBUTOR,
        "edits": Role.VIEWER,
    }

    def rows(self) -> Any:
        rows = Comment.objects.select_related("author__user", "thread")
        thread = self.request.query_params.get("thread", "")
        return rows.filter(thread__public_id=thread.replace("\0", "")) if thread else rows

    @extend_schema(responses=CommentTextSerializer(many=True), extensions={WHOLE: True})
    @action(detail=True, methods=["get"], pagination_class=None)
    def edits(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What it said: the text of today first, the one that was posted last; the newest 50."""
        return Response(CommentTextSerializer(texts_of(self.get_object()), many=True).data)

    def perform_create(self, fields: dict[str, Any]) -> Comment:
        self.require_at(fields["thread"])
        return Comment.post(fields["thread"], fields["body"], by=self.actor)

    def perform_update(self, row: Comment, fields: dict[str, Any], seen: int | None) -> None:
        if not row.may_be_edited_by(self.member):
            raise PermissionDenied
        row.edit(by=self.actor, seen=seen, body=fields["body"])

    def get_object(self) -> Comment:
        row = super().get_object()
        if self.action == "destroy" and not row.may_be_deleted_by(self.member):
            raise PermissionDenied
        return row


class AttachmentViewSet(Creates, Deletes):
    """Files at the threads that the token's member sees; `?thread=` chooses one. Authors and managers delete them."""

    model = Attachment
    serializer_class = AttachmentSerializer
    place_field = "thread"
    sorts = [Sort("pk")]
    roles = {
        "list": Role.VIEWER,
        "retrieve": Role.VIEWER,
        "content": Role.VIEWER,
        "create": Role.CONTRIBUTOR,
        "destroy": Role.CONTRIBUTOR,
    }

    def rows(self) -> Any:
        rows = Attachment.objects.select_related("author", "thread", "workspace")
        thread = self.request.query_params.get("thread", "")
        return rows.filter(thread__public_id=thread.replace("\0", "")) if thread else rows

    def perform_create(self, fields: dict[str, Any]) -> Attachment:
        self.require_at(fields["thread"])
        content = fields["content"]
        return Attachment.attach(fields["thread"], fields["name"], io.BytesIO(content), len(content), by=self.actor)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def content(self, request: Request, *args: Any, **kwargs: Any) -> FileResponse:
        return given_out(self.get_object())

    def get_object(self) -> Attachment:
        row = super().get_object()
        if self.action == "destroy" and not row.may_be_deleted_by(self.member):
            raise PermissionDenied
        return row
