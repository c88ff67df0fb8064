"""A roadmap as rows and columns: CSV and XLSX. What a spreadsheet would run as a formula is made a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from roadmap.importing.text import guard
from roadmap.models import SharedField, SharedLanes, ShareLink
from roadmap.sharing.capping import DAY
from roadmap.sharing.cards import SharedRoadmap
from roadmap.sharing.facts import health_of
from ui.xml import writable

Card = dict[str, Any]
Cell = str | Decimal | date
Rows = list[list[Cell]]
LANE: dict[str, str] = {
    SharedLanes.OBJECTIVE: "goal",
    SharedLanes.RELEASE: "release",
}  #: what has the first column already
NARROWEST, WIDEST = 8, 60  # letters of a column


def table_of(link: ShareLink, roadmap: SharedRoadmap) -> Rows:
    """The head, then a row a card; a column for each field that the link allows, whether or not any card has it. The last row says so where
    these are not all."""
    columns = _columns(link, roadmap)
    lanes = [roadmap.lane_label] if roadmap.lanes else []
    rows = [[*lanes, _("When"), *(label for label, _read in columns)]]
    for lane, column, card in roadmap.cards:
        rows.append([*([lane] if roadmap.lanes else []), column, *(read(card) for _label, read in columns)])
    if roadmap.is_cut:
        rows.append([roadmap.cut_said, *[""] * (len(rows[0]) - 1)])
    return [[guard(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


def _columns(link: ShareLink, roadmap: SharedRoadmap) -> list[tuple[str, Callable[[Card], Cell]]]:
    known: list[tuple[SharedField | None, str, str]] = [
        (SharedField.KEY, _("Key"), "key"),
        (None, _("Title"), "title"),
        (SharedField.STATUS, _("Status"), "status"),
        (SharedField.OBJECTIVE, _("Goal"), "goal"),
        (SharedField.RELEASE, _("Release"), "release"),
        (SharedField.DATES, _("Start"), "from"),
        (SharedField.DATES, _("End"), "when"),
        (SharedField.LEAD, _("Person in charge"), "lead"),
        (SharedField.SCORE, _("Score"), "score"),
        (SharedField.EFFORT, _("Effort in person-weeks"), "effort"),
        (SharedField.PROBLEM, _("Problem"), "need"),
        (SharedField.RESULT, _("Key figure"), "result"),
        (SharedField.HEALTH, _("Health"), "health"),
        (SharedField.DEMAND, _("Customers asking"), "demand"),
        (SharedField.REVENUE, _("Revenue asking, a year, in %(currency)s") % {"currency": roadmap.currency}, "revenue"),
        (SharedField.TAGS, _("Tags"), "tags"),
        (SharedField.DESCRIPTION, _("Description"), "text"),
    ]
    several = not link.product_id and roadmap.lanes != SharedLanes.PRODUCT
    return [
        *([(_("Product"), _reader(link, "product"))] if several else []),
        *(
            (label, _reader(link, name))
            for field, label, name in known
            if name != LANE.get(roadmap.lanes) and (field is None or link.allows(field))
        ),
        *((name, _reader(link, key)) for key, name in roadmap.own.items()),
    ]


def _reader(link: ShareLink, name: str) -> Callable[[Card], Cell]:
    """Days and numbers are such, so that one can sort by them and add them up; a month or quarter in words."""
    if name == "health":
        return health_of
    if link.precision == DAY and name in ("from", "when"):
        day = {"from": "first", "when": "last"}[name]
        return lambda card: card[day] if card.get(name) else ""
    return lambda card: _cell(card.get(name))


def _cell(value: Any) -> Cell:
    if isinstance(value, bool | None | str):
        return "" if value is None else str(value)
    if isinstance(value, int | float | Decimal):
        exact = Decimal(str(value)).normalize()
        return exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact
    return str(value)


def csv_of(link: ShareLink, roadmap: SharedRoadmap) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table_of(link, roadmap))
    return ("\ufeff" + text.getvalue()).encode()


def xlsx_of(link: ShareLink, roadmap: SharedRoadmap) -> bytes:
    """What is text is written as such: nothing in it can be a formula."""
    book, rows = Workbook(write_only=True), table_of(link, roadmap)
    sheet = book.create_sheet(_("Roadmap"))
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(*rows, strict=True), start=1):
        longest = max(len(line) for cell in column for line in (str(cell).splitlines() or [""]))
        sheet.column_dimensions[get_column_letter(number)].width = min(max(longest + 2, NARROWEST), WIDEST)
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            is_text = isinstance(value, str)
            cell = WriteOnlyCell(sheet, value=writable(value)[:32_000] if is_text else value)
            if is_text:
                cell.data_type = "s"
            cell.font = Font(bold=number == 0)
            cell.alignment = Alignment(vertical="top", wrap_text=is_text)
            cells.append(cell)
        sheet.append(cells)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()
