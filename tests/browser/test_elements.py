from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import stage

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.stage")]


@pytest.fixture(autouse=True)
def fresh_stage():
    stage.state.__init__()


@pytest.fixture
def on_stage(page: Page) -> Page:
    page.goto("/stage/")
    return page


def order(page: Page) -> list[str]:
    return page.locator("[data-id]").evaluate_all("all => all.map(one => one.dataset.id)")


# ---- Toasts and errors -------------------------------------------------------------------------------------------


def test_an_answer_brings_a_toast_whose_button_undoes(on_stage: Page):
    on_stage.get_by_role("button", name="Move it").click()
    expect(on_stage.locator("c-toast")).to_contain_text("Moved to 5.3")
    on_stage.evaluate("window.drawn = 'once'")
    on_stage.get_by_role("button", name="Undo").click()
    on_stage.wait_for_function("() => !window.drawn")
    expect(on_stage.locator("c-toast")).to_contain_text("Undone")
    expect(on_stage.get_by_role("button", name="Redo")).to_be_visible()
    assert stage.state.undone == 1


def test_ctrl_z_presses_the_newest_undo(on_stage: Page):
    on_stage.get_by_role("button", name="Move it").click()
    expect(on_stage.locator("c-toast")).to_be_visible()
    on_stage.keyboard.press("Control+z")
    expect(on_stage.locator("c-toast")).to_contain_text("Undone")
    assert stage.state.undone == 1


def test_a_toast_waits_while_it_is_read(on_stage: Page):
    on_stage.clock.install()
    on_stage.get_by_role("button", name="Move it").click()
    toast = on_stage.locator("c-toast")
    expect(toast).to_be_visible()
    toast.hover()
    on_stage.clock.run_for(20_000)
    expect(toast).to_be_visible()
    on_stage.mouse.move(10, 10)
    on_stage.clock.run_for(4_000)
    expect(toast).to_have_count(0)


def test_a_refusal_becomes_a_sentence_and_the_page_stays(on_stage: Page):
    on_stage.get_by_label("Comment").fill("half a thought")
    on_stage.get_by_role("button", name="Refuse").click()
    expect(on_stage.locator("c-toast")).to_contain_text("Your role does not allow this. Ask an admin.")
    expect(on_stage.get_by_label("Comment")).to_have_value("half a thought")


def test_offline_is_said_and_nothing_typed_is_lost(on_stage: Page):
    on_stage.get_by_label("Comment").fill("half a thought")
    on_stage.context.set_offline(True)
    on_stage.get_by_role("button", name="Move it").click()
    expect(on_stage.locator("c-toast").first).to_contain_text("You are offline")
    expect(on_stage.get_by_label("Comment")).to_have_value("half a thought")
    on_stage.context.set_offline(False)
    expect(on_stage.locator("c-toast").last).to_contain_text("online again")


# ---- Inline edit ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("opening", ["click", "Enter", "F2"])
def test_a_cell_is_edited_saved_with_enter_and_keeps_the_focus(on_stage: Page, opening: str):
    cell = on_stage.get_by_role("button", name="Effort 5, edit")
    if opening == "click":
        cell.click()
    else:
        cell.focus()
        on_stage.keyboard.press(opening)
    on_stage.keyboard.type("8")
    on_stage.keyboard.press("Enter")
    expect(on_stage.get_by_role("button", name="Effort 8, edit")).to_be_focused()
    assert stage.state.effort == "8"
    assert len(stage.state.posts) == 1


def test_escape_reverts_without_asking_the_server(on_stage: Page):
    on_stage.get_by_role("button", name="Effort 5, edit").click()
    on_stage.keyboard.type("8")
    on_stage.keyboard.press("Escape")
    expect(on_stage.get_by_role("button", name="Effort 5, edit")).to_be_focused()
    assert stage.state.posts == []


def test_tab_saves_and_moves_on(on_stage: Page):
    on_stage.get_by_role("button", name="Effort 5, edit").click()
    on_stage.keyboard.type("3")
    on_stage.keyboard.press("Tab")
    expect(on_stage.get_by_label("Comment")).to_be_focused()
    expect(on_stage.get_by_role("button", name="Effort 3, edit")).to_be_visible()


def test_an_unchanged_cell_asks_nothing(on_stage: Page):
    on_stage.get_by_role("button", name="Effort 5, edit").click()
    on_stage.keyboard.press("Enter")
    expect(on_stage.get_by_role("button", name="Effort 5, edit")).to_be_focused()
    assert stage.state.posts == []


def test_a_wrong_value_stays_open_with_what_was_typed(on_stage: Page):
    on_stage.get_by_role("button", name="Effort 5, edit").click()
    on_stage.keyboard.type("many")
    on_stage.keyboard.press("Enter")
    field = on_stage.get_by_role("textbox", name="Effort")
    expect(field).to_have_value("many")
    expect(field).to_be_focused()
    expect(on_stage.get_by_text("Enter a number, for example 5.")).to_be_visible()


def test_a_conflict_shows_both_values(on_stage: Page):
    on_stage.get_by_role("button", name="Effort 5, edit").click()
    on_stage.keyboard.type("9")
    on_stage.keyboard.press("Enter")
    expect(on_stage.get_by_text("Jonas made it 7. Yours is 9.")).to_be_visible()
    expect(on_stage.get_by_role("textbox", name="Effort")).to_have_value("9")


def test_a_lost_answer_leaves_the_cell_open(on_stage: Page):
    on_stage.get_by_role("button", name="Effort 5, edit").click()
    on_stage.keyboard.type("8")
    on_stage.context.set_offline(True)
    on_stage.keyboard.press("Enter")
    expect(on_stage.locator("c-toast").first).to_contain_text("You are offline")
    expect(on_stage.get_by_role("textbox", name="Effort")).to_have_value("8")
    on_stage.context.set_offline(False)
    on_stage.keyboard.press("Enter")
    expect(on_stage.get_by_role("button", name="Effort 8, edit")).to_be_visible()


# ---- Rank ------------------------------------------------------------------------------------------------------------


def test_a_row_is_dragged_by_its_handle(on_stage: Page):
    handle = on_stage.get_by_role("button", name="Move Alpha").bounding_box()
    goal = on_stage.locator("[data-id=Beta]").bounding_box()
    on_stage.mouse.move(handle["x"] + 8, handle["y"] + 8)
    on_stage.mouse.down()
    on_stage.mouse.move(handle["x"] + 8, goal["y"] + 10, steps=6)
    on_stage.mouse.move(handle["x"] + 8, goal["y"] + goal["height"] - 2, steps=6)
    on_stage.mouse.up()
    expect(on_stage.locator("c-toast")).to_contain_text("Alpha moved")
    assert order(on_stage) == ["Beta", "Alpha", "Gamma"]
    sent = stage.state.posts[-1]
    assert (sent["moved"], sent["after"], sent["before"], sent["list"]) == ("Alpha", "Beta", "Gamma", "backlog")


def test_space_lifts_arrows_move_space_drops_and_it_is_announced(on_stage: Page):
    on_stage.get_by_role("button", name="Move Alpha").focus()
    on_stage.keyboard.press("Space")
    expect(on_stage.locator("#announcer")).to_contain_text("Alpha lifted, place 1 of 3")
    on_stage.keyboard.press("ArrowDown")
    expect(on_stage.locator("#announcer")).to_contain_text("Alpha: place 2 of 3")
    on_stage.keyboard.press("Space")
    expect(on_stage.locator("c-toast")).to_contain_text("Alpha moved")
    assert order(on_stage) == ["Beta", "Alpha", "Gamma"]
    assert len(stage.state.posts) == 1


def test_escape_puts_a_lifted_row_back(on_stage: Page):
    on_stage.get_by_role("button", name="Move Alpha").focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Escape"):
        on_stage.keyboard.press(key)
    expect(on_stage.locator("#announcer")).to_contain_text("Alpha is back at place 1 of 3")
    assert order(on_stage) == ["Alpha", "Beta", "Gamma"]
    assert stage.state.posts == []


def test_a_refused_move_returns_and_says_why(on_stage: Page):
    on_stage.get_by_role("button", name="Move Gamma").focus()
    for key in ("Space", "ArrowUp", "Space"):
        on_stage.keyboard.press(key)
    expect(on_stage.locator("c-toast")).to_contain_text("Gamma waits for Beta")
    assert order(on_stage) == ["Alpha", "Beta", "Gamma"]


def test_alt_arrow_moves_at_once(on_stage: Page):
    on_stage.get_by_role("link", name="Alpha").focus()
    on_stage.keyboard.press("Alt+ArrowDown")
    on_stage.keyboard.press("Alt+ArrowDown")
    expect(on_stage.locator("c-toast")).to_contain_text("Alpha moved")
    assert order(on_stage) == ["Beta", "Gamma", "Alpha"]
    assert len(stage.state.posts) == 1


@pytest.mark.parametrize("swap", ["outerHTML", "morph:outerHTML"])
def test_a_redraw_just_after_alt_arrow_does_not_lose_the_move(on_stage: Page, swap: str):
    on_stage.get_by_role("link", name="Alpha").focus()
    on_stage.keyboard.press("Alt+ArrowDown")
    on_stage.evaluate(
        "(swap) => htmx.ajax('GET', '/stage/', { target: '#ranks', swap, select: '#ranks' }).then(() => { window.drawn = true; })",
        swap,
    )
    on_stage.wait_for_function("window.drawn")
    expect(on_stage.locator("c-toast")).to_contain_text("Alpha moved")
    expect(on_stage.locator("[data-id]").first).to_have_attribute("data-id", "Beta")
    assert order(on_stage) == ["Beta", "Alpha", "Gamma"]
    assert [one["moved"] for one in stage.state.posts] == ["Alpha"]


# ---- Drafts ------------------------------------------------------------------------------------------------------------


def test_typed_text_is_offered_back_after_a_reload(on_stage: Page):
    on_stage.get_by_label("Comment").fill("a long thought")
    on_stage.reload()
    on_stage.get_by_role("button", name="Put it back").click()
    expect(on_stage.get_by_label("Comment")).to_have_value("a long thought")


def test_a_sent_text_is_forgotten(on_stage: Page):
    on_stage.get_by_label("Comment").fill("a long thought")
    on_stage.get_by_role("button", name="Send").click()
    on_stage.wait_for_url("**/stage/comment/")
    on_stage.goto("/stage/")
    expect(on_stage.get_by_role("heading", name="Comment")).to_be_visible()
    expect(on_stage.get_by_role("button", name="Put it back")).to_have_count(0)


def test_a_text_sent_after_the_session_ended_is_kept(on_stage: Page):
    on_stage.get_by_label("Comment").fill("expired")
    on_stage.get_by_role("button", name="Send").click()
    expect(on_stage.get_by_role("heading", name="Sign in")).to_be_visible()
    on_stage.goto("/stage/")
    expect(on_stage.get_by_role("button", name="Put it back")).to_be_visible()


# ---- Keys, dialogs, tabs, lists -------------------------------------------------------------------------------------------


def test_a_single_key_presses_its_button_but_not_while_typing(on_stage: Page):
    on_stage.get_by_label("Comment").focus()
    on_stage.keyboard.type("cc")
    expect(on_stage.get_by_role("dialog")).to_have_count(0)
    on_stage.get_by_label("Comment").blur()
    on_stage.keyboard.press("c")
    expect(on_stage.get_by_role("dialog", name="New thing")).to_be_visible()


def test_single_keys_can_be_switched_off(on_stage: Page):
    on_stage.keyboard.press("?")
    expect(on_stage.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    on_stage.get_by_label("Single keys work when you are not typing").uncheck()
    on_stage.keyboard.press("Escape")
    on_stage.reload()
    on_stage.keyboard.press("c")
    expect(on_stage.get_by_role("dialog", name="New thing")).to_be_hidden()


def test_a_dialog_gives_the_focus_back(on_stage: Page):
    opener = on_stage.get_by_role("button", name="New thing")
    opener.click()
    on_stage.get_by_role("button", name="Close it").click()
    expect(opener).to_be_focused()


def test_tabs_follow_the_arrows(on_stage: Page):
    on_stage.get_by_role("tab", name="One").focus()
    on_stage.keyboard.press("ArrowRight")
    expect(on_stage.get_by_text("Second panel")).to_be_visible()
    expect(on_stage.get_by_text("First panel")).to_be_hidden()


def test_rows_are_walked_and_ticked_by_keyboard(on_stage: Page):
    on_stage.get_by_role("link", name="Alpha").focus()
    on_stage.keyboard.press("j")
    on_stage.keyboard.press("x")
    expect(on_stage.get_by_label("Select Beta")).to_be_checked()
    expect(on_stage.locator("[data-bulk]")).to_contain_text("1 selected")


def test_shift_ticks_a_range(on_stage: Page):
    on_stage.get_by_label("Select Alpha").click()
    on_stage.get_by_label("Select Gamma").click(modifiers=["Shift"])
    expect(on_stage.locator("[data-bulk-count]")).to_have_text("3")
