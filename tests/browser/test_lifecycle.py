from __future__ import annotations

import pytest
from playwright.sync_api import expect

from lifecycle.models import Decision
from tests.browser.looks import (
    assert_axe_clean,
)
from tests.browser.test_portfolio import wait_for_streams
from tests.cast import Cast, make_cast
from tests.factories import SYSTEM
from tests.lifecycle.gates import gate_of

pytestmark = pytest.mark.browser
GATE = "/w/polarline/p/DSP/gates/1/"


@pytest.fixture
def cast(server) -> Cast:
    cast = make_cast()
    gate = gate_of(cast.product)
    gate.plan(cast.workspace.today(), by=SYSTEM)
    gate.ask(cast.carol, by=cast.actor("mona"))
    return cast


def test_a_gate_from_the_first_tick_to_the_decision_seen_by_the_approver(cast: Cast, open_page):
    mona, carol = open_page(cast.mona), open_page(cast.carol)
    carol.goto(GATE)
    mona.goto(GATE)
    wait_for_streams(mona, 2)
    for text in ("Problem statement", "Draft proposition", "Sponsor"):
        mona.get_by_role("button", name=f"Met: {text}", exact=True).click()
        expect(mona.get_by_role("button", name=f"Met: {text}", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(carol.locator(".criteria").first).to_contain_text("Met, Mona just now")
    mona.locator(".opt", has_text="On to the next stage").click()
    mona.get_by_role("textbox", name="Why", exact=True).fill("Six customers would pay")
    mona.get_by_role("button", name="Record decision").click()
    expect(mona.get_by_text("These have not signed yet: Carol.")).to_be_visible()
    expect(mona.get_by_role("textbox", name="Why", exact=True)).to_have_value("Six customers would pay")
    carol.get_by_label("Your opinion").select_option("go")
    carol.get_by_role("button", name="Sign", exact=True).click()
    expect(mona.locator("#gate")).to_contain_text("1 of 1")
    mona.get_by_role("button", name="Record decision").click()
    said = carol.locator(".decisions li").first
    expect(said).to_contain_text("Six customers would pay")
    expect(said).to_contain_text("Mona · just now")
    assert Decision.objects.get().decided_by == cast.mona


def test_a_conditional_go_asks_for_its_conditions_one_by_one(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(GATE)
    expect(mona.get_by_label("Condition 1", exact=True)).to_be_hidden()
    mona.get_by_role("button", name="Do not ask Carol").click()
    mona.locator(".opt", has_text="Go with conditions").click()
    expect(mona.get_by_label("Condition 2", exact=True)).to_be_hidden()
    mona.get_by_label("Condition 1", exact=True).fill("Retest clean")
    mona.get_by_label("Condition 1 is met by").fill("2030-01-01")
    expect(mona.get_by_label("Condition 2", exact=True)).to_be_visible()
    mona.get_by_role("textbox", name="Why", exact=True).fill("Nearly there")
    assert_axe_clean(mona)
    mona.get_by_role("button", name="Record decision").click()
    expect(mona.locator(".promises")).to_contain_text("Retest clean")
    mona.locator(".promises").get_by_role("button", name="Met").click()
    expect(mona.get_by_role("button", name="Not met after all")).to_be_visible()


def test_without_scripts_a_gate_is_ticked_and_decided_too(cast: Cast, open_page):
    mona = open_page(cast.mona, java_script_enabled=False)
    mona.goto(GATE)
    mona.get_by_role("button", name="Met: Sponsor", exact=True).click()
    mona.wait_for_url(f"**{GATE}")
    mona.locator(".opt", has_text="Pause, keep the team warm").click()
    mona.get_by_role("textbox", name="Why", exact=True).fill("Until spring")
    mona.get_by_role("button", name="Record decision").click()
    expect(mona.locator(".decisions")).to_contain_text("Until spring")


def test_the_form_of_a_criterion_is_accessible_while_it_is_open(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(GATE)
    mona.get_by_label("Edit Sponsor").click()
    assert_axe_clean(mona)


def test_what_the_chair_typed_stays_while_others_work_on_the_same_review(cast: Cast, open_page):
    mona = open_page(cast.mona)
    mona.goto(GATE)
    wait_for_streams(mona, 1)
    mona.get_by_role("textbox", name="Why", exact=True).fill("Six customers would pay")
    mona.locator("h1").click()
    gate_of(cast.product).criteria.get(text="Sponsor").judge("met", "The board", by=cast.actor("alice"))
    expect(mona.locator(".criteria").first).to_contain_text("Met, Alice just now")
    expect(mona.get_by_role("textbox", name="Why", exact=True)).to_have_value("Six customers would pay")
