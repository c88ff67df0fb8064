"""A roadmap as rows and columns: CSV and XLSX. What a spreadsheet would run as a formula is made a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from roadmap.importing.text import guard
from roadmap.models import SharedField, SharedLanes, ShareLink
from roadmap.sharing.capping import DAY
from roadmap.sharing.cards import SharedRoadmap
from roadmap.sharing.facts import health_of
from ui.xml import writable

Card = dict[str, Any]
Rows = list[list[str]]


def table_of(link: ShareLink, roadmap: SharedRoadmap) -> Rows:
    """The head, then a row a card; a column for each field that the link allows, whether or not any card has it."""
    columns = _columns(link, roadmap)
    lanes = [roadmap.lane_label] if roadmap.lanes else []
    rows = [[*lanes, _("When"), *(label for label, _read in columns)]]
    for lane, column, card in roadmap.cards:
        rows.append([*([lane] if roadmap.lanes else []), column, *(read(card) for _label, read in columns)])
    return [[guard(cell) for cell in row] for row in rows]


def _columns(link: ShareLink, roadmap: SharedRoadmap) -> list[tuple[str, Callable[[Card], str]]]:
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
        *((label, _reader(link, name)) for field, label, name in known if field is None or link.allows(field)),
        *((name, _reader(link, key)) for key, name in roadmap.own.items()),
    ]


def _reader(link: ShareLink, name: str) -> Callable[[Card], str]:
    """Days as programs write them; a month or quarter in words."""
    if name == "health":
        return health_of
    if link.precision == DAY and name in ("from", "when"):
        day = {"from": "first", "when": "last"}[name]
        return lambda card: card[day].isoformat() if card.get(name) else ""
    return lambda card: "" if card.get(name) is None else str(card[name])


def csv_of(link: ShareLink, roadmap: SharedRoadmap) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table_of(link, roadmap))
    return ("\ufeff" + text.getvalue()).encode()


def xlsx_of(link: ShareLink, roadmap: SharedRoadmap) -> bytes:
    """Every cell is a text: nothing in it can be a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Roadmap"))
    sheet.freeze_panes = "A2"
    for number, row in enumerate(table_of(link, roadmap)):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=writable(text)[:32_000])
            cell.data_type = "s"
            cell.font = Font(bold=number == 0)
            cells.append(cell)
        sheet.append(cells)
    into = io.BytesIO()
    book.save(into)
    return into.getvalue()
