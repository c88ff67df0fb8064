from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import may_look_after, roles_to_give
from accounts.models import ApiToken, Invitation, Member, Team, Workspace
from accounts.refusals import Refused
from accounts.roles import Role
from changes.concurrency import check_unseen_changes
from listing.api import BY_ADMINS, NAMED, Creates, Edits, NounViewSet
from listing.pages import Sort
from listing.people.serializers import (
    InvitationSerializer,
    MemberSerializer,
    TeamSerializer,
    TokenSerializer,
    WorkspaceSerializer,
)


class OfPeople(NounViewSet):
    """Rows of the workspace: the member's own role decides."""

    place_field = ""

    def locked(self, row: models.Model, seen: int | None, fields: dict[str, Any]) -> Any:
        """The row, fresh and locked, unless somebody has changed one of these fields since version `seen`."""
        fresh = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
        columns = {field.name for field in row._meta.concrete_fields}
        check_unseen_changes(fresh, seen, {name: value for name, value in fields.items() if name in columns})
        return fresh


class WorkspaceViewSet(OfPeople, Edits):
    """The workspace of the token."""

    model = Workspace
    serializer_class = WorkspaceSerializer
    lookup_field = "slug"
    sorts = [Sort("slug")]
    roles = {**NAMED, "partial_update": Role.ADMIN}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Workspace.objects.none()
        return Workspace.objects.filter(pk=self.member.workspace_id)

    def perform_update(self, row: Workspace, fields: dict[str, Any], seen: int | None) -> None:
        with transaction.atomic():
            self.locked(row, seen, fields).edit(by=self.actor, **fields)
        row.refresh_from_db()


class MemberViewSet(OfPeople, Edits):
    """Current members. PATCH changes role, job title and teams; DELETE ends the membership at once."""

    model = Member
    serializer_class = MemberSerializer
    sorts = [Sort("user__email"), Sort("public_id")]
    roles = {**NAMED, "partial_update": Role.ADMIN, "destroy": Role.ADMIN}

    def rows(self) -> Any:
        return Member.objects.current().select_related("user", "workspace").prefetch_related("teams")

    def perform_update(self, row: Member, fields: dict[str, Any], seen: int | None) -> None:
        if "role" in fields and fields["role"] != row.role:
            self._require_over(row, fields["role"])
        with transaction.atomic():
            member = self.locked(row, seen, fields)
            wanted = {"role": Role(member.role), "job_title": member.job_title, "teams": member.teams.all(), **fields}
            member.look_after(**wanted, by=self.actor)
        row.refresh_from_db()
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()
        self._require_over(row)
        row.remove(by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _require_over(self, row: Member, role: Role | None = None) -> None:
        if not may_look_after(self.member, row) or (role is not None and role not in roles_to_give(self.member)):
            raise PermissionDenied(_("Only an owner makes, changes or removes owners."))


class TeamViewSet(OfPeople, Creates, Edits):
    """Teams. `members` are the public ids of all of them; a PATCH with it seats exactly these."""

    model = Team
    serializer_class = TeamSerializer
    sorts = [Sort("name"), Sort("public_id")]
    roles = BY_ADMINS

    def rows(self) -> Any:
        return Team.objects.select_related("workspace").prefetch_related("members")

    def perform_create(self, fields: dict[str, Any]) -> Team:
        team = Team.form(self.member.workspace, fields["name"], fields.get("members", []), by=self.actor)
        team.refresh_from_db()
        return team

    def perform_update(self, row: Team, fields: dict[str, Any], seen: int | None) -> None:
        with transaction.atomic():
            team = self.locked(row, seen, fields)
            team.become(fields.get("name", team.name), fields.get("members", team.members.all()), by=self.actor)
        row.refresh_from_db()
        row._prefetched_objects_cache = {}  # type: ignore[attr-defined]

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.get_object().dissolve(by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class InvitationViewSet(OfPeople, Creates):
    """Pending invitations. DELETE revokes; `send-again` mails a fresh link, after which the old one is dead."""

    model = Invitation
    serializer_class = InvitationSerializer
    sorts = [Sort("created_at", descending=True), Sort("public_id")]
    roles = {**dict.fromkeys(NAMED, Role.ADMIN), "create": Role.ADMIN, "destroy": Role.ADMIN, "send_again": Role.ADMIN}

    def rows(self) -> Any:
        return Invitation.objects.pending().select_related("workspace", "team", "invited_by__user")

    def get_object(self) -> Invitation:
        row: Invitation = super().get_object()
        if self.action != "retrieve" and row.role not in roles_to_give(self.member):
            raise PermissionDenied(_("Only an owner makes, changes or removes owners."))
        return row

    def perform_create(self, fields: dict[str, Any]) -> Invitation:
        if fields["role"] not in roles_to_give(self.member):
            raise PermissionDenied(_("Only an owner makes, changes or removes owners."))
        invitation, _secret = Invitation.write(self.member.workspace, **fields, by=self.actor)
        invitation.refresh_from_db()
        return invitation

    @action(detail=True, methods=["post"], url_path="send-again", url_name="send-again", takes_body=False)
    def send_again(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        row = self.get_object()

        def write() -> Response:
            row.send_again(by=self.actor)
            row.refresh_from_db()
            return self._answer(row)

        return self.once(write)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.get_object().revoke(by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)


class TokenViewSet(OfPeople, Creates):
    """One's own tokens, for admins everybody's. DELETE revokes."""

    model = ApiToken
    serializer_class = TokenSerializer
    sorts = [Sort("created_at", descending=True), Sort("public_id")]
    roles = {**NAMED, "create": Role.VIEWER, "destroy": Role.VIEWER}

    def rows(self) -> Any:
        return ApiToken.objects.valid().select_related("member", "workspace")

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The secret joins the answer after it was stored for its Idempotency-Key: nothing keeps it but the caller."""
        self.secret = ""
        response = super().create(request, *args, **kwargs)
        if self.secret:
            response.data = {**response.data, "secret": self.secret}
        return response

    def perform_create(self, fields: dict[str, Any]) -> ApiToken:
        own_end, end = self.request.auth.expires_at, fields.get("expires_at")
        if own_end is not None and (end is None or end > own_end):
            raise Refused(_("A token cannot make one that outlives it. Give an `expires_at` no later than its own."))
        token, self.secret = ApiToken.issue(
            self.member, fields["name"], fields["scope"], fields.get("expires_at"), by=self.actor
        )
        token.refresh_from_db()
        return token

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        self.get_object().revoke(by=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
