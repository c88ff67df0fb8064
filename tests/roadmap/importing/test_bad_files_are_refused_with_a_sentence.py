"""Whatever is fed to `read`, an `ImportRefused` with a sentence comes back or a `Source` does; nothing else."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from openpyxl import Workbook

from roadmap.importing import (
    BrokenFile,
    FileTooLarge,
    FileUnreadable,
    ImportRefused,
    Limits,
    NothingToImport,
    TooManyColumns,
    TooManyRows,
    UnknownFormat,
    read,
)
from tests.roadmap.importing.reading import errors_of, items_of, rows_of, text


def refused(content: bytes, filename: str = "", **options) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        read(content, filename, **options)
    sentence = str(caught.value)
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert len(sentence) < 250
    return caught.value


def workbook_bytes(rows, title="Items") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_member(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return out.getvalue()


class TestNothingInIt:
    @pytest.mark.parametrize("content", [b"", b"\n\n \n", b"\xef\xbb\xbf", b"\0\0\0\0", b"\xff\xfe", b",,,\n;;\n"])
    def test_an_empty_file(self, content):
        assert isinstance(refused(content), NothingToImport)

    def test_a_header_alone(self):
        assert str(refused(b"Title,Status\n")) == "The file has a header but no row below it."

    def test_an_empty_board_and_an_empty_list(self):
        assert isinstance(refused(b'{"cards": [], "lists": []}'), NothingToImport)
        assert isinstance(refused(b"[]", "issues.json"), NothingToImport)

    def test_an_empty_workbook(self):
        assert isinstance(refused(workbook_bytes([])), NothingToImport)

    def test_a_missing_file_and_a_folder(self, tmp_path):
        with pytest.raises(FileUnreadable, match="There is no file"):
            read(tmp_path / "gone.csv")
        with pytest.raises(FileUnreadable, match="cannot be read"):
            read(tmp_path)


class TestNotATable:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"%PDF-1.7\n...", "PDF"),
            (b"\x89PNG\r\n\x1a\n....", "PNG"),
            (b"\x1f\x8b\x08\0\0\0\0\0", "gzip"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "old Excel file"),
            (b"<html><body><table><tr><td>Key</td>", "web page"),
            (b"\n <!DOCTYPE html><html>", "web page"),
            (b"<?xml version='1.0'?><rss></rss>", "XML"),
            (b"{\\rtf1\\ansi", "RTF"),
        ],
    )
    def test_another_kind_of_file_is_named(self, content, says):
        error = refused(content)
        assert isinstance(error, UnknownFormat)
        assert says in str(error)

    def test_bytes_that_are_no_text(self):
        assert isinstance(refused(bytes(range(256)) * 40), UnknownFormat)

    def test_json_of_something_else(self):
        assert isinstance(refused(b'{"name": "a board without cards"}'), UnknownFormat)
        assert isinstance(refused(b'[{"id": 1, "name": "no number, no title"}]'), UnknownFormat)

    def test_an_unknown_encoding(self):
        assert "punycode" in str(refused(b"Title\nA\n", encoding="punycode"))


class TestDamaged:
    def test_a_quote_that_is_never_closed_names_its_line(self):
        error = refused(b'Title,Status\nA,Ready\n"B,Ready\nC,Ready\nD,Ready\n')
        assert isinstance(error, BrokenFile)
        assert "line 3 " in str(error)

    def test_json_cut_off_names_the_place(self):
        assert "line 2, column" in str(refused(b'[{"number": 1,\n "title": "A"', "x.json"))

    def test_json_nested_without_end(self):
        assert isinstance(refused(b"[" * 200_000), BrokenFile)
        assert isinstance(refused(b'{"cards":' * 100_000), BrokenFile)

    def test_a_number_of_ten_thousand_digits(self):
        assert isinstance(refused(b'[{"title": "A", "number": ' + b"9" * 10_000 + b"}]"), BrokenFile)

    def test_a_zip_that_is_none(self):
        assert isinstance(refused(b"PK\x03\x04" + b"garbage" * 50), BrokenFile)

    def test_a_zip_that_is_no_workbook(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("issues.csv", "Title\nA\n")
        assert "Unpack it" in str(refused(out.getvalue()))

    @pytest.mark.parametrize("cut", [0.3, 0.6, 0.95])
    def test_a_workbook_cut_off(self, cut):
        whole = workbook_bytes([["Title"], ["A"]])
        assert isinstance(refused(whole[: int(len(whole) * cut)]), BrokenFile)

    @pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
    def test_a_workbook_with_a_broken_part(self, part):
        assert isinstance(refused(with_member(workbook_bytes([["Title"], ["A"]]), part, b"<not<xml")), BrokenFile)


class TestBombs:
    def test_a_workbook_that_unpacks_to_more_than_the_limit(self):
        bomb = with_member(workbook_bytes([["Title"], ["A"]]), "xl/worksheets/sheet1.xml", b" " * 300 * 1024 * 1024)
        assert len(bomb) < 1024 * 1024
        assert isinstance(refused(bomb), FileTooLarge)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
    def test_a_billion_laughs(self, encoding):
        laughs = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE lolz [<!ENTITY a "lol">'
        laughs += "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
        laughs += "]><worksheet><sheetData><row><c t='inlineStr'><is><t>&i;</t></is></c></row></sheetData></worksheet>"
        workbook = workbook_bytes([["Title"], ["A"]])
        assert "entities" in str(refused(with_member(workbook, "xl/worksheets/sheet1.xml", laughs.encode(encoding))))

    def test_a_cell_far_to_the_right(self):
        book = Workbook()
        book.active["A1"], book.active["A2"], book.active["XFD1"] = "Title", "A", "far"
        out = io.BytesIO()
        book.save(out)
        assert isinstance(refused(out.getvalue()), TooManyColumns)

    def test_a_cell_far_below_is_not_waited_for(self):
        book = Workbook()
        book.active["A1"], book.active["A2"], book.active["A1048576"] = "Title", "A", "far"
        out = io.BytesIO()
        book.save(out)
        source = read(out.getvalue())
        assert [found.title for found in items_of(source)] == ["A"]
        assert source.notes == ("Whatever stands far below row 2, after 100,000 empty rows, was left out.",)


class TestLimits:
    def test_too_many_bytes(self, tmp_path):
        limits = Limits(file_bytes=100)
        assert isinstance(refused(b"Title\n" + b"x" * 200, limits=limits), FileTooLarge)
        (tmp_path / "big.csv").write_bytes(b"Title\n" + b"x" * 200)
        with pytest.raises(FileTooLarge):
            read(tmp_path / "big.csv", limits=limits)

    def test_too_many_rows(self):
        error = refused(b"Title\n" + b"A\n" * 11, limits=Limits(rows=10))
        assert isinstance(error, TooManyRows)
        assert "more than 10 rows" in str(error)
        assert read(b"Title\n" + b"A\n" * 10, limits=Limits(rows=10)).row_count == 10

    def test_too_many_columns(self):
        assert isinstance(refused(b",".join(b"c%d" % n for n in range(2_001)) + b"\nx\n"), TooManyColumns)

    def test_a_cell_of_a_megabyte_is_one_rejected_row(self):
        source = text('Title,Description,Priority\nA,fine,x\nB,"' + "x" * 1_000_000 + '",y\nC,fine,z\n')
        assert [found.title for found in items_of(source)] == ["A", "C"]
        (error,) = errors_of(source)
        assert (error.line, error.column) == (3, "Description")
        assert error.reason == "It has 1,000,000 characters; at most 100,000 fit. Shorten it."

    def test_a_megabyte_in_a_title_an_id_and_a_column_without_field(self):
        long = "x" * 1_000_000
        source = text(f"Title,ID,Other\n{long},1,\nB,{long},\nC,3,{long}\nD,4,\n")
        assert [(error.line, error.column) for error in errors_of(source)] == [(2, "Title"), (3, "ID"), (4, "Other")]
        assert [found.title for found in items_of(source)] == ["D"]


class TestStrangeText:
    def test_nul_and_control_characters_are_left_out_and_said(self):
        source = read(b"Title,Status\nA\0B\x07,Rea\0dy\n", "x.csv")
        assert [(found.title, found.status) for found in items_of(source)] == [("AB", "Ready")]
        assert source.notes == ("3 control characters that cannot be stored were left out.",)

    def test_half_a_surrogate_in_json(self):
        (found,) = items_of(read(b'[{"number": 1, "title": "A\\ud800B\\u0000C"}]', "x.json"))
        assert found.title == "ABC"

    def test_a_damaged_byte_in_utf_8_does_not_turn_the_file_into_another_encoding(self):
        source = read("Title\nKühlkette für Äpfel und Öl\n".encode() + b"B\xff\n")
        assert source.encoding == "utf-8"
        assert "1 character could not be read" in source.notes[0]

    def test_windows_1252_with_an_undefined_byte(self):
        assert items_of(read("Title\nKüche\n".encode("cp1252") + b"\x81x\n"))[0].title == "Küche"

    def test_the_encoding_can_be_told(self):
        assert items_of(read("Title\nPrzyczepa chłodnia\n".encode("cp1250"), encoding="cp1250"))[0].title == (
            "Przyczepa chłodnia"
        )

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
    def test_every_usual_encoding_is_found(self, encoding):
        content = "Title,Status\nKühlkette – „Öl“,Ready\nZweite,Idea\n".encode(encoding)
        assert [found.title for found in items_of(read(content))] == ["Kühlkette – „Öl“", "Zweite"]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_every_line_end(self, end):
        source = text(f'Title,Description{end}A,"two{end}lines"{end}{end}B,x{end}')
        assert [(found.line, found.title) for found in items_of(source)] == [(2, "A"), (5, "B")]
        assert items_of(source)[0].description == "two\nlines"

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_every_delimiter(self, delimiter):
        source = text("Title,Status,Reach\nA one,Ready,3\nB two,Idea,4\n".replace(",", delimiter))
        assert source.delimiter == delimiter
        assert [found.reach for found in items_of(source)] == [3, 4]

    def test_excel_may_tell_the_delimiter(self):
        source = text("sep=;\nTitle;Note\nA, and b;x\n")
        assert [(found.line, found.title) for found in items_of(source)] == [(3, "A, and b")]

    def test_right_to_left_and_emoji_pass(self):
        source = text("Title\nשלום 🚛\n\u202eevil\n")
        assert [found.title for found in items_of(source)] == ["שלום 🚛", "\u202eevil"]


class TestRaggedRows:
    def test_a_short_row_ends_in_empty_cells(self):
        assert items_of(text("Title,Status,Reach\nA\nB,Ready\n"))[1].status == "Ready"

    def test_a_row_with_more_filled_cells_than_the_header_is_rejected_and_empty_ones_do_not_count(self):
        source = text("Title,Status\nA,Ready,,,\nB,Ready,surplus\nC,Idea\n")
        assert [found.title for found in items_of(source)] == ["A", "C"]
        (error,) = errors_of(source)
        assert error.line == 3
        assert "1 more cells than the header" in error.reason

    def test_a_jira_row_cut_by_a_line_break_without_quotes_is_rejected_with_its_rest(self):
        source = text("Summary,Issue key,Description,Status\nA,DSP-1,one\ntwo,To Do,x\nB,DSP-2,fine,To Do\n")
        assert [found.source_id for found in items_of(source)] == ["DSP-2"]
        assert [error.line for error in errors_of(source)] == [2, 3]
        assert "breaks off" in errors_of(source)[0].reason

    def test_columns_without_header_go_by_their_letter(self):
        source = text("Title,,Status\nA,loose,Ready\n")
        assert source.headers == ("Title", "Column B", "Status")
        assert items_of(source)[0].source_data == {"Column B": "loose"}


class TestHostileJson:
    @pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, [1, None, "x", {}], {"a": []}, True, 1e308])
    def test_any_part_of_a_board_may_be_of_another_type(self, wrong):
        board = json.loads(
            b'{"cards":[{"id":"1","name":"A","idList":"l","pos":1}],"lists":[{"id":"l","name":"Doing"}]}'
        )
        for key in ("lists", "members", "labels", "checklists", "customFields", "actions"):
            rows_of(read(json.dumps({**board, key: wrong}).encode()))
        for key in (
            "name",
            "desc",
            "idList",
            "pos",
            "due",
            "labels",
            "idMembers",
            "idChecklists",
            "customFieldItems",
            "id",
        ):
            rows_of(read(json.dumps({**board, "cards": [{**board["cards"][0], key: wrong}]}).encode()))

    @pytest.mark.parametrize("wrong", [None, 7, "x", [], {}, [1, None, "x", {}], {"a": []}, True])
    def test_any_part_of_an_issue_may_be_of_another_type(self, wrong):
        issue = {"number": 1, "title": "A", "state": "open"}
        for key in (
            "title",
            "body",
            "labels",
            "assignees",
            "milestone",
            "comments",
            "createdAt",
            "url",
            "state",
            "author",
        ):
            rows_of(read(json.dumps([{**issue, key: wrong}]).encode()))
