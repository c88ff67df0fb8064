"""The main job from end to end in a real browser, with a real Celery worker: signal to adoption."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from accounts.actors import Actor
from config import clock
from lifecycle.models import Decision, Gate
from roadmap.models import Item, Release, ShareLink
from tests.cast import make_cast
from tests.factories import SYSTEM, status
from tests.workers import Worker
from usage.models import UsageKey
from usage.rollup.plan import dirty_parts, dirty_shards

pytestmark = pytest.mark.browser
DSP = "/w/polarline/p/DSP/"
JIRA = (
    "Summary,Issue key,Issue id,Issue Type,Status,Description\n"
    "Live ETA link,DSP-1,1,Story,To Do,Stores ring the dispatcher\n"
    "Bulk re-plan,DSP-2,2,Story,To Do,After a closure\n"
)
PASSWORD = "polar-night-42"


@pytest.fixture
def worker(server, tmp_path):
    running = Worker(tmp_path).start()
    yield running
    running.stop()


def test_from_a_jira_file_to_adoption_beside_the_shipped_item(server, worker, open_page, new_page, tmp_path):
    cast = make_cast()
    mona = open_page(cast.mona)
    import_the_file_of_another_tool(mona)
    score_in_the_table(mona)
    rank_by_keyboard(mona, cast)
    drag_from_the_tray_onto_the_timeline(mona)
    let_a_gate_decide(mona, cast)
    share_with_a_password(mona)
    somebody_without_an_account_opens_it(new_page())
    eta = ship(cast)
    use_it(mona, cast, eta, tmp_path)
    adoption_stands_beside_it(mona, eta)


def import_the_file_of_another_tool(mona):
    """The worker does it."""
    mona.goto(DSP + "import/")
    mona.get_by_label("File").set_input_files({"name": "jira.csv", "mimeType": "text/csv", "buffer": JIRA.encode()})
    mona.get_by_role("button", name="Match columns").click()
    mona.get_by_role("button", name="Import 2 rows").click()
    expect(mona.get_by_role("heading", name="2 added")).to_be_visible(timeout=60_000)


def score_in_the_table(mona):
    mona.goto(DSP + "backlog/")
    for cell, value in (("reach", "400"), ("confidence", "80"), ("effort", "4")):
        mona.locator(f"#item-2 [data-cell={cell}] button").click()
        mona.keyboard.type(value)
        mona.keyboard.press("Enter")
        expect(mona.locator(f"#item-2 [data-cell={cell}]")).to_contain_text(value)
    mona.locator("#item-2 [data-cell=impact] button").click()
    mona.locator("#item-2 [data-cell=impact] select").select_option("2.00")
    expect(mona.locator("#item-2")).to_contain_text("160")


def rank_by_keyboard(mona, cast):
    mona.locator("#item-2 [data-grab]").focus()
    mona.keyboard.press("Alt+ArrowUp")
    expect(mona.get_by_text("Moved DSP-2")).to_be_visible()
    assert [item.title for item in Item.objects.of(cast.product).ranked()] == ["Bulk re-plan", "Live ETA link"]


def drag_from_the_tray_onto_the_timeline(mona):
    mona.goto(DSP + "roadmap/")
    chip = mona.locator("[data-tray]", has_text="Bulk re-plan").bounding_box()
    timeline = mona.locator(".tl").bounding_box()
    body = mona.locator(".tl__body").bounding_box()
    mona.mouse.move(chip["x"] + 30, chip["y"] + 10)
    mona.mouse.down()
    mona.mouse.move(timeline["x"] + 500, body["y"] + 40, steps=6)
    mona.mouse.up()
    expect(mona.locator("[data-bar]", has_text="Bulk re-plan")).to_be_visible()
    item = Item.objects.get(title="Bulk re-plan")
    assert (item.ends_on - item.starts_on).days == 13


def let_a_gate_decide(mona, cast):
    gate = Gate.objects.get(product=cast.product, number=1)
    for criterion in gate.criteria.all():
        criterion.judge("met", by=SYSTEM)
    mona.goto(DSP + "gates/1/")
    mona.locator("input[name=kind][value=go]").check()
    mona.locator("#decide textarea").first.fill("Eleven of fourteen fleets named it.")
    mona.locator("#decide button[type=submit], #decide button.btn--primary").last.click()
    expect(mona.get_by_text("Eleven of fourteen fleets named it.").first).to_be_visible()
    assert Decision.objects.get(gate=gate).decided_by == cast.mona


def share_with_a_password(mona):
    mona.goto(DSP + "share/")
    mona.get_by_role("textbox", name="Audience", exact=True).fill("Board")
    mona.get_by_role("textbox", name="Password").fill(PASSWORD)
    mona.get_by_role("button", name="Look at it").click()
    mona.get_by_role("button", name="Open the link").click()
    expect(mona.get_by_role("cell", name="Board")).to_be_visible()


def somebody_without_an_account_opens_it(guest):
    guest.goto(f"/s/{ShareLink.objects.get().token}/")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Open the roadmap").click()
    expect(guest.get_by_text("Bulk re-plan")).to_be_visible()


def ship(cast):
    by = Actor.of(cast.mona)
    eta = Item.objects.get(title="Live ETA link")
    release = Release.plan(cast.product, "5.2", by=by)
    eta.edit(by=by, release=release, status=status(cast.workspace, "Shipped"))
    return eta


def use_it(mona, cast, eta, folder):
    """Events come in, and the worker rolls them up: its beat finds the dirt within seconds, nothing is rolled up here."""
    UsageKey.measure(cast.product, "eta.link", [eta], name="ETA link", by=Actor.of(cast.mona))
    log = usage_log(folder / "usage.csv", clock.now().date())
    call_command("ingest_usage", str(log), "--product", "DSP")
    for _ in range(600):
        if not dirty_shards(cast.product.pk) and not dirty_parts(cast.product.pk):
            return
        mona.wait_for_timeout(200)
    raise AssertionError("The worker did not roll up the usage within two minutes.")


def usage_log(path, today):
    """Twelve accounts that plan every day; nine of them open the ETA link in two weeks after its release."""
    lines = ["event_id,feature_key,user_key,account_key,ts"]
    for account in range(12):
        for days_ago in range(1, 40):
            at = f"{today - timedelta(days=days_ago)}T09:00:00Z"
            lines.append(f"{account:08x}-0000-4000-8000-{days_ago:012x},route.plan,user{account},account{account},{at}")
            if account < 9 and days_ago in (3, 12):
                lines.append(
                    f"{account:08x}-0000-4000-9000-{days_ago:012x},eta.link,user{account},account{account},{at}"
                )
    path.write_text("\n".join(lines) + "\n")
    return path


def adoption_stands_beside_it(mona, eta):
    mona.goto(DSP + f"items/{eta.number}/")
    expect(mona.locator("#adoption")).to_be_visible()
    mona.goto(DSP + "insights/")
    expect(mona.get_by_text("ETA link").first).to_be_visible()
