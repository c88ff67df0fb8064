"""Dialogs of releases and iterations: what is wrong is said in them, and what was typed stays."""

from __future__ import annotations

import pytest
from django.urls import reverse

from roadmap.models import Iteration, Release
from tests.cast import Cast
from tests.factories import SYSTEM, make_item

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
BACKWARDS = {"starts_on": "2026-11-13", "ends_on": "2026-11-02"}


@pytest.fixture
def release(cast: Cast) -> Release:
    return Release.plan(cast.product, "5.2 Backhaul", by=SYSTEM)


def page_of(release: Release, rest: str = "") -> str:
    return f"/w/polarline/p/DSP/releases/{release.public_id}/{rest}"


def refused_there(answer, *words: str) -> None:
    """The form alone comes back, into its own place, with these words."""
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (answer["HX-Retarget"], answer["HX-Reselect"], answer["HX-Reswap"]) == (
        "#task-form",
        "#task-form",
        "outerHTML",
    )
    assert "<html" not in page
    assert 'id="task-form"' in page
    assert 'aria-invalid="true"' in page
    for one in words:
        assert one in page


def test_a_wrong_day_of_a_new_release_is_marked_in_the_dialog(cast: Cast, as_member):
    mona, url = as_member(cast.mona), "/w/polarline/p/DSP/releases/add/"
    sent = {"name": "5.3", "description": "Keep me", "dating": "set", **BACKWARDS}
    refused_there(mona.post(url, sent, headers=HTMX), "Keep me", "5.3", 'value="2026-11-13"', "New release")
    refused_there(mona.post(url, {**sent, "name": " "}, headers=HTMX), "Fill this in", "Keep me")
    whole = mona.post(url, sent)
    assert (whole.status_code, "<html" in whole.content.decode()) == (422, True)
    assert "Keep me" in whole.content.decode()
    assert not Release.objects.exists()


def test_a_wrong_day_of_an_iteration_is_marked_in_the_dialog(cast: Cast, as_member, release: Release):
    mona, sent = as_member(cast.mona), {"name": "Offers", "goal": "Keep me", **BACKWARDS}
    refused_there(mona.post(page_of(release, "iterations/add/"), sent, headers=HTMX), "Keep me", "Offers")
    row = Iteration.add(cast.workspace, by=SYSTEM, product=cast.product, release=release, name="Offers")
    url = page_of(release, f"iterations/{row.public_id}/")
    refused_there(mona.post(url, {**sent, "seen": row.change_id}, headers=HTMX), "Keep me")
    refused_there(mona.post(f"{url}review/", {"learned": "x" * 20_001, "changing": "Keep me"}, headers=HTMX), "Keep me")


def test_why_is_asked_for_in_the_dialog(cast: Cast, as_member, release: Release):
    mona = as_member(cast.mona)
    release.freeze(by=cast.actor("mona"))
    change = make_item(cast.product, release=release).change_id
    refused_there(mona.post(page_of(release, "unfreeze/"), {"why": " "}, headers=HTMX), "Fill this in")
    refused_there(mona.post(page_of(release, f"why/{change}/"), {"why": ""}, headers=HTMX), "Fill this in")
    said = {"health": "at_risk", "health_reason": " "}
    refused_there(mona.post(page_of(release, "health/"), said, headers=HTMX), "Say in a sentence why")


def test_what_went_well_leads_to_the_page_which_says_so(cast: Cast, as_member, release: Release):
    mona = as_member(cast.mona)
    answer = mona.post(page_of(release, "iterations/add/"), {"name": "Offers"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, page_of(release))
    assert "HX-Trigger" not in answer
    page = mona.get(page_of(release)).content.decode()
    assert "Offers is planned" in page
    assert reverse("changes:undo", args=["polarline", Iteration.objects.get().change_id]) in page
    answer = mona.post("/w/polarline/p/DSP/releases/add/", {"name": "5.3"}, headers=HTMX)
    assert answer["HX-Redirect"] == "/w/polarline/p/DSP/releases/"


def test_a_dialog_that_is_only_opened_is_not_aimed_at_a_form(cast: Cast, as_member, release: Release):
    mona = as_member(cast.mona)
    for rest in ("iterations/add/", "health/", "unfreeze/"):
        answer = mona.get(page_of(release, rest), headers=HTMX)
        assert answer.status_code == 200
        assert "HX-Retarget" not in answer
        assert f'hx-post="{page_of(release, rest)}"' in answer.content.decode()
