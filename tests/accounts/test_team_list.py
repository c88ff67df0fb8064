from accounts import teams
from accounts.models import Team
from accounts.roles import Role
from tests.factories import SYSTEM, make_member


def test_a_team_is_listed_with_its_size_and_the_names_of_those_who_came_first(cast):
    many = [make_member(cast.workspace, Role.VIEWER, f"Rita {n}") for n in range(5)]
    many[1].user.name = ""
    many[1].user.save()
    Team.form(cast.workspace, "Yard", many, by=SYSTEM)
    Team.form(cast.workspace, "Attic", by=SYSTEM)
    listed = {team.name: team for team in teams.listed(cast.carol)}
    assert (listed["Yard"].size, listed["Yard"].faces) == (5, ["Rita 0", many[1].user.email, "Rita 2"])
    assert (listed["Attic"].size, listed["Attic"].faces) == (0, [])
    assert list(listed) == sorted(listed)
    assert not {"Yard", "Attic"} & {team.name for team in teams.listed(cast.mallory)}


def test_the_members_page_asks_as_much_for_thirty_members_and_teams_as_for_three(cast, as_member, count_queries):
    alice, path = as_member(cast.alice), f"/w/{cast.workspace.slug}/settings/members/"

    def grow(number):
        for n in range(number):
            member = make_member(cast.workspace, Role.VIEWER, f"Rita {number} {n}")
            Team.form(cast.workspace, f"Team of {member.public_id}", [member], by=SYSTEM)

    grow(3)
    alice.get(path)
    few = count_queries(lambda: alice.get(path))
    grow(27)
    assert count_queries(lambda: alice.get(path)) == few
