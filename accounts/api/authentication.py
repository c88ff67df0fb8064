"""An API token stands for its member: the same `request.member` and `request.actor` as on a page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts import presence
from accounts.access import remember_while_reading
from accounts.actors import Actor
from accounts.models import ApiToken, User


class TokenAuthentication(BaseAuthentication):
    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        token = ApiToken.by_secret(words[1].decode("ascii", "replace")) if len(words) == 2 else None
        if token is None:
            raise exceptions.AuthenticationFailed(_("This token is unknown, expired or revoked."))
        for target in (request, request._request):
            target.member, target.workspace, target.actor = token.member, token.workspace, Actor.token(token)
        remember_while_reading(request._request, token.member)
        presence.note(token)
        return token.member.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
