from __future__ import annotations

from decimal import Decimal

from roadmap.importing import RowError, in_rank_order, parse_row, resolve
from tests.roadmap.importing.reading import errors_of, file, items_of, one, propose, rows_of, text


def test_twice_the_same():
    for name in (
        "jira-cloud.csv",
        "linear.csv",
        "trello.json",
        "github-gh.json",
        "german.csv",
        "fider.csv",
        "asana.csv",
    ):
        assert items_of(file(name)) == items_of(file(name))
        identities = [(found.source, found.source_id) for found in items_of(file(name))]
        assert len(set(identities)) == len(identities)


def test_an_id_that_repeats_in_one_file_is_rejected_and_the_first_lands():
    source = text("Summary,Issue key\nA,DSP-1\nB,DSP-2\nC,DSP-1\n")
    assert [found.title for found in items_of(source)] == ["A", "B"]
    (error,) = errors_of(source)
    assert (error.line, error.column) == (4, "Issue key")
    assert error.reason == "The ID “DSP-1” stands in line 2 already. Only that row is imported."


def test_an_issue_without_key_is_rejected():
    source = text("Summary,Issue key\nA,DSP-1\nB,\n")
    (error,) = errors_of(source)
    assert (error.line, error.column) == (3, "Issue key")
    assert "has no ID" in error.reason


def test_without_ids_the_title_is_the_identity_and_a_second_of_it_is_another_item():
    first = items_of(text("Title,Reach\nA,1\nB,2\nA,3\n"))
    again = items_of(text("Reach,Title\n1,a\n3,A\n2,B\n4,C\n"))
    assert len({found.source_id for found in first}) == 3
    assert {found.source_id for found in first} < {found.source_id for found in again}, "order and case do not matter"


def test_a_rejected_row_counts_too_so_that_mending_it_moves_no_identity():
    broken = rows_of(text("Title,Reach\nA,1\nA,-7\nA,3\n"))
    mended = rows_of(text("Title,Reach\nA,1\nA,7\nA,3\n"))
    assert isinstance(broken[1], RowError)
    assert broken[2].source_id == mended[2].source_id


def test_one_row_by_itself_reads_as_in_the_file():
    source = file("jira-cloud.csv")
    mapping = propose(source)
    assert [parse_row(row, mapping) for row in source.rows()] == rows_of(source, mapping)


def test_parents_that_come_round_are_cut():
    source = text("Summary,Issue key,Parent key\nA,D-1,D-2\nB,D-2,D-3\nC,D-3,D-1\nD,D-4,D-4\n")
    found = resolve(items_of(source))
    assert found.parents == {"D-1": "D-2", "D-2": "D-3"}


def test_a_parent_of_an_earlier_import_is_known_and_another_is_said_to_be_unknown():
    source = text("Summary,Issue key,Parent key\nA,D-1,D-90\nB,D-2,D-91\n")
    found = resolve(items_of(source), known=["D-90"])
    assert found.parents == {"D-1": "D-90"}
    assert found.unknown == [("D-2", "D-91")]


def test_the_epic_link_is_a_parent_where_there_is_no_parent_key():
    source = text("Summary,Issue key,Issue id,Parent,Custom field (Epic Link)\nE,D-1,1,,\nA,D-2,2,1,\nB,D-3,3,,D-1\n")
    assert resolve(items_of(source)).parents == {"D-2": "D-1", "D-3": "D-1"}


def test_links_are_one_whichever_end_names_them():
    header = "Summary,Issue key,Inward issue link (Blocks),Outward issue link (Blocks),Outward issue link (Relates)\n"
    found = resolve(items_of(text(header + "A,D-1,,D-2,D-2\nB,D-2,D-1,,D-1\n")))
    assert found.needs == {("D-2", "D-1")}
    assert found.relates == {("D-1", "D-2")}


def test_numbers_rank_as_numbers_and_rows_without_rank_come_last_in_their_order():
    source = text("Title,Rank\nA,10\nB,\nC,9\nD,2\nE,\n")
    assert [found.title for found in in_rank_order(items_of(source))] == ["D", "C", "A", "B", "E"]
    assert items_of(source)[0].rank == Decimal(10)


def test_ranks_of_letters_compare_by_byte():
    source = text("Summary,Issue key,Custom field (Rank)\nA,D-1,0|i00b:\nB,D-2,0|i00B:\nC,D-3,0|hzzz:\n")
    assert [found.title for found in in_rank_order(items_of(source))] == ["C", "B", "A"]


def test_ends_before_starts_is_an_error_of_the_row():
    error = one("Title,Start,End\nA,2027-03-02,2027-03-01\n")
    assert isinstance(error, RowError)
    assert (error.column, error.reason) == ("End", "It ends on 2027-03-01, before it starts on 2027-03-02.")


def test_names_too_long_are_errors_but_a_long_tag_is_kept_beside():
    long = "x" * 81
    assert isinstance(one(f"Title,Release\nA,{long}\n"), RowError)
    found = one(f'Title,Labels\nA,"short, {long}"\n')
    assert (found.tags, found.source_data) == (("short",), {"Labels": long})


def test_a_title_of_several_lines_becomes_one():
    assert one('Title,Status\n"Bulk re-plan\n after  a closure",Ready\n').title == "Bulk re-plan after a closure"


def test_horizons_and_types_by_word():
    found = one("Title,Horizon,Type\nA,Next,Spike\n")
    assert (found.horizon, found.type, found.source_data) == ("next", "discovery", {"Type": "Spike"})
    assert one("Title,Horizon\nA,Sometime\n").source_data == {"Horizon": "Sometime"}


def test_the_day_something_shipped_is_read_and_the_day_it_was_dropped_is_kept_beside():
    source = text(
        "Summary,Issue key,Status,Resolution,Resolved\nA,D-1,Done,Done,20/Oct/26 9:00 AM\n"
        "B,D-2,Done,Won't Do,17/Nov/26 5:00 PM\nC,D-3,To Do,,\n"
    )
    done, dropped, planned = items_of(source)
    assert done.shipped.isoformat() == "2026-10-20T07:00:00+00:00"
    assert (dropped.status, dropped.shipped, dropped.source_data["Resolved"]) == ("Won't do", None, "17/Nov/26 5:00 PM")
    assert planned.shipped is None
