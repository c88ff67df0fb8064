import pytest
from playwright.sync_api import expect

from roadmap.models import Iteration, ParkedItem, Release
from tests.browser.looks import assert_axe_clean, assert_no_sideways_scroll, assert_touch_targets
from tests.factories import SYSTEM, make_item
from tests.workers import until

pytestmark = pytest.mark.browser


@pytest.fixture
def release(cast):
    made = Release.plan(cast.product, "5.2 Backhaul", by=SYSTEM, capacity=10)
    make_item(cast.product, "Partner offers", release=made, effort="4")
    return made


def page_of(release):
    return f"/w/polarline/p/DSP/releases/{release.public_id}/"


def test_a_release_is_frozen_an_item_set_aside_and_that_explained_by_pointer(cast, open_page, release):
    mona = open_page(cast.mona)
    mona.goto(page_of(release))
    mona.get_by_role("button", name="Freeze the scope").click()
    mona.get_by_role("button", name="Set DSP-1 aside").click()
    scope = mona.get_by_role("region", name="Scope since it was frozen")
    expect(scope.get_by_text("not planned now")).to_be_visible()
    scope.get_by_role("link", name="Say why").click()
    dialog = mona.get_by_role("dialog")
    dialog.get_by_label("Why").fill("No room for it")
    dialog.get_by_role("button", name="Save").click()
    expect(scope.get_by_text("No room for it")).to_be_visible()
    assert_axe_clean(mona)
    mona.get_by_role("button", name="Take DSP-1 in").click()
    until(lambda: release.items.count() == 1 and not ParkedItem.objects.exists())


def test_an_iteration_is_planned_and_reviewed_by_keyboard(cast, open_page, release):
    mona = open_page(cast.mona)
    mona.goto(page_of(release))
    mona.get_by_role("link", name="New iteration").focus()
    mona.keyboard.press("Enter")
    name = mona.get_by_role("dialog").get_by_label("Iteration", exact=True)
    expect(name).to_be_visible()
    name.focus()
    mona.keyboard.type("Offers")
    mona.keyboard.press("Enter")
    review = mona.get_by_role("link", name="Review: Offers")
    review.focus()
    mona.keyboard.press("Enter")
    learned = mona.get_by_role("dialog").get_by_label("What was learned")
    learned.focus()
    mona.keyboard.type("They answer by SMS")
    mona.keyboard.press("Tab")
    mona.keyboard.press("Tab")
    mona.keyboard.press("Tab")
    mona.keyboard.press("Enter")
    expect(mona.get_by_text("Reviewed", exact=True)).to_be_visible()
    until(lambda: Iteration.objects.get().learned == "They answer by SMS")


def test_it_is_read_on_a_phone(cast, phone, sign_in, release):
    sign_in(phone, cast.mona)
    phone.goto(page_of(release))
    expect(phone.get_by_role("img", name="a scope of 1 item")).to_be_visible()
    assert_no_sideways_scroll(phone)
    assert_touch_targets(phone)
