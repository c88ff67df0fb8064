"""The write-only key of a product: it sends events and reads nothing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from usage.models import IngestKey


class IngestKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer cradle_ingest_…`. `request.auth` is the IngestKey; there is no user."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[None, IngestKey] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        key = IngestKey.by_secret(words[1].decode("ascii", "replace")) if len(words) == 2 else None
        if key is None:
            raise exceptions.AuthenticationFailed(_("This product key is unknown or revoked."))
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class WithIngestKey(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, IngestKey)


class IngestKeyScheme(OpenApiAuthenticationExtension):
    target_class = IngestKeyAuthentication
    name = "product key"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "The write-only key of a product."}
