"""What accounts put around every page: the settings menu and the workspace switcher."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.roles import Role
from ui import shell


@dataclass(frozen=True)
class WorkspaceLink:
    name: str
    url: str


def is_admin(request: HttpRequest) -> bool:
    return request.member.may(Role.ADMIN)


def workspaces(request: HttpRequest) -> list[WorkspaceLink]:
    """Those that this person may switch to, by name. Costs no statement: the guard has fetched them."""
    members: list[Member] = getattr(request, "memberships", [])
    return [WorkspaceLink(member.workspace.name, member.workspace.get_absolute_url()) for member in members]


def register() -> None:
    you, workspace, access = _("You"), _("Workspace"), _("Data")
    shell.list_workspaces(workspaces)
    shell.add(
        shell.Entry("you", _("Profile"), "accounts:you", "circle-user-round", "settings", you, 10),
        shell.Entry(
            "workspace", _("General"), "accounts:workspace", "building-2", "settings", workspace, 30, shows=is_admin
        ),
        shell.Entry(
            "members", _("Members"), "accounts:members", "users", "settings", workspace, 31, also=("invitations",)
        ),
        shell.Entry("teams", _("Teams"), "accounts:teams", "waypoints", "settings", workspace, 32),
        shell.Entry("tokens", _("API tokens"), "accounts:tokens", "key-round", "settings", access, 60),
        shell.Entry(
            "security", _("Audit log"), "accounts:security", "scroll-text", "settings", access, 61, shows=is_admin
        ),
    )
