from __future__ import annotations

import io

from roadmap.importing import Field, ParsedItem, parse_rows, read, write_rejects
from tests.roadmap.importing.reading import errors_of, file, items_of, propose, text


def rejected(source) -> str:
    out = io.StringIO()
    assert write_rejects(source, errors_of(source), out) == len(errors_of(source))
    return out.getvalue()


def test_they_come_back_with_line_and_reason_and_import_again_once_mended():
    source = file("jira-cloud.csv")
    content = rejected(source)
    assert content.splitlines()[0].startswith("Line,Reason,Summary,Issue key,")
    assert "12,Column “Summary”: The row has no title.," in content
    mended = content.replace("31/Nov/26", "30/Nov/26").replace("no title.,,", "no title.,Now it has one,")
    again = read(mended.encode("utf-8-sig"), "rejected.csv")
    assert again.kind == source.kind
    assert [column.field for column in propose(again).columns[:2]] == [Field.LEAVE_OUT, Field.LEAVE_OUT]
    found = items_of(again)
    assert [(one.source_id, one.title) for one in found] == [
        ("DSP-199", "Now it has one"),
        ("DSP-171", "Ferry and tunnel timetables in routing"),
    ]
    assert "Line" not in found[0].source_data
    assert found[1].ends_on.isoformat() == "2026-11-30"


def test_cells_beyond_the_header_are_not_lost():
    source = text("Title,Status\nA,Ready,left over\nB,Idea\n")
    assert rejected(source).splitlines()[1].endswith("A,Ready,left over")


def test_a_formula_goes_out_guarded_and_comes_back_bare():
    source = text("Title,Reach,Note\n'=cmd|' /C calc'!A0,-5,'+1\nB,5,\n")
    content = rejected(source)
    assert "'=cmd" in content
    assert ",'+1" in content
    assert "'-5" in content, "a number below nothing is guarded like any minus"
    again = read(content.replace("'-5", "5").encode())
    (found,) = items_of(again)
    assert (found.title, found.source_data) == ("=cmd|' /C calc'!A0", {"Note": "+1"})


def test_cards_come_back_as_a_table():
    source = read(b'{"lists": [], "cards": [{"id": "1", "name": ""}, {"id": "2", "name": "B"}]}', "board.json")
    content = rejected(source)
    assert "The row has no title." in content
    assert isinstance(next(parse_rows(source, propose(source))), ParsedItem) is False
