"""The audit log: the one history, read for what concerns people and access, in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.actors import ActorKind
from accounts.models import ApiToken, Invitation, Member, Team, TeamMember, Workspace
from accounts.ports import ports
from accounts.prepared import Prepared
from accounts.roles import Role

NOUNS = [model._meta.db_table for model in (Workspace, Member, Invitation, Team, TeamMember, ApiToken)]
MEMBER, INVITATION, TEAM, SEAT, TOKEN = (
    model._meta.db_table for model in (Member, Invitation, Team, TeamMember, ApiToken)
)


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str
    is_cradle: bool
    icon: str
    what: str


def lines_of(workspace: Workspace, *, skip: int = 0, limit: int = 50) -> list[Line]:
    """One line for each row that a change touched, newest first. Three statements, however many lines."""
    versions = ports.versions_of(workspace, NOUNS, skip=skip, limit=limit)
    names = _names(versions)
    return [_line(version, names) for version in versions]


def _line(version: Any, names: dict[tuple[str, int], str]) -> Line:
    change = version.change
    icon, what = _told(version, names)
    who = str(change.member) if change.member else _("Cradle")
    if change.actor_kind == ActorKind.TOKEN:
        who = _("%(who)s by the token %(token)s") % {"who": who, "token": change.actor_label}
    return Line(change.at, who, change.member is None, icon, what)


def _told(version: Any, names: dict[tuple[str, int], str]) -> tuple[str, str]:
    state, earlier, columns = version.state, version.earlier or {}, version.columns
    if version.noun == MEMBER:
        return "users", _told_of_member(names[MEMBER, version.row_id], version.operation, state, earlier, columns)
    if version.noun == INVITATION:
        return "mail", _told_of_invitation(version.operation, state, columns)
    if version.noun == TEAM:
        return "users", _told_of_team(version.operation, state, earlier)
    if version.noun == SEAT:
        told = {"member": names.get((MEMBER, state["member_id"]), ""), "team": names.get((TEAM, state["team_id"]), "")}
        if version.operation == "D":
            return "users", _("%(member)s left the team %(team)s") % told
        return "users", _("%(member)s joined the team %(team)s") % told
    if version.noun == TOKEN:
        if "revoked_at" in columns and state["revoked_at"]:
            return "key-round", _("Revoked the token %(name)s") % state
        return "key-round", _("Issued the token %(name)s") % state
    if version.operation == "I":
        return "building-2", _("Founded the workspace")
    if "deleted_at" in columns and state["deleted_at"]:
        return "building-2", _("Deleted the workspace")
    fields = [str(Workspace._meta.get_field(name).verbose_name) for name in columns]
    return "settings", _("Changed the workspace: %(fields)s") % {"fields": ", ".join(fields)}


def _told_of_member(
    name: str, operation: str, state: dict[str, Any], earlier: dict[str, Any], columns: list[str]
) -> str:
    role = {"name": name, "role": Role(state["role"]).label}
    if operation == "I" or ("removed_at" in columns and state["removed_at"] is None):
        return _("%(name)s joined as %(role)s") % role
    if "removed_at" in columns:
        return _("Removed %(name)s") % role
    if "role" in columns:
        return _("Changed %(name)s from %(before)s to %(role)s") % {**role, "before": Role(earlier["role"]).label}
    return _("Changed %(name)s") % role


def _told_of_invitation(operation: str, state: dict[str, Any], columns: list[str]) -> str:
    told = {"email": state["email"], "role": Role(state["role"]).label}
    if operation == "I":
        return _("Invited %(email)s as %(role)s") % told
    if "accepted_at" in columns:
        return _("%(email)s accepted the invitation") % told
    if "revoked_at" in columns:
        return _("Revoked the invitation of %(email)s") % told
    return _("Sent %(email)s the invitation again") % told


def _told_of_team(operation: str, state: dict[str, Any], earlier: dict[str, Any]) -> str:
    if operation == "I":
        return _("Made the team %(name)s") % state
    if operation == "D":
        return _("Dissolved the team %(name)s") % state
    return _("Renamed the team %(before)s to %(name)s") % {**state, "before": earlier.get("name", "")}


def _names(versions: Iterable[Any]) -> dict[tuple[str, int], str]:
    """The names of the members and teams that the lines speak of; a dissolved team has none any more."""
    members, teams = set(), set()
    for version in versions:
        if version.noun == MEMBER:
            members.add(version.row_id)
        if version.noun == SEAT:
            members.add(version.state["member_id"])
            teams.add(version.state["team_id"])
    found = {(MEMBER, pk): name or email for pk, name, email in MEMBERS.rows(list(members))} if members else {}
    return found | ({(TEAM, pk): name for pk, name in TEAMS.rows(list(teams))} if teams else {})


MEMBERS = Prepared(
    lambda ids: Member.objects.filter(pk__among=ids).order_by().values_list("pk", "user__name", "user__email")
)
TEAMS = Prepared(lambda ids: Team.objects.filter(pk__among=ids).order_by().values_list("pk", "name"))
