"""Release notes: drafted from what may leave, looked at, published, edited without that showing, taken back."""

from __future__ import annotations

import pytest

from changes.models import Change
from changes.undo import undo
from roadmap.models import Release, ReleaseNotes
from roadmap.releases.notes_draft import drafted, shipped_in
from tests.cast import Cast
from tests.factories import SYSTEM, make_item, status

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(cast: Cast) -> Release:
    return Release.plan(cast.product, "5.1 Night shift", by=SYSTEM, description="For our eyes")


def page_of(release: Release, rest: str = "") -> str:
    return f"/w/polarline/p/DSP/releases/{release.public_id}/notes/{rest}"


def shown(answer) -> str:
    return answer.content.decode()


def ship(cast: Cast, release: Release, title: str, **fields):
    return make_item(cast.product, title, release=release, status=status(cast.workspace, "Shipped"), **fields)


def test_the_draft_tells_titles_by_type_and_nothing_else(cast: Cast, release: Release):
    ship(cast, release, "Report of *one* click", description="INNER", tags=["INNER"], lead=cast.bob, effort="7")
    ship(cast, release, "Slow start", type="bug")
    ship(cast, release, "Faster map", type="improvement")
    ship(cast, release, "What do night drivers need", type="discovery")
    ship(cast, release, "Secret customer", is_internal=True)
    make_item(cast.product, "Not done yet", release=release)
    text = drafted(shipped_in(release, cast.mona))
    assert text == (
        "## New\n\n- Report of \\*one\\* click\n\n## Improved\n\n- Faster map\n\n## Fixed\n\n- Slow start"
    )  # fmt: skip


def test_a_public_line_stands_for_the_title_and_internal_items_are_left_out(cast: Cast, as_member, release: Release):
    one, two = ship(cast, release, "DSP rework, part 2"), ship(cast, release, "Contract of ACME")
    mona = as_member(cast.mona)
    sent = {f"line-{one.number}": "Plans load faster", f"line-{two.number}": "", f"internal-{two.number}": "on"}
    mona.post(page_of(release, "lines/"), sent)
    two.refresh_from_db()
    assert two.is_internal
    assert drafted(shipped_in(release, cast.mona)) == "## New\n\n- Plans load faster"
    page = shown(mona.get(page_of(release, "?draft=1")))
    assert "- Plans load faster" in page


def test_a_preview_keeps_nothing_and_scripts_do_not_run(cast: Cast, as_member, release: Release):
    text = "## Hello\n\n<script>alert(1)</script> [x](javascript:alert(1))"
    answer = as_member(cast.mona).post(page_of(release), {"title": "T", "text": text, "do": "preview"})
    assert ">Hello</h5>" in shown(answer)
    assert "<script>alert" not in shown(answer)
    assert 'href="javascript' not in shown(answer)
    assert not ReleaseNotes.objects.exists()


def test_editing_shows_outside_only_when_it_is_published_again(cast: Cast, as_member, release: Release):
    mona = as_member(cast.mona)
    mona.post(page_of(release), {"title": "Night shift", "text": "First", "do": "publish"})
    notes = ReleaseNotes.objects.get()
    assert (notes.published_title, notes.published_text) == ("Night shift", "First")
    mona.post(page_of(release), {"seen": notes.change_id, "title": "Night shift", "text": "Second", "do": "keep"})
    notes.refresh_from_db()
    assert (notes.text, notes.published_text, notes.has_unpublished_changes) == ("Second", "First", True)
    assert "Draft differs" in shown(mona.get(page_of(release)))
    mona.post(page_of(release, "unpublish/"))
    notes.refresh_from_db()
    assert (notes.is_published, notes.published_text, notes.text) == (False, "", "Second")


def test_nothing_is_not_published_and_a_conflict_shows_both(cast: Cast, as_member, release: Release):
    mona = as_member(cast.mona)
    empty = mona.post(page_of(release), {"title": "T", "text": " ", "do": "publish"})
    assert (empty.status_code, "nothing to publish" in shown(empty)) == (422, True)
    assert not ReleaseNotes.objects.exists()
    notes = ReleaseNotes.write(release, by=SYSTEM, text="Mine")
    seen = notes.change_id
    notes.edit(by=SYSTEM, text="Theirs")
    answer = mona.post(page_of(release), {"seen": seen, "title": notes.title, "text": "Yours", "do": "keep"})
    assert answer.status_code == 409
    assert "Theirs" in shown(answer)
    assert "Yours" in shown(answer)


def test_viewers_read_managers_write(cast: Cast, as_member, release: Release):
    ReleaseNotes.write(release, by=SYSTEM, text="A draft")
    carol = as_member(cast.carol)
    assert "A draft" in shown(carol.get(page_of(release)))
    assert "<textarea" not in shown(carol.get(page_of(release)))
    assert carol.post(page_of(release), {"title": "x", "text": "x"}).status_code == 403


def test_notes_that_an_undo_took_are_written_anew(cast: Cast, release: Release):
    notes = ReleaseNotes.write(release, by=SYSTEM, text="First")
    undo(Change.objects.get(pk=notes.change_id), by=SYSTEM)
    assert not ReleaseNotes.objects.exists()
    ReleaseNotes.write(release, by=SYSTEM, text="Second")
    assert ReleaseNotes.objects.get().text == "Second"


def test_the_api_writes_publishes_and_takes_back(cast: Cast, api, release: Release):
    sent = {"release": release.public_id, "text": "Told"}
    made = api(cast.mona, "post", "/api/v1/release-notes/", sent)
    assert (made.status_code, made.json()["title"]) == (201, "5.1 Night shift")
    assert api(cast.mona, "post", "/api/v1/release-notes/", sent).status_code == 400
    url = f"/api/v1/release-notes/{made.json()['id']}/"
    assert api(cast.carol, "post", f"{url}publish/").status_code == 403
    assert api(cast.mona, "post", f"{url}publish/").json()["published_text"] == "Told"
    edited = api(cast.mona, "patch", url, {"text": "Anew"}, **{"If-Match": "*"}).json()
    assert (edited["text"], edited["published_text"]) == ("Anew", "Told")
    assert api(cast.mona, "post", f"{url}unpublish/").json()["published_at"] is None
