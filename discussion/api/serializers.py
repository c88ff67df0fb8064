from __future__ import annotations

import base64
import binascii
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from discussion.models import Attachment, Comment, Thread
from listing.api import NounSerializer, Related


class CommentSerializer(NounSerializer):
    """A comment. `thread` is the `thread` of the item (or other row) that it speaks about, and stays what it was."""

    thread = Related(Thread)
    author = serializers.CharField(source="author.public_id", read_only=True, default=None, allow_null=True)
    author_name = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = [
            "public_id",
            "version",
            "thread",
            "author",
            "author_name",
            "body",
            "created_at",
            "edited_at",
            "imported_from",
        ]
        read_only_fields = ["public_id", "created_at", "edited_at", "imported_from"]

    def get_author_name(self, comment: Comment) -> str:
        return comment.author.name if comment.author is not None else comment.author_label

    def validate(self, fields: dict[str, Any]) -> dict[str, Any]:
        if "\0" in fields.get("body", ""):
            raise serializers.ValidationError({"body": _("This text contains a character that cannot be stored.")})
        if self.instance is not None and fields.pop("thread", self.instance.thread) != self.instance.thread:
            raise serializers.ValidationError({"thread": _("A comment stays where it was said.")})
        return fields


class CommentTextSerializer(serializers.Serializer[Any]):
    """What a comment said from `at` on. `member` is null where it was said elsewhere or by Cradle."""

    at = serializers.DateTimeField(read_only=True)
    member = serializers.CharField(read_only=True, allow_null=True)
    name = serializers.CharField(source="who", read_only=True)
    body = serializers.CharField(read_only=True)


@extend_schema_field(OpenApiTypes.BYTE)
class Base64Field(serializers.Field[bytes, str, Any, Any]):
    def to_internal_value(self, data: Any) -> bytes:
        try:
            return base64.b64decode(str(data), validate=True)
        except (binascii.Error, ValueError) as error:
            raise serializers.ValidationError(_("Send the file's bytes in base64.")) from error


class AttachmentSerializer(NounSerializer):
    """A file at a thread. Its bytes are sent in base64, and fetched from `/attachments/<id>/content/`."""

    id = serializers.CharField(source="public_id", read_only=True)
    thread = Related(Thread)
    author = serializers.CharField(source="author.public_id", read_only=True, default=None, allow_null=True)
    content = Base64Field(write_only=True)

    class Meta:
        model = Attachment
        fields = ["id", "version", "thread", "author", "name", "size", "content_type", "content", "created_at"]
        read_only_fields = ["size", "content_type", "created_at"]
