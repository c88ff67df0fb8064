"""What the browser tests of people share."""

from __future__ import annotations

from accounts.models import ApiToken, Invitation
from accounts.roles import Role
from tests.cast import Cast
from tests.factories import make_team


def fill(cast: Cast) -> None:
    """Teams, invitations and tokens, so that the pages have something to show."""
    make_team(cast.workspace, "Dispatch", cast.mona, cast.bob, cast.dave)
    make_team(cast.workspace, "Customer success", cast.bob, cast.carol)
    alice = cast.actor("alice")
    Invitation.write(cast.workspace, "nils.berg@polarline.example", Role.MANAGER, by=alice)
    Invitation.write(cast.workspace, "board@polarline.example", Role.VIEWER, by=cast.actor("anton"))
    ApiToken.issue(cast.bob, "CI release notes", "write", by=cast.actor("bob"))
    ApiToken.issue(cast.alice, "Warehouse export", by=alice)
