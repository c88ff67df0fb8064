"""Who works at Polarline: the workspace, its people and their teams."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password

from accounts.actors import Actor
from accounts.models import Member, Team, TeamMember, User, Workspace
from accounts.models.workspace import Weekday
from accounts.roles import JobTitle, Role
from changes.models import Change
from demo.story import Story

PASSWORD = "demo-polarline"  # noqa: S105 - printed on every start; the demo is for looking around


def found(story: Story) -> None:
    told = story.source["workspace"]
    story.workspace = Workspace.found(
        told["name"], told["slug"], time_zone=told["time_zone"], currency=told["currency"],
        week_start=Weekday[told["week_starts"].upper()],
    )  # fmt: skip
    teams: dict[str, list[Member]] = {}
    for person in story.source["members"]:
        user = User.objects.create_user(person["email"], None, name=person["name"])
        title = person["job_title"] if person["job_title"] in JobTitle.values else ""
        role = Role[person["role"].upper()]
        member = Member.admit(user, story.workspace, role, by=Actor.system(), job_title=title)
        for team in person["teams"]:
            teams.setdefault(team, []).append(member)
    # One hash for all: each is meant to cost a tenth of a second and a hundred megabytes.
    people = User.objects.filter(email__in=[person["email"] for person in story.source["members"]])
    people.update(password=make_password(PASSWORD))
    with Change.open("team.made", by=Actor.system(), workspace=story.workspace):
        for told_team in story.source["teams"]:
            team = Team.objects.create(workspace=story.workspace, name=told_team["name"])
            for member in teams.get(team.name, ()):
                TeamMember.objects.create(workspace=story.workspace, team=team, member=member)
