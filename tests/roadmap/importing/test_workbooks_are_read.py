from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook

from roadmap.importing import ImportRefused, Kind, read
from tests.roadmap.importing.reading import errors_of, items_of


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(*rows) -> Workbook:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return book


def test_numbers_dates_and_percents_arrive_as_they_look():
    book = book_of(
        ["Title", "Reach", "Confidence", "Effort", "Due", "Created", "Done"],
        ["Live ETA link", 640.0, 0.9, 8, datetime(2026, 12, 4), datetime(2026, 3, 1, 14, 30), True],
        ["Bulk re-plan", 380, 0.7, 2.5, date(2027, 5, 28), None, False],
    )
    source = read(saved(book), "plan.xlsx")
    assert (source.kind, source.encoding) == (Kind.XLSX, None)
    eta, plan = items_of(source)
    assert (eta.reach, eta.confidence, eta.effort) == (640, 90, Decimal(8))
    assert (eta.ends_on, plan.ends_on) == (date(2026, 12, 4), date(2027, 5, 28))
    assert plan.effort == Decimal("2.5")
    assert eta.source_data == {"Done": "true"}


def test_the_first_sheet_with_cells_is_read_and_another_can_be_chosen():
    book = Workbook()
    book.active.title = "Cover"
    for name, title in (("Plan", "From the plan"), ("Ideas", "From the ideas")):
        sheet = book.create_sheet(name)
        sheet.append(["Title"])
        sheet.append([title])
    content = saved(book)
    source = read(content)
    assert (source.sheet, source.sheets) == ("Plan", ("Plan", "Ideas"))
    assert source.notes == ("Of 2 sheets “Plan” was read.",)
    assert items_of(read(content, sheet="Ideas"))[0].title == "From the ideas"
    with pytest.raises(ImportRefused, match="no sheet “Nope”"):
        read(content, sheet="Nope")


def test_rows_keep_their_number_past_titles_and_gaps():
    book = book_of(["Roadmap 2027"], [], ["Feature", "Status", "Reach"], ["A", "Ready", "x"], [], ["B", "Idea", 3])
    source = read(saved(book))
    assert [row.line for row in source.rows()] == [4, 6]
    assert errors_of(source)[0].line == 4


def test_a_formula_counts_as_its_last_value_and_is_never_run():
    book = book_of(["Title", "Note"], ["A", "=1+1"])
    assert items_of(read(saved(book)))[0].source_data == {}, "never calculated, so there is no value"


def test_a_jira_export_opened_in_excel_and_saved_is_still_jira():
    book = book_of(["Summary", "Issue key", "Labels", "Labels"], ["A", "DSP-1", "x", "y"])
    source = read(saved(book))
    assert source.kind == Kind.JIRA_CSV
    assert items_of(source)[0].tags == ("x", "y")
