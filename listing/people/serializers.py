from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from accounts.models import ApiToken, Invitation, Member, Team, Workspace
from accounts.roles import Role
from config import clock
from listing.api import NounSerializer, Related

MOST_MEMBERS = 500
#: What a member may do; named MemberRole in the schema (settings).
ROLES = [(role.name.lower(), role.label) for role in Role]


class RoleField(serializers.ChoiceField):
    """A role by its word: viewer, contributor, manager, admin, owner."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=ROLES, **options)

    def to_representation(self, value: Any) -> str:
        return Role(value).name.lower()

    def to_internal_value(self, data: Any) -> Role:
        return Role[super().to_internal_value(data).upper()]


class PublicIds(serializers.ListField):
    """Rows of the member's workspace by their public ids, fetched in one statement."""

    default_error_messages = {"unknown": gettext_lazy("Some of these do not exist here.")}
    child = serializers.CharField(max_length=22)

    def __init__(self, rows: Any = None, **options: Any) -> None:
        self.rows = rows
        super().__init__(max_length=MOST_MEMBERS, **options)

    def to_representation(self, data: Any) -> list[str]:
        return sorted(row.public_id for row in data.all())

    def to_internal_value(self, data: Any) -> list[Any]:
        wanted = set(super().to_internal_value(data))
        found = list(self.rows().visible_to(self.context["request"].member).filter(public_id__in=wanted))
        if len(found) != len(wanted):
            self.fail("unknown")
        return found


class WorkspaceSerializer(NounSerializer):
    class Meta:
        model = Workspace
        fields = ["slug", "version", "name", "time_zone", "week_start", "currency", "accent", "slip_days", "created_at"]
        read_only_fields = ["slug", "created_at"]


class MemberSerializer(NounSerializer):
    """A current member. Name and e-mail belong to the person and are changed by nobody else."""

    id = serializers.CharField(source="public_id", read_only=True)
    name = serializers.CharField(read_only=True)
    email = serializers.EmailField(source="user.email", read_only=True)
    role = RoleField()
    teams = PublicIds(rows=Team.objects.all)

    class Meta:
        model = Member
        fields = ["id", "version", "name", "email", "role", "job_title", "teams", "joined_at"]
        read_only_fields = ["joined_at"]


class TeamSerializer(NounSerializer):
    id = serializers.CharField(source="public_id", read_only=True)
    members = PublicIds(rows=Member.objects.current, required=False)

    class Meta:
        model = Team
        fields = ["id", "version", "name", "members"]

    def validate_name(self, name: str) -> str:
        others = Team.objects.visible_to(self.context["request"].member).filter(name__iexact=name)
        if self.instance is not None:
            others = others.exclude(pk=self.instance.pk)  # type: ignore[union-attr]
        if others.exists():
            raise serializers.ValidationError(_("There is a team with this name already."))
        return name


class InvitationSerializer(NounSerializer):
    """An invitation that is neither accepted nor revoked. Its link is in the mail and nowhere else."""

    id = serializers.CharField(source="public_id", read_only=True)
    role = RoleField()
    team = Related(Team, required=False, allow_null=True)
    invited_by = serializers.CharField(source="invited_by.public_id", read_only=True, default=None, allow_null=True)

    class Meta:
        model = Invitation
        fields = ["id", "version", "email", "role", "job_title", "team", "invited_by", "created_at", "expires_at"]
        read_only_fields = ["created_at", "expires_at"]

    def validate_email(self, email: str) -> str:
        here = Member.objects.visible_to(self.context["request"].member).current()
        if here.filter(user__email__iexact=email).exists():
            raise serializers.ValidationError(_("%(which)s is a member already.") % {"which": email})
        return email


class TokenSerializer(NounSerializer):
    """`secret` is in the first answer to the POST, and never again."""

    id = serializers.CharField(source="public_id", read_only=True)
    member = serializers.CharField(source="member.public_id", read_only=True)
    secret = serializers.SerializerMethodField()

    class Meta:
        model = ApiToken
        fields = ["id", "version", "name", "scope", "hint", "member", "expires_at", "created_at", "secret"]
        read_only_fields = ["hint", "created_at"]
        extra_kwargs = {"scope": {"required": True}}

    def get_secret(self, token: ApiToken) -> str | None:
        return self.context.get("secret")

    def validate_expires_at(self, instant: Any) -> Any:
        if instant is not None and instant <= clock.now():
            raise serializers.ValidationError(_("This instant is past."))
        return instant
