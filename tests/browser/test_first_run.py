from __future__ import annotations

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from products.models import Product
from tests.browser.looks import (
    assert_axe_clean,
    assert_no_sideways_scroll,
    assert_nothing_clipped,
    assert_touch_targets,
)
from tests.factories import make_member, make_product, make_workspace

pytestmark = pytest.mark.browser


@pytest.fixture
def owner(server):
    return make_member(make_workspace("fresh"), Role.OWNER, "Olga")


def test_from_an_empty_workspace_to_a_plan_and_back_from_samples(owner, page, sign_in):
    sign_in(page, owner).goto("/w/fresh/")
    expect(page.get_by_text("1 of 5 done")).to_be_visible()
    page.get_by_role("textbox", name="Name").fill("Cupping")
    page.get_by_role("textbox", name="Key").fill("CUP")
    page.get_by_role("button", name="Service").click()
    expect(page.get_by_text("3 of 5 done")).to_be_visible()
    expect(page.locator("[aria-current=step]").get_by_text("Invite colleagues")).to_be_visible()
    page.get_by_role("link", name="Plan", exact=True).click()
    page.wait_for_url("**/w/fresh/p/CUP/roadmap/")
    expect(page.get_by_text("Checklist for every visit").first).to_be_visible()

    page.goto("/w/fresh/welcome/")
    page.get_by_role("button", name="Try with sample data").click()
    expect(page.get_by_text("You are looking at samples.")).to_be_visible()
    expect(page.get_by_role("link", name="Roastbook").first).to_be_visible()
    page.get_by_role("button", name="Remove samples").click()
    expect(page.get_by_text("The samples are gone")).to_be_visible()
    expect(page.get_by_text("You are looking at samples.")).to_have_count(0)
    expect(page.get_by_role("link", name="Cupping").first).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("You are looking at samples.")).to_be_visible()
    assert Product.objects.filter(workspace=owner.workspace, is_sample=True).count() == 3


def test_a_second_person_brings_the_first_their_next_step(owner, page, sign_in, open_page):
    sign_in(page, owner).goto("/w/fresh/welcome/")
    expect(page.get_by_text("1 of 5 done")).to_be_visible()
    other = open_page(make_member(owner.workspace, Role.MANAGER, "Otto"))
    other.goto("/w/fresh/")
    other.get_by_role("button", name="Software product").click()
    expect(other.get_by_text("My software product is there")).to_be_visible()
    expect(page.get_by_text("4 of 5 done")).to_be_visible()


def test_a_viewer_sees_in_their_own_browser_what_a_manager_changed(cast, page, sign_in, open_page):
    sign_in(page, cast.carol).goto("/w/polarline/")
    expect(page.get_by_role("heading", name="Shared with you")).to_be_visible()
    manager = open_page(cast.mona)
    manager.goto("/w/polarline/p/DSP/edit/")
    manager.get_by_label("In a line").fill("Every truck, every night")
    manager.get_by_role("button", name="Save").click()
    expect(manager.get_by_text("Saved")).to_be_visible()
    page.goto("/w/polarline/lately/")
    expect(page.get_by_text("Mona changed").first).to_be_visible()
    page.get_by_role("link", name="Roadmap of Dispatch").click()
    page.wait_for_url("**/p/DSP/roadmap/")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_run_looks_right(owner, cast, open_page, theme):
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    for member, paths in ((owner, ["/w/fresh/"]), (cast.carol, ["/w/polarline/", "/w/polarline/lately/"])):
        wide, small = open_page(member, color_scheme=theme), open_page(member, color_scheme=theme, **phone)
        for path in paths:
            wide.goto(path)
            assert_axe_clean(wide)
            assert_nothing_clipped(wide)
            small.goto(path)
            assert_no_sideways_scroll(small)
            assert_touch_targets(small)
    make_product(owner.workspace, is_sample=True)
    wide = open_page(owner, color_scheme=theme)
    wide.goto("/w/fresh/")
    expect(wide.get_by_text("You are looking at samples.")).to_be_visible()
    assert_axe_clean(wide)
