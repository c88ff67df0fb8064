"""Feedback in a real browser: marking words, the keys of the inbox, two people, the portal on a phone."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from config import clock
from feedback import guests
from feedback.models import Conversation, Insight, PortalSession, Vote
from tests.browser.looks import (
    assert_axe_clean,
    assert_no_sideways_scroll,
    assert_nothing_clipped,
    assert_touch_targets,
)
from tests.browser.pseudo import pseudo_locale
from tests.cast import Cast, make_cast
from tests.factories import make_contact, make_conversation, make_customer, make_idea, make_item, make_portal, status

pytestmark = pytest.mark.browser
TEXT = "Henrike: Two docks gave our slot away.\n\nThe receiving docks should hear it from the system, not from me."
MARK = """(words) => {
  const walker = document.createTreeWalker(document.querySelector('c-passages'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const at = node.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + words.length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
}"""


@pytest.fixture
def cast(server) -> Cast:
    return make_cast()


@pytest.fixture
def inbox(cast):
    """Three conversations about Dispatch, the first with the telling words, and an item they fit."""
    now = clock.now()
    for number, name in enumerate(("Nordfrisk", "Aurora Foods", "MedVia")):
        customer = make_customer(cast.workspace, name, annual_revenue=Decimal(310_000), segment="Haulier")
        customer.pays(cast.product, 310_000, by=cast.actor("mona"))
        make_conversation(
            customer, TEXT if number == 0 else "Something else.", subject=f"Call with {name}", product=cast.product,
            contact=make_contact(customer), received_at=now - timedelta(hours=number), source="call",
        )  # fmt: skip
    return make_item(cast.product, "Tell the dock when a slot will be missed")


def guest(page: Page, contact) -> Page:
    secret = PortalSession.start(contact)
    page.context.add_cookies(
        [{"name": guests.COOKIE, "value": secret, "domain": "localhost", "path": "/portal/polarline/"}]
    )
    return page


def test_words_are_marked_and_linked_by_keyboard_and_the_item_knows(cast, inbox, open_page):
    page = open_page(cast.mona)
    page.goto("/w/polarline/feedback/")
    page.evaluate(MARK, "receiving docks should hear it")
    expect(page.locator("[data-link]")).to_be_visible()
    page.keyboard.press("l")
    page.keyboard.type("dock")
    expect(page.locator("#targets").get_by_text("Tell the dock")).to_be_visible()
    assert_axe_clean(page)
    page.locator(".linkpop").get_by_text("Critical").click()
    expect(page.locator(".linkpop").get_by_label("Critical")).to_be_checked()
    page.locator(".linkpop").get_by_role("button").click()
    expect(page.locator("mark.hl")).to_contain_text("receiving docks should hear it")
    expect(page.locator(".inbox__side .insight")).to_contain_text("Tell the dock")
    insight = Insight.objects.get()
    assert (insight.item, insight.importance, insight.conversation.subject) == (inbox, 3, "Call with Nordfrisk")
    page.goto(f"/w/polarline/p/DSP/items/{inbox.number}/")
    expect(page.locator("#signal")).to_contain_text("€310k")
    expect(page.locator("#signal")).to_contain_text("receiving docks")


def test_escape_leaves_the_words_alone_and_a_refusal_keeps_what_was_chosen(cast, inbox, open_page):
    page = open_page(cast.mona)
    page.goto("/w/polarline/feedback/")
    page.evaluate(MARK, "gave our slot away")
    page.keyboard.press("l")
    page.keyboard.type("nothing like it")
    expect(page.locator("#targets")).to_contain_text("New item “nothing like it”")
    page.locator(".linkpop").get_by_role("button").click()
    expect(page.locator("#link-error")).to_contain_text("Choose an item or a problem")
    page.keyboard.press("Escape")
    expect(page.locator(".linkpop")).to_be_hidden()
    assert not Insight.objects.exists()


def test_j_and_k_step_through_the_inbox_and_e_is_done(cast, inbox, open_page):
    page = open_page(cast.mona)
    page.goto("/w/polarline/feedback/")
    expect(page.locator("#conv-h")).to_have_text("Call with Nordfrisk")
    page.keyboard.press("j")
    expect(page.locator("#conv-h")).to_have_text("Call with Aurora Foods")
    page.keyboard.press("k")
    expect(page.locator("#conv-h")).to_have_text("Call with Nordfrisk")
    page.go_back()
    expect(page.locator("#conv-h")).to_have_text("Call with Aurora Foods")
    page.wait_for_load_state("load")
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("Done: Call with Aurora Foods")
    expect(page.locator(".inbox__list")).not_to_contain_text("Aurora")
    with page.expect_response("**/undo/"):
        page.locator(".toast").get_by_role("button", name="Undo").click()
    assert set(Conversation.objects.values_list("state", flat=True)) == {"new"}


def test_what_bob_links_mona_sees_at_once_with_his_name_in_the_history(cast, inbox, open_page):
    mona, bob = open_page(cast.mona), open_page(cast.bob)
    said = Conversation.objects.get(subject="Call with Nordfrisk")
    mona.goto(f"/w/polarline/feedback/{said.public_id}/")
    expect(mona.locator("#conv-h")).to_be_visible()
    bob.goto(f"/w/polarline/feedback/{said.public_id}/link/?q=dock")
    bob.get_by_label("Passage").fill("Two docks gave our slot away")
    bob.get_by_role("button", name="Link", exact=True).click()
    expect(bob.locator("mark.hl")).to_have_count(1)
    expect(mona.locator("mark.hl")).to_have_count(1)
    expect(mona.locator(".inbox__side")).to_contain_text("Tell the dock")
    insight = Insight.objects.get()
    assert insight.importance == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible(cast, inbox, open_page, theme):
    make_portal(cast.workspace, cast.product)
    said = Conversation.objects.get(subject="Call with Nordfrisk")
    said.link("Two docks", item=inbox, importance=3, by=cast.actor("mona"))
    idea = make_idea(cast.workspace, "Dark mode", contact=said.contact, item=inbox)
    page = open_page(cast.alice, color_scheme=theme)
    for path in (
        "feedback/", f"feedback/{said.public_id}/", f"feedback/{said.public_id}/link/?q=dock", "feedback/add/",
        f"feedback/{said.public_id}/edit/", "customers/", f"customers/{said.customer.public_id}/", "customers/add/",
        f"contacts/{said.contact.public_id}/", "portal/?tab=linked", f"portal/{idea.public_id}/", "portal/settings/",
    ):  # fmt: skip
        page.goto(f"/w/polarline/{path}")
        assert_axe_clean(page)
    page.goto("/w/polarline/feedback/")
    page.locator(".filter summary").click()
    assert_axe_clean(page)
    signed_out = open_page(cast.alice, color_scheme=theme)
    guest(signed_out, said.contact)
    for path in ("", f"ideas/{idea.public_id}/", "post/?title=dark", "sign-in/"):
        signed_out.goto(f"/portal/polarline/{path}")
        assert_axe_clean(signed_out)


def test_a_phone_shows_one_pane_and_has_room_for_thumbs(cast, inbox, phone, sign_in):
    make_portal(cast.workspace, cast.product)
    said = Conversation.objects.get(subject="Call with Nordfrisk")
    said.link("Two docks", item=inbox, importance=3, by=cast.actor("mona"))
    idea = make_idea(cast.workspace, "Dark mode", contact=said.contact, item=inbox)
    guest(sign_in(phone, cast.alice), said.contact)
    for path in (
        "/w/polarline/feedback/", f"/w/polarline/feedback/{said.public_id}/", "/w/polarline/feedback/add/",
        f"/w/polarline/feedback/{said.public_id}/link/?q=dock", "/w/polarline/customers/",
        f"/w/polarline/customers/{said.customer.public_id}/", "/w/polarline/portal/?tab=linked",
        f"/w/polarline/portal/{idea.public_id}/", "/w/polarline/portal/settings/", "/portal/polarline/",
        f"/portal/polarline/ideas/{idea.public_id}/", "/portal/polarline/post/?title=dark", "/portal/polarline/sign-in/",
    ):  # fmt: skip
        phone.goto(path)
        assert_no_sideways_scroll(phone)
        assert_touch_targets(phone)
    phone.goto("/w/polarline/feedback/")
    expect(phone.locator("#conv-h")).to_be_hidden()
    phone.get_by_text("Call with Nordfrisk").first.click()
    expect(phone.locator("#conv-h")).to_be_visible()
    expect(phone.locator(".inbox__list")).to_be_hidden()
    phone.go_back()
    expect(phone.locator(".inbox__list")).to_be_visible()


def test_words_a_third_longer_still_fit(cast, inbox, open_page):
    make_portal(cast.workspace, cast.product)
    page = open_page(cast.alice)
    with pseudo_locale():
        for path in ("/w/polarline/feedback/", "/w/polarline/customers/", "/w/polarline/portal/", "/portal/polarline/"):
            page.goto(path)
            assert_no_sideways_scroll(page)
            assert_nothing_clipped(page)


def test_a_contact_votes_in_the_portal_and_the_member_sees_it_count(cast, inbox, new_page, open_page):
    make_portal(cast.workspace, cast.product)
    idea = make_idea(cast.workspace, "Tell the dock", item=inbox)
    inbox.edit(by=cast.actor("mona"), status=status(cast.workspace, "In build"))
    contact = Conversation.objects.get(subject="Call with Nordfrisk").contact
    mona = open_page(cast.mona)
    mona.goto("/w/polarline/portal/?tab=linked")
    page = guest(new_page(), contact)
    page.goto("/portal/polarline/")
    expect(page.locator(".idea")).to_contain_text("In progress")
    page.get_by_role("button", name="Vote for Tell the dock, 0 so far").click()
    expect(page.locator(".vote")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".vote")).to_have_text("1")
    expect(mona.locator("tbody tr")).to_contain_text("1")
    page.get_by_role("link", name="Tell the dock").click()
    page.get_by_role("button", name="Critical").click()
    expect(page.get_by_role("button", name="Critical")).to_have_attribute("aria-pressed", "true")
    assert Vote.objects.get(idea=idea).importance == 3
    mona.goto(f"/w/polarline/p/DSP/items/{inbox.number}/")
    expect(mona.locator("#signal")).to_contain_text("1 customer")


def test_the_portal_works_without_scripts(cast, new_page):
    make_portal(cast.workspace, cast.product)
    idea = make_idea(cast.workspace, "Dark mode")
    contact = make_contact(make_customer(cast.workspace))
    page = guest(new_page(java_script_enabled=False), contact)
    page.goto("/portal/polarline/")
    page.get_by_role("button", name="Vote for Dark mode, 0 so far").click()
    expect(page.get_by_role("heading", name="1 vote")).to_be_visible()
    page.get_by_role("button", name="Take my vote back").click()
    expect(page.get_by_role("heading", name="0 votes")).to_be_visible()
    assert not idea.votes.exists()
