from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from roadmap.importing import Kind, in_rank_order, resolve, titles_name_parents
from tests.roadmap.importing.reading import errors_of, file, item, items_of, propose


@pytest.mark.parametrize(
    ("name", "kind", "system"),
    [
        ("jira-cloud.csv", Kind.JIRA_CSV, "jira"),
        ("linear.csv", Kind.LINEAR_CSV, "linear"),
        ("asana.csv", Kind.ASANA_CSV, "asana"),
        ("gitlab.csv", Kind.GITLAB_CSV, "gitlab"),
        ("trello.json", Kind.TRELLO_JSON, "trello"),
        ("github-gh.json", Kind.GITHUB_JSON, "github"),
        ("github-rest.json", Kind.GITHUB_JSON, "github"),
        ("german.csv", Kind.CSV, "file"),
        ("fider.csv", Kind.CSV, "file"),
        ("utf16.tsv", Kind.CSV, "file"),
    ],
)
def test_a_file_says_which_tool_wrote_it(name, kind, system):
    source = file(name)
    assert (source.kind, source.system) == (kind, system)
    assert {found.source for found in items_of(source)} == {system}


class TestJira:
    def test_a_story_lands_with_all_its_fields(self):
        eta = item(file("jira-cloud.csv"), "DSP-142")
        assert eta.title == "Live ETA link for consignees"
        assert (eta.type, eta.status, eta.lead) == ("feature", "In build", "tomas@polarline.example")
        assert (eta.reach, eta.impact, eta.confidence, eta.effort) == (640, Decimal(2), 90, Decimal(8))
        assert (eta.starts_on, eta.ends_on) == (date(2026, 10, 19), date(2026, 12, 4))
        assert eta.created == datetime(2026, 4, 14, 21, 12, tzinfo=UTC), "11.12 pm in Stockholm"
        assert eta.aliases == ("20142",)

    def test_repeated_columns_are_read_by_position(self):
        eta = item(file("jira-cloud.csv"), "DSP-142")
        assert eta.component == "Portal"
        assert eta.tags == ("eta", "consignee", "portal")
        assert eta.source_data["Sprint"] == ["Dispatch 41", "Dispatch 42"]
        assert eta.release == "5.2 Backhaul"
        assert eta.source_data["Fix versions"] == "5.3 Quiet cab", "an item has one release; the other is kept"

    def test_wiki_markup_becomes_markdown(self):
        description = item(file("jira-cloud.csv"), "DSP-142").description
        assert description.startswith("### Why\n\nStores ring **40 times a day**. See [the interviews](<https://")
        assert "`eta.link`" in description
        assert "1. link per drop\n1. no account" in description

    def test_comments_keep_author_time_and_text_with_its_semicolons(self):
        first, second = item(file("jira-cloud.csv"), "DSP-142").comments
        assert (first.author, first.at) == ("Samuel Osei", datetime(2026, 11, 5, 13, 14, tzinfo=UTC))
        assert first.text == "Aurora asks again; they pilot in **Turku**."
        assert second.text == "Fine by me, @Samuel Osei.", "ids have their names beside them elsewhere in the file"

    def test_parents_and_links_find_each_other_by_key_or_by_id(self):
        found = resolve(items_of(file("jira-cloud.csv")))
        assert found.parents == {"DSP-142": "DSP-12"}
        assert found.needs == {("DSP-187", "DSP-142")}
        assert found.relates == set(), "DSP-171 was rejected"
        assert found.unknown == [("DSP-187", "DSP-171")]

    def test_a_status_that_nobody_knows_goes_by_its_category_and_stays_readable(self):
        band = item(file("jira-cloud.csv"), "DSP-187")
        assert band.status == "Idea"
        assert band.source_data["Status"] == "Waiting for data science"

    def test_done_but_not_to_be_done_is_dropped(self):
        toll = item(file("jira-cloud.csv"), "DSP-198")
        assert toll.status == "Won't do"
        assert toll.source_data["Resolution"] == "Won't Do"
        assert toll.description == "=SUM is how finance does it today", "the guard against formulas is taken off"

    def test_a_lead_whom_nobody_knows_is_kept_by_name(self):
        band = item(file("jira-cloud.csv"), "DSP-187")
        assert band.lead is None
        assert band.source_data["Assignee"] == "Somebody Gone"

    def test_what_has_no_field_is_kept_and_what_is_noise_is_not(self):
        kept = item(file("jira-cloud.csv"), "DSP-142").source_data
        assert kept["Priority"] == "Highest"
        assert kept["Original estimate"] == "28800"
        assert kept["Watchers"] == ["Samuel Osei", "Aiko Tanaka"]
        assert "Custom field (Development)" not in kept
        assert "Custom field (Approvals)" not in kept
        assert "Summary" not in kept

    def test_rejected_rows_say_line_column_and_reason(self):
        no_title, no_day = errors_of(file("jira-cloud.csv"))
        assert (no_title.line, no_title.column, no_title.reason) == (12, "Summary", "The row has no title.")
        assert (no_day.line, no_day.column) == (13, "Due date")
        assert no_day.reason == "End date: “31/Nov/26 12:00 AM” is not a day of the calendar."

    def test_the_rank_of_jira_is_the_order(self):
        ordered = in_rank_order(items_of(file("jira-cloud.csv")))
        assert [found.source_id for found in ordered] == ["DSP-12", "DSP-142", "DSP-187", "DSP-198"]


class TestLinear:
    def test_an_issue_lands_with_its_fields(self):
        slot = item(file("linear.csv"), "DCK-31")
        assert (slot.type, slot.status, slot.lead) == ("bug", "In build", "jonas@polarline.example")
        assert slot.tags == ("Bug", "Customer asked")
        assert slot.release == "Beta with six sites"
        assert slot.objective == "Dock appointments without e-mail"
        assert slot.ends_on == date(2026, 12, 11)
        assert slot.created == datetime(2026, 9, 14, 8, 53, 33, tzinfo=UTC)
        assert "- [x] portal banner" in slot.description
        assert slot.effort == Decimal("0.38"), "3 points at 8 a week"
        assert slot.source_data["Estimate"] == "3"

    def test_rows_cut_short_after_their_last_value_are_whole(self):
        assert not errors_of(file("linear.csv"))
        assert item(file("linear.csv"), "DCK-41").title == "Slot reminder the evening before"

    def test_parents_and_blockers_are_found(self):
        found = resolve(items_of(file("linear.csv")))
        assert found.parents == {"DCK-28": "DCK-31"}
        assert found.needs == {("DCK-31", "DCK-28")}

    def test_cancelled_is_dropped_and_triage_an_idea(self):
        assert item(file("linear.csv"), "DCK-40").status == "Won't do"
        assert item(file("linear.csv"), "DCK-41").status == "Idea"


class TestTrello:
    def test_a_card_lands_with_its_fields(self):
        letter = item(file("trello.json"), "6714f2000000000000000011")
        assert (letter.status, letter.lead) == ("In build", "claire@polarline.example")
        assert letter.tags == ("customs", "sky"), "a label without a name goes by its colour"
        assert letter.ends_on == date(2026, 12, 5), "half past eleven in UTC is the next day in Stockholm"
        assert letter.impact == Decimal(2), "from a custom field with options"
        assert letter.source_data["Sites"] == "41"
        assert letter.source_data["Members"] == "Claire Dubois\nSamuel Osei", "the second person is not lost"
        assert letter.created == datetime(2024, 10, 20, 12, 5, 20, tzinfo=UTC), "an id says when"

    def test_checklists_become_task_lists_in_their_order(self):
        letter = item(file("trello.json"), "6714f2000000000000000011")
        assert letter.description.endswith("### Before the letter\n\n- [x] List of 41 sites\n- [ ] Legal reads it")
        assert letter.description.startswith("Say *when*"), "Trello writes Markdown: nothing is converted"

    def test_comments_come_oldest_first(self):
        comments = item(file("trello.json"), "6714f2000000000000000011").comments
        assert [comment.author for comment in comments] == ["Samuel Osei", "Claire Dubois"]
        assert comments[1].text == "Send it **before** December."

    def test_the_order_is_list_by_list_whatever_size_positions_have(self):
        ordered = in_rank_order(items_of(file("trello.json")))
        assert [found.source_id[-2:] for found in ordered] == ["13", "12", "11", "14"]

    def test_an_archived_card_is_dropped_unless_it_was_done(self):
        assert item(file("trello.json"), "6714f2000000000000000013").status == "Won't do"
        assert item(file("trello.json"), "6714f2000000000000000014").status == "Shipped"


class TestGitHub:
    def test_what_gh_writes(self):
        slot = item(file("github-gh.json"), "polarline/dockside#77")
        assert (slot.type, slot.status, slot.release) == ("bug", "Idea", "1.0")
        assert slot.tags == ("bug", "area: slots")
        assert slot.comments[0].text == "Seen at Rotterdam too."
        assert slot.source_data["Author"] == "aikot"
        assert slot.source_data["Assignees"] == "jweber"
        assert "```\nGET /slots/77\n```" in slot.description

    def test_closed_is_shipped_unless_it_was_not_planned(self):
        assert item(file("github-gh.json"), "polarline/dockside#70").status == "Won't do"
        assert item(file("github-gh.json"), "polarline/dockside#71").status == "Shipped"

    def test_what_rest_writes_page_after_page_without_its_pull_requests(self):
        source = file("github-rest.json")
        assert [found.source_id for found in items_of(source)] == ["polarline/dockside#78", "polarline/dockside#80"]
        assert source.notes == ("1 pull request was left out.",)
        assert item(source, "polarline/dockside#78").tags == ("bug", "camera"), "labels are names or objects"
        assert item(source, "polarline/dockside#78").comments == (), "REST counts comments"


class TestAsanaAndGitLab:
    def test_titles_above_the_header_are_passed_over(self):
        source = file("asana.csv")
        assert source.notes == ("2 rows above the header were left out.",)
        assert [row.line for row in source.rows()] == [4, 5]

    def test_asana_names_the_parent_by_its_title(self):
        source = file("asana.csv")
        found = resolve(items_of(source), by_title=titles_name_parents(source.kind))
        assert found.parents == {"1207000000000002": "1207000000000001"}

    def test_gitlab_times_are_utc_as_their_header_says(self):
        clock = items_of(file("gitlab.csv"))[0]
        assert clock.created == datetime(2026, 11, 1, 8, 15, tzinfo=UTC)
        assert clock.source_id == "https://gitlab.example/polarline/probe/-/issues/12"
        assert (clock.type, clock.tags, clock.release) == ("bug", ("bug", "firmware"), "Firmware 2.8")


class TestOtherFiles:
    def test_a_german_spreadsheet_in_windows_1252_with_semicolons_and_decimal_commas(self):
        source = file("german.csv")
        assert (source.encoding, source.delimiter) == ("cp1252", ";")
        ferry, sensor = items_of(source)
        assert ferry.title == "Kühlkette auf der Fähre"
        assert (ferry.reach, ferry.impact, ferry.confidence, ferry.effort) == (1200, Decimal("0.5"), 80, Decimal("2.5"))
        assert (ferry.ends_on, ferry.lead) == (date(2027, 4, 3), "jonas@polarline.example")
        assert (sensor.status, sensor.confidence) == ("In build", 90)

    def test_utf_16_with_tabs(self):
        source = file("utf16.tsv")
        assert (source.encoding, source.delimiter) == ("utf-16", "\t")
        assert [found.title for found in items_of(source)] == ["Dark mode for the night shift", "=1+1 is not a formula"]

    def test_fider(self):
        store, dark = items_of(file("fider.csv"))
        assert (store.source_id, store.status, store.tags) == ("4", "In build", ("eta",))
        assert store.source_data["votes_count"] == "214"
        assert store.source_data["response"] == "In test with 12 fleets."
        assert (dark.source_id, dark.status) == ("9", "Idea")

    def test_a_file_is_read_the_same_however_often(self):
        for name in ("jira-cloud.csv", "trello.json", "github-rest.json", "utf16.tsv"):
            source = file(name)
            assert list(source.rows()) == list(source.rows())
            assert propose(source) == propose(source)
            assert items_of(source) == items_of(file(name))
