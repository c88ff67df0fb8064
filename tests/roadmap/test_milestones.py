"""Milestones are days on the timeline: added, moved and taken away by managers, seen by all."""

from __future__ import annotations

from datetime import date

from roadmap.models import Milestone, Release
from tests.factories import SYSTEM

ROADMAP = "/w/polarline/p/DSP/roadmap/?at=2026-11-19"
ADD = "/w/polarline/p/DSP/milestones/add/"


def milestone(cast, name="FreshPoint go-live", day="2027-04-19") -> Milestone:
    day_ = date.fromisoformat(day)
    return Milestone.add(cast.workspace, by=cast.actor("mona"), product=cast.product, name=name, day=day_)


def test_a_manager_puts_one_on_the_timeline_and_undo_takes_it_away(cast, as_member):
    mona = as_member(cast.mona)
    assert mona.post(ADD, {"name": "Yearly check-up", "day": "2027-03-03"}).status_code == 302
    assert b"Yearly check-up" in mona.get(ROADMAP).content
    mona.post(f"/w/polarline/changes/{Milestone.objects.get().change_id}/undo/")
    assert b"Yearly check-up" not in mona.get(ROADMAP).content


def test_it_is_moved_and_its_timeline_told_by_name_to_a_viewer_without_a_link(cast, as_member):
    one = milestone(cast)
    url = f"/w/polarline/p/DSP/milestones/{one.public_id}/edit/"
    mona = as_member(cast.mona)
    assert mona.get(url).status_code == 200
    assert mona.post(url, {"name": one.name, "day": "2027-05-03", "seen": one.change_id}).status_code == 302
    one.refresh_from_db()
    assert one.day == date(2027, 5, 3)
    seen = as_member(cast.carol).get(ROADMAP).content.decode()
    assert "FreshPoint go-live" in seen
    assert one.public_id not in seen


def test_a_day_that_somebody_else_moved_meanwhile_is_a_conflict_with_both_values(cast, as_member):
    one = milestone(cast)
    seen = one.change_id
    one.edit(by=cast.actor("alice"), day=date(2027, 6, 1))
    url = f"/w/polarline/p/DSP/milestones/{one.public_id}/edit/"
    answer = as_member(cast.mona).post(url, {"name": one.name, "day": "2027-05-03", "seen": seen})
    assert answer.status_code == 409
    assert "Alice" in answer.content.decode()
    assert "2027-05-03" in answer.content.decode()


def test_what_is_missing_is_said_and_a_contributor_may_not(cast, as_member):
    answer = as_member(cast.mona).post(ADD, {"name": "No day", "day": ""})
    assert answer.status_code == 422
    assert "No day" in answer.content.decode()
    assert as_member(cast.bob).post(ADD, {"name": "x", "day": "2027-03-03"}).status_code == 403


def test_markers_that_stand_close_get_rows_of_their_own_and_releases_the_first_ones(cast, as_member):
    Release.plan(cast.product, "5.3 Quiet cab", by=SYSTEM, ends_on=date(2027, 2, 16))
    for name, day in (("Yearly check-up", "2027-03-03"), ("Fair in Hamburg", "2027-03-08"), ("Far away", "2026-10-05")):
        milestone(cast, name, day)
    plan = as_member(cast.carol).get(ROADMAP).context["plan"].placed
    rows = {marker.name: marker.row for marker in plan.markers if marker.kind == "milestone"}
    assert rows == {
        "Far away": 0,
        "Yearly check-up": 1,
        "Fair in Hamburg": 2,
    }


def test_the_timeline_asks_as_many_questions_for_thirty_milestones_as_for_three(cast, as_member, count_queries):
    carol = as_member(cast.carol)
    counts = []
    for number in (3, 30):
        for index in range(number):
            milestone(cast, f"Day {index}")
        carol.get(ROADMAP)
        counts.append(count_queries(lambda: carol.get(ROADMAP)))
    assert counts[0] == counts[1]
