from accounts.models.invitation import Invitation
from accounts.models.link import OneTimeLink
from accounts.models.member import Member
from accounts.models.team import Team, TeamMember
from accounts.models.token import ApiToken
from accounts.models.user import User
from accounts.models.workspace import Workspace

__all__ = ["ApiToken", "Invitation", "Member", "OneTimeLink", "Team", "TeamMember", "User", "Workspace"]
