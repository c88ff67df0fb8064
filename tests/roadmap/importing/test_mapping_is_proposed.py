from __future__ import annotations

import dataclasses
import json

import pytest

from roadmap.importing import DateOrder, Field, Mapping, MappingUnusable, ParsedItem, Person, StatusChoice, parse_rows
from roadmap.importing.vocabulary import email_of, status_named
from tests.roadmap.importing.reading import errors_of, file, items_of, propose, text


def field_of(mapping: Mapping, header: str) -> Field:
    return next(column.field for column in mapping.columns if column.header == header)


def hint_of(mapping: Mapping, header: str) -> str:
    return next(column.hint for column in mapping.columns if column.header == header)


class TestColumns:
    def test_names_are_matched_whatever_their_case_and_spaces(self):
        mapping = propose(text("  TITLE ,issue  STATUS,Due_Date,Assignee:\nA,x,2027-01-01,\n"))
        assert [column.field for column in mapping.columns] == [
            Field.TITLE,
            Field.KEEP,
            Field.ENDS_ON,
            Field.LEAD,
        ]

    def test_of_two_names_for_one_field_the_better_wins_and_an_empty_column_never(self):
        mapping = propose(text("Name,Title,Owner email,Owner\nshort,A long title,,Jonas Weber\n"))
        assert field_of(mapping, "Title") == Field.TITLE
        assert field_of(mapping, "Name") == Field.KEEP
        assert field_of(mapping, "Owner") == Field.LEAD

    def test_values_that_do_not_fit_the_name_keep_the_column_out_and_say_why(self):
        mapping = propose(text("Title,Impact,Reach\nA,Extensive,12\nB,Moderate,lots\nC,Extensive,40\n"))
        assert field_of(mapping, "Impact") == Field.KEEP
        assert hint_of(mapping, "Impact") == "3 values cannot be read, such as “Extensive”, so it is kept as it is."
        assert field_of(mapping, "Reach") == Field.REACH
        assert "Its row will be left out" in hint_of(mapping, "Reach")

    def test_a_column_of_counts_is_no_comment_and_one_of_a_hundred_values_no_status(self):
        rows = "".join(f"A{n},3,state {n}\n" for n in range(100))
        mapping = propose(text("Title,Comments,Status\n" + rows))
        assert field_of(mapping, "Comments") == Field.KEEP
        assert field_of(mapping, "Status") == Field.KEEP

    def test_an_id_column_that_repeats_is_no_identity(self):
        mapping = propose(text("Title,Number\nA,1\nB,1\nC,1\n"))
        assert field_of(mapping, "Number") == Field.KEEP
        assert len(items_of(text("Title,Number\nA,1\nB,1\nC,1\n"))) == 3

    def test_without_a_title_column_the_first_that_reads_like_one_is_proposed(self):
        mapping = propose(text("Nr.,Was,Prio\n1,Kühlkette auf der Fähre,1\n2,Türsensor meldet doppelt,1\n"))
        assert field_of(mapping, "Was") == Field.TITLE

    def test_without_anything_like_a_title_it_asks(self):
        mapping = propose(text("Reach,Effort\n1,2\n3,4\n"))
        assert [question.code for question in mapping.questions()] == ["title"]
        with pytest.raises(MappingUnusable, match="Which column is the title"):
            parse_rows(text("Reach,Effort\n1,2\n3,4\n"), mapping)

    def test_points_stand_in_for_effort_only_where_there_is_none(self):
        both = propose(text("Title,Effort,Story Points\nA,2,5\n"))
        assert field_of(both, "Story Points") == Field.KEEP
        points = propose(text("Title,Story Points\nA,5\nB,0\n"))
        assert "divided by 8" in hint_of(points, "Story Points")
        first, second = items_of(text("Title,Story Points\nA,5\nB,0\n"))
        assert str(first.effort) == "0.63"
        assert first.source_data == {"Story Points": "5"}
        assert second.effort is None, "0 points: nobody has estimated"

    def test_a_list_pasted_without_header_is_a_list_of_titles(self):
        source = text("Trailer swap at cross-dock\nWeigh-bridge import\nNight-rate calendar\n", pasted=True)
        assert [found.title for found in items_of(source)][0] == "Trailer swap at cross-dock"
        assert source.row_count == 3
        assert "No header was recognised" in source.notes[0]

    def test_cells_pasted_with_header_are_a_table(self):
        source = text("Title\tReach\tStatus\nTrailer swap\t40\tReady\n", pasted=True)
        assert [(found.title, found.reach, found.status) for found in items_of(source)] == [
            ("Trailer swap", 40, "Ready")
        ]

    def test_jira_link_columns_are_matched_by_prefix(self):
        header = "Summary,Issue key,Inward issue link (Blocks),Outward issue link (Gantt End to Start),Outward issue link (X)"
        mapping = propose(text(header + "\nA,D-1,D-2,D-3,D-4\n"))
        assert [column.field for column in mapping.columns[2:]] == [Field.NEEDS, Field.NEEDED_BY, Field.RELATES]


class TestStatuses:
    def test_the_workspaces_own_names_win_then_their_categories(self):
        statuses = [
            StatusChoice("Parked", "proposed"),
            StatusChoice("On the bench", "building"),
            StatusChoice("In testing", "building"),
            StatusChoice("Live", "shipped"),
            StatusChoice("Dead", "dropped"),
        ]
        mapping = propose(
            text("Title,Status\n" + "".join(f"A{n},{s}\n" for n, s in enumerate(
                ["parked", "In Progress", "Code review", "Done", "Won’t Fix", "Ask Klaus"]
            ))),
            statuses=statuses,
        )  # fmt: skip
        assert mapping.status_values == {
            "parked": "Parked",
            "In Progress": "On the bench",
            "Code review": "In testing",
            "Done": "Live",
            "Won’t Fix": "Dead",
        }
        assert mapping.uncertain == ("Ask Klaus",)
        assert mapping.default_status == "Parked"
        assert mapping.shipped_statuses == ("Live",)

    def test_a_workspace_without_a_ready_status_leaves_it_open(self):
        assert status_named("To Do", [StatusChoice("Idea", "proposed")]) is None


class TestPeople:
    people = [
        Person("tomas@polarline.example", "Tomás Herrera"),
        Person("t.herrera@polarline.example", "Tomas Herrera Ruiz"),
        Person("jw1@polarline.example", "Jonas Weber"),
        Person("jw2@polarline.example", "Jonas  Weber"),
    ]

    @pytest.mark.parametrize(
        "written", ["tomas@polarline.example", "TOMAS@Polarline.example", "Tomas Herrera", "Herrera, Tomás",
                    "Tomás Herrera <tomas@polarline.example>", "tomas", "  tomás   herrera "],
    )  # fmt: skip
    def test_a_person_is_found_by_address_or_name(self, written):
        assert email_of(written, self.people) == "tomas@polarline.example"

    @pytest.mark.parametrize("written", ["Jonas Weber", "nobody@polarline.example", "Herrera", "", "@", "712020:aa01"])
    def test_nobody_is_guessed(self, written):
        assert email_of(written, self.people) is None


class TestDates:
    def test_an_open_order_of_day_and_month_is_asked_and_the_answer_used(self):
        source = file("ambiguous.csv")
        mapping = propose(source)
        (question,) = mapping.questions()
        assert question.code == "date_order"
        assert "03/04/2027" in question.sentence
        with pytest.raises(MappingUnusable):
            parse_rows(source, mapping)
        day_first = dataclasses.replace(mapping, date_order=DateOrder.DAY_FIRST)
        month_first = dataclasses.replace(mapping, date_order=DateOrder.MONTH_FIRST)
        assert items_of(source, day_first)[0].starts_on.isoformat() == "2027-04-03"
        assert items_of(source, month_first)[0].starts_on.isoformat() == "2027-03-04"

    def test_one_date_that_can_be_read_one_way_only_settles_the_file(self):
        mapping = propose(text("Title,Due\nA,03/04/2027\nB,25/04/2027\n"))
        assert mapping.date_order == DateOrder.DAY_FIRST
        assert mapping.questions() == []
        assert propose(text("Title,Due\nA,03/04/2027\nB,04/25/2027\n")).date_order == DateOrder.MONTH_FIRST

    def test_dates_that_contradict_each_other_are_asked(self):
        mapping = propose(text("Title,Due\nA,03/04/2027\nB,04/25/2027\nC,25/04/2027\n"))
        assert [question.code for question in mapping.questions()] == ["date_order"]

    def test_a_date_column_that_is_left_out_asks_nothing(self):
        mapping = propose(file("ambiguous.csv"))
        for column in mapping.columns[2:]:
            mapping = mapping.with_field(column.position, Field.KEEP)
        assert mapping.questions() == []


class TestChangingAndKeepingIt:
    def test_a_field_of_one_column_moves(self):
        mapping = propose(text("Title,Other\nA,B\n")).with_field(1, Field.TITLE)
        assert [column.field for column in mapping.columns] == [Field.KEEP, Field.TITLE]

    def test_tags_may_come_from_many(self):
        source = text('Title,Labels,Team\nA,"x, y",blue\n')
        mapping = propose(source).with_field(2, Field.TAGS)
        assert items_of(source, mapping)[0].tags == ("x", "y", "blue")

    @pytest.mark.parametrize("name", ["jira-cloud.csv", "linear.csv", "trello.json", "german.csv", "ambiguous.csv"])
    def test_json_and_back_is_the_same(self, name):
        mapping = propose(file(name))
        assert Mapping.from_json(json.loads(json.dumps(mapping.as_json()))) == mapping

    @pytest.mark.parametrize(
        "stored", [None, 7, [], {}, {"kind": "csv"}, {"kind": "csv", "columns": [{}]}, {"kind": "nope", "columns": []},
                   {"kind": "csv", "columns": [], "time_zone": "Mars/Base"},
                   {"kind": "csv", "columns": [{"position": 0, "header": "", "name": "", "occurrence": 0,
                                                "field": "title", "divisor": "0"}]}],
    )  # fmt: skip
    def test_what_is_no_mapping_is_refused(self, stored):
        with pytest.raises(MappingUnusable):
            Mapping.from_json(stored)

    def test_a_mapping_made_for_other_columns_is_refused(self):
        with pytest.raises(MappingUnusable, match="not those that were matched"):
            parse_rows(text("Status,Title\nA,B\n"), propose(text("Title,Status\nA,B\n")))

    def test_a_preset_finds_its_columns_again_in_another_order_and_leaves_new_ones_as_proposed(self):
        preset = propose(text("Title,Team,Labels,Labels,Status\nA,blue,x,y,Soonish\n"))
        preset = preset.with_field(1, Field.TAGS).with_field(3, Field.LEAVE_OUT)
        preset = dataclasses.replace(preset, status_values={"Soonish": "Ready"})
        source = text("Status,Labels,Labels,Reach,Title,Team\nSoonish,x,y,3,A,blue\n")
        (found,) = items_of(source, preset.adapted_to(propose(source)))
        assert found.tags == ("x", "blue")
        assert (found.status, found.reach) == ("Ready", 3)
        assert preset.adapted_to(propose(source)).uncertain == ()

    def test_a_preset_gives_each_field_one_column(self):
        preset = propose(text("Summary of it,Title\nA long one,B\n")).with_field(0, Field.TITLE)
        source = text("Summary of it,Name\nA long one,B\n")
        adapted = preset.adapted_to(propose(source))
        assert [column.field for column in adapted.columns] == [Field.TITLE, Field.KEEP]


def test_a_name_of_another_language_and_errors_are_sentences():
    for source in (
        file("jira-cloud.csv"),
        text("Title,Reach,Due\n,1,\nA,-3,\nB,1,2027-02-31\nC,1,\nD,2,\nE,3,2027-01-01\n"),
    ):
        for error in errors_of(source):
            assert error.reason[0].isupper()
            assert error.reason.endswith(".")


def test_every_row_of_a_file_is_an_item_or_an_error():
    for name in ("jira-cloud.csv", "linear.csv", "trello.json", "github-gh.json", "german.csv", "fider.csv"):
        source = file(name)
        lines = [row.line for row in parse_rows(source, propose(source))]
        assert lines == [row.line for row in source.rows()]
        assert len([row for row in parse_rows(source, propose(source)) if isinstance(row, ParsedItem)]) >= 2
