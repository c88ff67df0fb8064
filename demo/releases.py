"""How Dispatch's releases went: health and capacity, a freeze and what changed after it, iterations, notes and who reads them."""

from __future__ import annotations

from typing import Any

from changes.models import Change
from demo.story import Story
from feedback.models import Changelog, Subscriber
from roadmap.models import Item, Iteration, ParkedItem, Release, ReleaseNotes, ScopeReason, Status
from roadmap.releases.notes_draft import drafted, shipped_in

LEAD = "tomas@polarline.example"
#: name → capacity in person-weeks, health, why
STANDING = {
    "5.2 Backhaul": (42, "on_track", "Two items in review, the last partner fleets sign this week."),
    "5.3 Quiet cab": (
        40,
        "at_risk",
        "More is planned than the team can build, and the tablets wait for their supplier.",
    ),
    "6.0 Control tower": (52, "on_track", ""),
}
#: What was built in 5.2, and when it was done: days from today.
DONE = {
    "Match accepted or lost within ten minutes": -24, "Two fleets accept the same offer": -20,
    "Trailer availability calendar": -11, "Partner fleet onboarding": -4,
}  # fmt: skip
FROZEN = -16
CAME, WENT = "SMS answer “Yes 410 €” is not understood", "Bulk re-plan after a road closure"
ITERATIONS: tuple[dict[str, Any], ...] = (
    {
        "name": "Offers and answers", "starts": -29, "ends": -16, "capacity": 16,
        "goal": "A partner fleet answers an offer without calling anybody.",
        "items": [
            "Match accepted or lost within ten minutes", "Two fleets accept the same offer",
            "Accept or counter an offer by SMS",
        ],
        "learned": "Two of three test fleets answered by SMS from the road; nobody opened the web page.",
        "changing": "SMS comes first. The web page shows the same words and nothing more.",
    },
    {
        "name": "Ready for partners", "starts": -15, "ends": -2, "capacity": 22,
        "goal": "Five partner fleets run on it for a week.",
        "items": [
            "Trailer availability calendar", "Partner fleet onboarding", "Backhaul offers from partner fleets",
            "In-app tour for the first backhaul offer",
        ],
        "learned": "Fleets keep their calendar in Excel: three of five pasted it on the first day.",
        "changing": "Pasting a calendar is part of the onboarding from now on.",
    },
)  # fmt: skip
PARKED = "ETA confidence band on the driver app"


def tell_releases(story: Story) -> None:
    product = story.products["DSP"]
    releases = {one.name: one for one in Release.objects.of(product).select_related("workspace", "product")}
    _plan(story, releases)
    _build(story, releases["5.2 Backhaul"])
    _iterate(story, releases["5.2 Backhaul"])
    _freeze(story, releases["5.2 Backhaul"])
    _publish(story, releases["5.1 Night shift"])


def _plan(story: Story, releases: dict[str, Release]) -> None:
    with story.as_of("release.edited", -60, LEAD) as change:
        for name, (capacity, _health, _why) in STANDING.items():
            releases[name].edit(by=change, capacity=capacity, lead=story.members[LEAD])
    for name, (_capacity, health, why) in STANDING.items():
        with story.as_of("release.judged", -5, LEAD) as change:
            releases[name].set_health(health, why, by=change)


def _build(story: Story, release: Release) -> None:
    """As it was when the release began: nothing done, one item in it that went since, one not in it that came since."""
    begun, shipped = _status(story, "In build"), _status(story, "Shipped")
    with story.as_of("item.edited", -90, LEAD) as change:
        for title in DONE:
            _item(story, title).edit(by=change, status=begun, as_told=True)
        _item(story, CAME).edit(by=change, release=None)
        _item(story, WENT).edit(by=change, release=release)
    for title, day in DONE.items():
        with story.as_of("item.edited", day, LEAD, "16:10") as change:
            _item(story, title).edit(by=change, status=shipped, as_told=True)


def _iterate(story: Story, release: Release) -> None:
    for told in ITERATIONS:
        with story.as_of("iteration.added", told["starts"] - 1, LEAD) as change:
            row = Iteration.add(
                story.workspace, by=change, product=release.product, release=release, name=told["name"],
                goal=told["goal"], capacity=told["capacity"], starts_on=story.day(told["starts"]),
                ends_on=story.day(told["ends"]),
            )  # fmt: skip
            for title in told["items"]:
                _item(story, title).edit(by=change, iteration=row)
        with story.as_of("iteration.reviewed", told["ends"], LEAD, "15:00") as change:
            row.review(told["learned"], told["changing"], by=change)


def _freeze(story: Story, release: Release) -> None:
    with story.as_of("release.frozen", FROZEN, LEAD) as change:
        release.freeze(by=change)
    with story.as_of("item.edited", -9, "aiko@polarline.example", "11:40") as came:
        _item(story, CAME).edit(by=came, release=release)
    _why(story, release, came, "Half of the answers by SMS look like this: without it offers lapse.")
    with story.as_of("item.edited", -6, LEAD, "09:15") as went:
        ParkedItem.park(release, _item(story, WENT), "Five weeks of work do not fit any more.", by=went)
    _why(story, release, went, "The room went into answers by SMS.")
    with story.as_of("item.parked", -3, "aiko@polarline.example") as change:
        ParkedItem.park(release, _item(story, PARKED), "Small enough, if reviews end early.", by=change)


def _publish(story: Story, release: Release) -> None:
    with story.as_of("changelog.set_up", -100, LEAD) as change:
        changelog = Changelog.of(release.product)
        changelog.set_up(
            access="public",
            title="What is new in Dispatch",
            intro="Every release, in the words of those who use it.",
            by=change,
        )
    text = drafted(shipped_in(release, story.members[LEAD]))
    opening = (
        "Nights are shorter now: the report that took an hour is one click, and a night view shows only what moves."
    )
    with story.as_of("release_notes.written", -30, LEAD, "17:00") as change:
        notes = ReleaseNotes.write(release, by=change, title=release.name, text=f"{opening}\n\n{text}")
        notes.publish(by=change)
    subscriber = Subscriber.objects.create(
        workspace=story.workspace, changelog=changelog, email="planning@freshpoint.example"
    )
    subscriber.confirm()


def _why(story: Story, release: Release, change: Change, text: str) -> None:
    with story.as_of("scope.explained", -5, LEAD) as explained:
        ScopeReason.give(release, change.pk, text, by=explained)


def _item(story: Story, title: str) -> Item:
    return Item.objects.select_related("status", "product", "workspace").get(product=story.products["DSP"], title=title)


def _status(story: Story, name: str) -> Status:
    return Status.objects.get(workspace=story.workspace, name=name)
