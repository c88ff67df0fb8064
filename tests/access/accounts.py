from accounts.models import ApiToken, Invitation
from accounts.roles import Role
from tests.access.world import CANARY, World


def contribute(world: World) -> None:
    alice = world.cast.actor("alice")
    invitation, _secret = Invitation.write(world.cast.workspace, f"{CANARY}@example.com", Role.VIEWER, by=alice)
    token, _secret = ApiToken.issue(world.cast.bob, f"Token {world.canary}", by=world.cast.actor("bob"))
    team = world.cast.secret.team_links.get().team
    world.arguments.update(member=world.cast.bob.public_id, invitation=invitation.public_id, token=token.public_id)
    world.arguments["team"] = team.public_id
    world.foreign.update(team=team.public_id, teams=team.public_id, members=world.cast.bob.public_id)
    world.arguments["workspace-detail", "slug"] = world.cast.workspace.slug
    world.arguments["member-detail", "public_id"] = world.cast.bob.public_id
    world.arguments["team-detail", "public_id"] = team.public_id
    world.arguments["token-detail", "public_id"] = token.public_id
    for name in ("invitation-detail", "invitation-send-again"):
        world.arguments[name, "public_id"] = invitation.public_id
    world.controls["invitation-send-again"] = ("post", {}, {})
    world.controls["member-detail"] = ("patch", {"job_title": "designer"}, {"If-Match": "*"})
    world.controls["team-list"] = ("post", {"name": "control"}, {})
