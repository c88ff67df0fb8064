from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import tests.jobs.trial  # noqa: F401  registers kinds of jobs
from discussion.models import Comment
from jobs.models import Job
from jobs.running import perform
from tests.browser.looks import assert_axe_clean, assert_no_sideways_scroll, assert_touch_targets
from tests.factories import make_item
from tests.workers import until

pytestmark = pytest.mark.browser


@pytest.fixture
def item(cast):
    item = make_item(cast.product, "Bulk re-plan after a road closure", by=cast.actor("mona"))
    Comment.post(item.thread, "The solver can take **40 routes** at once in about 9 seconds.", by=cast.actor("bob"))
    Comment.post(item.thread, "@Mona is that fast enough to keep it in one screen?", by=cast.actor("bob"))
    return item


def address(item):
    return f"/w/polarline/p/DSP/items/{item.number}/"


def test_what_one_says_the_other_sees_at_once_in_their_own_browser_with_who_and_when(cast, open_page, item):
    bob, mona = open_page(cast.bob), open_page(cast.mona)
    mona.goto("/w/polarline/notifications/")
    bob.goto(address(item))
    bob.get_by_label("Comment", exact=True).fill("I can show it on Friday, @Mo")
    offered = bob.get_by_role("option", name="Mona")
    expect(offered).to_be_visible()
    bob.keyboard.press("Enter")
    until(lambda: bob.evaluate("Object.keys(localStorage).some((key) => key.startsWith('draft:'))"))
    bob.keyboard.press("Control+Enter")
    said = bob.locator("#comments article").last
    expect(said).to_contain_text("I can show it on Friday, @Mona")
    expect(bob.locator("[data-draft-offer]")).to_have_count(0)  # it was sent, so it is not offered as a draft
    expect(said.locator(".mention")).to_have_text("@Mona")
    expect(bob.get_by_label("Comment", exact=True)).to_have_value("")
    told = mona.locator(".ntf__i").first
    expect(told).to_contain_text("Bob mentioned you on DSP-1")
    expect(told).to_contain_text("just now")
    expect(mona.locator("#bell i")).to_have_text("2")
    told.get_by_role("button", name="Open").click()
    expect(mona).to_have_url(re.compile(r"/items/1/$"))
    expect(mona.locator("#bell i")).to_have_text("1")
    expect(mona.locator("#comments")).to_contain_text("I can show it on Friday")


def test_a_comment_arrives_while_the_other_is_typing_and_takes_nothing_away(cast, open_page, item):
    mona = open_page(cast.mona)
    mona.goto(address(item))
    mona.get_by_label("Comment", exact=True).fill("Half a sente")
    Comment.post(item.thread, "Meanwhile", by=cast.actor("bob"))
    expect(mona.locator("#comments")).to_contain_text("Meanwhile")
    expect(mona.get_by_label("Comment", exact=True)).to_have_value("Half a sente")


def test_a_comment_is_edited_and_deleted_in_place_and_deleting_is_undone(cast, open_page, item):
    bob = open_page(cast.bob)
    bob.goto(address(item))
    first = bob.locator("#comments article").first
    first.get_by_role("link", name="Edit").click()
    bob.locator("#comments textarea").fill("It takes 60 routes.")
    bob.get_by_role("button", name="Save").click()
    expect(first).to_contain_text("It takes 60 routes.")
    expect(first).to_contain_text("edited")
    first.get_by_role("button", name="Delete").click()
    expect(bob.locator("#comments")).not_to_contain_text("60 routes")
    bob.get_by_role("button", name="Undo").click()
    expect(bob.locator("#comments")).to_contain_text("60 routes")


def pages(cast, item):
    job = Job.enqueue(
        "trial.planned",
        by=cast.actor("mona"),
        workspace=cast.workspace,
        title="Importing 2,418 items into Dispatch",
        folder="/nowhere",
    )
    job = Job.claimed(job.pk)
    job.plan("Read the file", "Match goals and people", "Create and update items", "Rebuild scores")
    job.next_step("2,418 rows")
    job.next_step("31 people, 4 goals")
    job.report(done=1548, total=2418, text="creating items")
    job._write_progress()
    failed = Job.enqueue("trial.fails", by=cast.actor("bob"), workspace=cast.workspace, folder="/nowhere")
    for _ in range(5):
        perform(failed.pk)
    at = "/w/polarline/"
    return [
        address(item),
        f"{at}threads/{item.thread.public_id}/",
        f"{at}notifications/",
        f"{at}settings/notifications/",
        f"{at}jobs/{job.public_id}/",
        f"{at}settings/jobs/",
        "/outbox/",
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_are_accessible(cast, open_page, item, theme):
    Comment.post(item.thread, "@Alice look", by=cast.actor("bob"))
    page = open_page(cast.alice, color_scheme=theme)
    for path in pages(cast, item)[1:]:
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert_axe_clean(page)


def test_the_pages_fit_a_phone(cast, phone, sign_in, item):
    Comment.post(item.thread, "@Alice look", by=cast.actor("bob"))
    sign_in(phone, cast.alice)
    for path in pages(cast, item)[1:]:
        phone.goto(path)
        assert_no_sideways_scroll(phone)
        assert_touch_targets(phone)


def test_progress_moves_without_a_reload(cast, open_page, item):
    path = next(path for path in pages(cast, item) if "/jobs/" in path and "settings" not in path)
    page = open_page(cast.mona)
    page.goto(path)
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "64")
    job = Job.objects.get(public_id=path.split("/")[-2])
    job.progress_done = 2000
    job._write_progress()
    expect(page.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "82")
    job.finish({})
    expect(page.locator("#job").get_by_text("Done")).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)


def test_a_comment_is_previewed_by_keyboard_and_written_on(cast, open_page, item):
    bob = open_page(cast.bob)
    bob.goto(address(item))
    text = bob.get_by_label("Comment", exact=True)
    text.focus()
    expect(bob.get_by_role("button", name="Preview")).to_be_hidden()  # there is nothing to look at yet
    bob.keyboard.type("It takes **60 routes**")
    bob.keyboard.press("Tab")
    expect(bob.get_by_role("button", name="Preview")).to_be_focused()
    bob.keyboard.press("Enter")
    pane = bob.get_by_role("region", name="Preview")
    expect(pane.locator("strong")).to_have_text("60 routes")
    expect(text).to_be_hidden()
    assert Comment.objects.filter(thread=item.thread).count() == 2
    back = bob.get_by_role("button", name="Write")
    expect(back).to_be_focused()
    expect(back).to_have_attribute("aria-pressed", "true")
    assert_axe_clean(bob)
    bob.keyboard.press("Enter")
    expect(pane).to_be_hidden()
    bob.keyboard.press("Shift+Tab")
    expect(text).to_be_focused()
    bob.keyboard.press("Control+Enter")
    expect(bob.locator("#comments article").last.locator("strong")).to_have_text("60 routes")


def test_what_a_comment_said_before_is_opened_and_closed_by_keyboard(cast, open_page, item):
    comment = Comment.objects.filter(thread=item.thread).first()
    comment.edit(by=cast.actor("bob"), body="The solver can take **60 routes** at once in about 9 seconds.")
    mona = open_page(cast.mona)
    mona.goto(address(item))
    edited = mona.get_by_role("link", name="edited")
    edited.focus()
    mona.keyboard.press("Enter")
    told = mona.get_by_role("list", name="What it said before")
    expect(told.locator("del")).to_have_text("40")
    expect(told.locator("ins")).to_have_text("60")
    expect(edited).to_have_attribute("aria-expanded", "true")
    expect(edited).to_be_focused()
    mona.keyboard.press("Enter")
    expect(told).to_have_count(0)
