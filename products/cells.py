"""Cells: fields of a product and of the parts of its strategy that become their own form where they stand (static/js/edit.js).

A person who may edit sees the value as a link to its editor, which is fetched when it is wanted: a form in each cell was most
of the strategy page (64 kB). The cell whose edit was refused comes with its form, open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from products.trouble import Trouble


@dataclass(frozen=True)
class Cell:
    """`section` is the id of the part of the page that the answer replaces. kind: input, number, textarea, select."""

    section: str
    kind: str = "input"


CELLS: dict[str, dict[str, Cell]] = {
    "product": {
        "vision": Cell("vision", "textarea"),
        "positioning": Cell("vision", "textarea"),
        "business_model": Cell("model", "textarea"),
    },
    "key_result": {"now": Cell("goals", "number")},
    "problem": {"who": Cell("problems"), "how_big": Cell("problems"), "state": Cell("problems", "select")},
}


def id_of(row: Any) -> str:
    """What names the row in addresses and in the page."""
    return str(row.key if row.noun == "product" else row.public_id)


def read(row: Any, name: str) -> str:
    """The value as people read it; "" where there is none."""
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else str(value)


class Cells:
    """The cells of one page: for whom they are drawn, and which of them is in trouble."""

    def __init__(self, request: HttpRequest, *, may_edit: bool, trouble: Trouble | None = None) -> None:
        self.request = request
        self.may_edit = may_edit
        self.trouble = trouble
        self._addresses: dict[tuple[str, str], list[str]] = {}
        self._labels: dict[tuple[str, str], str] = {}

    def draw(self, row: Any, name: str, shown: str | None = None, *, locked: bool = False) -> SafeString:
        """A field of `row`; `shown` replaces the value on display. A `locked` one is its text."""
        text = read(row, name) if shown is None else shown
        value = f"<span>{escape(text)}</span>" if text else f'<span class="faint">{escape(_("Not set"))}</span>'
        if locked or not self.may_edit:
            return mark_safe(value)  # noqa: S308 - escaped above
        id = escape(id_of(row))
        if self.trouble is not None and self.trouble.cell == f"{id}-{name}":
            context = editor(self.request, row, name, shown, self.trouble)
            return render_to_string("products/_cell.html", context, self.request)
        url = escape(self._address(row, name))
        return mark_safe(  # noqa: S308 - escaped above
            f'<c-edit id="cell-{id}-{name}" class="cellform cellform--{CELLS[row.noun][name].kind}">'
            f'<a class="cell-edit cell-edit--text" href="{url}" role="button" data-show hx-get="{url}?seen={row.change_id:d}"'
            f' hx-target="closest c-edit" hx-swap="outerHTML"><span class="sr">{self._label(row, name)}: </span>{value}</a></c-edit>'
        )

    def _address(self, row: Any, name: str) -> str:
        """Where the editor is. The parts of one kind share a pattern."""
        slug, key = self.request.workspace.slug, self.request.product.key
        if row.noun == "product":
            return reverse("products:write_field", args=[slug, key, name])
        known = self._addresses.get((row.noun, name))
        if known is None:
            known = reverse(f"products:{row.noun}_field", args=[slug, key, "0", name]).rsplit("/0/", 1)
            self._addresses[row.noun, name] = known
        return f"{known[0]}/{row.public_id}/{known[1]}"

    def _label(self, row: Any, name: str) -> str:
        known = self._labels.get((row.noun, name))
        if known is None:
            known = self._labels[row.noun, name] = escape(str(row._meta.get_field(name).verbose_name))
        return known


def editor(
    request: HttpRequest, row: Any, name: str, shown: str | None = None, trouble: Trouble | None = None
) -> dict[str, Any]:
    """What products/_cell.html takes: the form of a cell, with what was typed where it was refused.

    `seen` of the address is the version whose value the person clicked at: somebody may be faster before the editor is there.
    """
    slug, key, cell = request.workspace.slug, request.product.key, CELLS[row.noun][name]
    seen = request.GET.get("seen", "")
    field, id, value = row._meta.get_field(name), id_of(row), getattr(row, name)
    product = row.noun == "product"
    url = (
        reverse("products:write", args=[slug, key])
        if product
        else reverse(f"products:{row.noun}_edit", args=[slug, key, id])
    )
    return {
        "id": f"{id}-{name}",
        "url": url,
        "name": name,
        "label": field.verbose_name,
        "value": trouble.typed if trouble else "" if value is None else value,
        "shown": read(row, name) if shown is None else shown,
        "seen": seen if seen.isdecimal() and trouble is None else row.change_id,
        "section": cell.section,
        "kind": cell.kind,
        "choices": field.choices,
        "longest": getattr(field, "max_length", None),
        "trouble": trouble,
    }
